"""Lists of more rows than anybody counts. It …"""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType
from typing import Any

from flask import Flask
from sqlalchemy import insert

from app.extensions import db
from app.screens.counts import COUNT_LIMIT
from tests.cast import Cast
from tests.portal_client import PortalClient

LIST = "/o/aozora/devices/list/"


def test_counts_a_large_list_once_a_minute_and_each_organization_for_itself(
    app: Flask,
    cast: Cast,
    tanaka: PortalClient,
    package: ModuleType,
    as_: Callable[..., PortalClient],
    statements: Any,
) -> None:
    app.cache.clear()  # type: ignore[attr-defined]
    common = {"kind": "laptop", "returned": False, "version": 1}
    rows = [(cast.aozora.id, number) for number in range(COUNT_LIMIT + 1)]
    made = [
        {"name": f"D{number}", "serial": str(number), "organization_id": where, **common}
        for where, number in [*rows, (cast.minato.id, 1)]
    ]
    db.session.execute(insert(package.Device.__table__), made)
    db.session.commit()
    assert "10,000+" in tanaka.get(LIST).get_data(as_text=True)
    statements()
    assert "10,000+" in tanaka.get(LIST).get_data(as_text=True)
    assert not [one for one in statements() if "FROM device" in one and "count(" in one]
    assert "10,000+" not in tanaka.get(f"{LIST}?q=D77").get_data(as_text=True)
    yamada = as_(cast.yamada).get("/o/minato/devices/list/").get_data(as_text=True)
    assert "D1" in yamada and "10,000+" not in yamada
