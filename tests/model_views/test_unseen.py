"""Columns that only code reads, and actions that only set attributes. It …"""

from __future__ import annotations

from types import ModuleType
from typing import Any

import pytest
from sqlalchemy import select

from app.extensions import db
from app.models import Activity
from tests.cast import Cast
from tests.portal_client import PortalClient

PACKAGE = "notebook"
HERE = "/o/aozora/notes"


@pytest.fixture
def note(cast: Cast, package: ModuleType) -> Any:
    row = package.Note(
        name="Plan",
        raw={"boxes": [1, 2]},
        _code="X-1",
        key="hush",
        organization_id=cast.aozora.id,
    )
    db.session.add(row)
    db.session.commit()
    return row


def last(beginning: str = "notes_") -> Activity:
    found = select(Activity).where(Activity.event.startswith(beginning))
    return db.session.scalars(found.order_by(Activity.id.desc())).first()  # type: ignore[return-value]


def undo(browser: PortalClient) -> int:
    address = f"/o/aozora/activity/undo/{last().id}"
    return browser.submit(address, {}, page=address).status_code


def only(package: ModuleType) -> Any:
    db.session.expire_all()
    return db.session.scalars(select(package.Note)).one()


def test_brings_back_what_nobody_sees_and_never_what_is_secret(
    tanaka: PortalClient, package: ModuleType, note: Any
) -> None:
    assert tanaka.submit(f"{HERE}/delete/{note.id}").status_code == 302
    assert undo(tanaka) == 302
    row = only(package)
    assert (row.name, row.raw, row._code, row.key) == ("Plan", {"boxes": [1, 2]}, "X-1", None)


def test_tells_nobody_of_them(tanaka: PortalClient, note: Any) -> None:
    number = note.id
    assert tanaka.submit(f"{HERE}/delete/{number}").status_code == 302
    page = tanaka.get(f"/o/aozora/activity/show/{last().id}").get_data(as_text=True)
    file = tanaka.get("/o/aozora/activity/export?format=json").get_data(as_text=True)
    assert "Plan" in page and "Plan" in file
    for told in (page, file):
        assert "X-1" not in told and "boxes" not in told and "hush" not in told


def test_writes_what_an_action_only_set(
    tanaka: PortalClient, package: ModuleType, note: Any
) -> None:
    answer = tanaka.submit(f"{HERE}/action/finish/{note.id}")
    assert answer.status_code == 302
    row = only(package)
    assert (row.name, row.raw, row.version) == ("Plan, done", {"done": True}, 2)
    assert last().event == "notes_updated"
    assert last().details["changes"] == {"name": ["Plan", "Plan, done"]}
    assert undo(tanaka) == 302
    row = only(package)
    assert (row.name, row.raw) == ("Plan", {"boxes": [1, 2]})


def test_does_so_for_many(tanaka: PortalClient, package: ModuleType, note: Any) -> None:
    tanaka.act(f"{HERE}/action_post", {"action": "finish", "rowid": [str(note.id)]})
    assert only(package).name == "Plan, done"
    assert last().details["changes"] == {"name": ["Plan", "Plan, done"]}


@pytest.mark.parametrize("verb", ["reserve", "take"])
def test_refuses_what_the_form_would_refuse(
    tanaka: PortalClient, package: ModuleType, note: Any, verb: str
) -> None:
    assert tanaka.submit(f"{HERE}/action/{verb}/{note.id}").status_code == 302
    row = only(package)
    assert (row.name, row.writer_id, row.version) == ("Plan", None, 1)
    assert "note-bad" in tanaka.get(f"{HERE}/list/").get_data(as_text=True)
