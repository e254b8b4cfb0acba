"""`flask portal check`, of a large list without an index. It …"""

from __future__ import annotations

from types import ModuleType

from flask import Flask

from app.extensions import db
from app.model_views.checks import indexes
from tests.cast import Cast


def said(app: Flask) -> list[str]:
    return [*indexes.complaints(app, large=2)]


def test_names_the_index_to_add_once_there_are_many_rows(
    app: Flask, cast: Cast, devices: ModuleType
) -> None:
    here = cast.membership(cast.tanaka).organization_id
    assert said(app) == []
    for number in range(2):
        db.session.add(
            devices.Device(organization_id=here, name="x", serial=str(number), kind="phone")
        )
    db.session.commit()
    assert any(
        'Add to Device: Index("ix_device_lent_on", "organization_id", "lent_on", "id")' in one
        for one in said(app)
    )
    assert not any("holder" in one for one in said(app))
