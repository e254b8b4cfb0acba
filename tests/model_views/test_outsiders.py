"""Rows of another organization, and people who are no members here. It …"""

from __future__ import annotations

from types import ModuleType
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app.extensions import db
from app.models import Activity
from app.models.organization_scope import OtherOrganization
from tests.cast import Cast
from tests.portal_client import PortalClient
from tests.rest.conftest import Caller, issued

PACKAGE = "gatherings"
HERE = "/o/aozora/gatherings"


@pytest.fixture
def theirs(cast: Cast, package: ModuleType) -> dict[str, int]:
    """By relation: the number of a row of another organization."""
    tag = package.GatheringTag(name="Secret", organization_id=cast.minato.id)
    row = package.Gathering(name="Hidden", organization_id=cast.minato.id, tags=[tag])
    db.session.add_all([tag, row])
    db.session.commit()
    member = cast.membership(cast.yamada).id
    return {"tags": tag.id, "attendees": member, "host": member, "deputy": member, "row": row.id}


RELATIONS = ("tags", "attendees", "host", "deputy")


@pytest.mark.parametrize("name", RELATIONS)
def test_neither_offers_nor_takes_nor_tells_rows_of_others(
    app: Flask,
    cast: Cast,
    tanaka: PortalClient,
    package: ModuleType,
    theirs: dict[str, int],
    name: str,
) -> None:
    key, secret = issued(
        cast.membership(cast.tanaka), {"gatherings_viewer", "gatherings_editor", "user_viewer"}
    )
    program, number = Caller(app, secret, key), theirs[name]
    told = []
    for wanted in (number, 987_654):
        answer = tanaka.submit(f"{HERE}/add", {"name": "A", name: f"#{wanted}"})
        assert answer.status_code == 422
        assert tanaka.get(f"{HERE}/add?{name}={wanted}").status_code == 404
        body = {"name": "A", name: [wanted] if name in ("tags", "attendees") else wanted}
        sent = program("POST", "/gatherings", json=body)
        assert sent.status_code == 422
        told.append(sent.get_json()["errors"] if "errors" in sent.get_json() else sent.get_json())
        listed = tanaka.get(f"{HERE}/list/?{name}=%23{wanted}").get_data(as_text=True)
        assert "Hidden" not in listed and "Secret" not in listed and "花子" not in listed
        found = program("GET", "/gatherings", query_string={name: f"#{wanted}"}).get_json()
        assert found["items"] == []
    strip = [{k: v for k, v in one.items() if k != "request_id"} for one in told]
    assert strip[0] == strip[1]
    for words in ("Secret", "yamada", "花子"):
        page = tanaka.get(f"{HERE}/pick/{name}", query_string={"q": words}).get_data(as_text=True)
        assert "Secret" not in page and "花子" not in page
    assert [one.name for one in db.session.scalars(select(package.Gathering))] == ["Hidden"]


def test_writes_no_row_of_others_by_code_either(
    cast: Cast, package: ModuleType, theirs: dict[str, int]
) -> None:
    here = {"name": "A", "organization_id": cast.aozora.id}
    tag = db.session.get_one(package.GatheringTag, theirs["tags"])
    yamada = cast.membership(cast.yamada)
    for make in (
        lambda: package.Gathering(**here, tags=[tag]),
        lambda: package.Gathering(**here, attendees=[yamada]),
        lambda: package.Gathering(**here, host=yamada),
        lambda: package.Gathering(**here, deputy_id=yamada.id),
    ):
        db.session.add(make())
        with pytest.raises(OtherOrganization):
            db.session.flush()
        db.session.rollback()
    row = db.session.get_one(package.Gathering, theirs["row"])
    row.organization_id = cast.aozora.id
    with pytest.raises(OtherOrganization):
        db.session.flush()
    db.session.rollback()


def test_takes_nothing_back_for_others_nor_for_who_was_suspended(
    app: Flask, cast: Cast, tanaka: PortalClient, package: ModuleType
) -> None:
    tanaka.submit(f"{HERE}/add", {"name": "A"})
    line = db.session.scalars(
        select(Activity.id).where(Activity.event == "gatherings_created")
    ).one()
    yamada, sato = app.test_client(), app.test_client()
    assert isinstance(yamada, PortalClient) and isinstance(sato, PortalClient)
    yamada.sign_in(cast.yamada)
    sato.sign_in(cast.sato)
    for browser, organization in ((yamada, "aozora"), (yamada, "minato"), (sato, "aozora")):
        path = f"/o/{organization}/activity/undo/{line}"
        assert browser.submit(path, {}, page="/profile/").status_code in (403, 404)
        assert browser.get(f"{HERE}/list/").status_code in (403, 404)
    assert len(db.session.scalars(select(package.Gathering)).all()) == 1


def test_lets_only_one_of_two_requests_write_over_a_row(
    tanaka: PortalClient, package: ModuleType, app: Flask, cast: Cast
) -> None:
    key, secret = issued(
        cast.membership(cast.tanaka), {"gatherings_viewer", "gatherings_editor", "user_viewer"}
    )
    program: Any = Caller(app, secret, key)
    made = program("POST", "/gatherings", json={"name": "A"}).get_json()
    path, version = f"/gatherings/{made['id']}", made["version"]
    answers = [
        program("PATCH", path, json={"name": name, "version": version}).status_code
        for name in ("B", "C")
    ]
    assert answers == [200, 409]
    assert db.session.get_one(package.Gathering, made["id"]).name == "B"


def test_fab_s_own_ways_to_write_are_refused(package: ModuleType) -> None:
    """They commit at once and tell no log: a view's verbs do."""
    view = next(screen.view for screen in package.SCREENS)
    for name in ("add", "edit", "delete", "delete_all"):
        with pytest.raises(TypeError, match=r"self\.update\(item, values\)"):
            getattr(view.datamodel, name)(object())
