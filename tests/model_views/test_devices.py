"""The dozen lines of devices. It …"""

from __future__ import annotations

import re
from collections.abc import Callable
from types import ModuleType

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.extensions import db
from app.models import Activity
from tests.cast import Cast
from tests.model_views.conftest import HERE, names
from tests.portal_client import PortalClient

ADDED = Activity.event == "devices_created"
LAPTOP = {"name": "デバイス", "serial": "A-1", "kind": "laptop"}


def add(browser: PortalClient, **values: str) -> int:
    """Add a device, and return its number."""
    answer = browser.submit(f"{HERE}/add", LAPTOP | values)
    assert answer.status_code == 302, answer.get_data(as_text=True)
    return db.session.scalars(select(func.max(Activity.subject_id)).where(ADDED)).one()


def test_stands_in_the_menu_in_both_languages(cast: Cast, tanaka: PortalClient) -> None:
    assert "Devices" in tanaka.get("/o/aozora/").get_data(as_text=True)
    cast.tanaka.language = "ja_JP"
    assert "貸与機器" in tanaka.get("/o/aozora/").get_data(as_text=True)


def test_adds_a_row_with_a_member_and_a_day(
    cast: Cast, tanaka: PortalClient, devices: ModuleType
) -> None:
    own = cast.membership(cast.smith)
    add(tanaka, holder=f"Smith #{own.id}", lent_on="２０２６/１１/０１")
    row = db.session.scalars(select(devices.Device)).one()
    assert (row.name, row.holder_id, str(row.lent_on)) == ("デバイス", own.id, "2026-11-01")
    page = tanaka.get(f"{HERE}/show/{row.id}").get_data(as_text=True)
    assert "John Smith" in page and "1 Nov 2026" in page and "Laptop" in page


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("q=ﾃﾞﾊﾞｲｽ", ["デバイス"]),
        ("q=nothing", []),
        ("kind=phone", ["電話"]),
        ("kind=laptop&kind=phone&sort=name", ["デバイス", "電話"]),
        ("lent_on=2026-11-01..2026-11-30", ["デバイス"]),
        ("lent_on=2026-12-01&lent_on=", []),
        ("holder=smith", ["デバイス"]),
        ("returned=yes", ["電話"]),
        ("sort=-lent_on", ["デバイス", "電話"]),
    ],
)
def test_finds_narrows_and_orders(
    cast: Cast, tanaka: PortalClient, asked: str, found: list[str]
) -> None:
    add(tanaka, holder=f"#{cast.membership(cast.smith).id}", lent_on="2026-11-01")
    add(tanaka, name="電話", serial="B-1", kind="phone", returned="y")
    assert names(tanaka.get(f"{HERE}/list/?{asked}")) == found


def test_says_what_is_wrong_at_its_field_and_keeps_what_was_typed(tanaka: PortalClient) -> None:
    add(tanaka)
    answer = tanaka.submit(
        f"{HERE}/add", {"serial": "A-1", "kind": "x", "lent_on": "soon", "holder": "nobody"}
    )
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert all(
        sentence in page
        for sentence in (
            "Fill this in.",
            "Choose one of those that are offered.",
            "Enter a date, such as 2026-11-29.",
            "Nobody or nothing here is called that",
        )
    )
    assert 'value="soon"' in page and 'value="nobody"' in page
    assert tanaka.submit(f"{HERE}/add", LAPTOP).status_code == 409


def test_lets_two_people_edit_at_once_knowingly(tanaka: PortalClient, devices: ModuleType) -> None:
    number = add(tanaka)
    path = f"{HERE}/edit/{number}"
    page = tanaka.get(path).get_data(as_text=True)
    seen = re.findall(r'name="?seen"? value="([^"]+)"', page)[0]
    assert tanaka.submit(path, LAPTOP | {"name": "a", "seen": seen}).status_code == 302
    second = tanaka.submit(path, LAPTOP | {"name": "b", "seen": seen})
    assert second.status_code == 409
    told = re.sub(r"<[^>]+>", "", second.get_data(as_text=True))
    assert "Name: デバイス → a" in told
    assert db.session.get_one(devices.Device, number).name == "a"


def test_tells_the_log_and_takes_each_step_back(tanaka: PortalClient, devices: ModuleType) -> None:
    number = add(tanaka)
    tanaka.submit(f"{HERE}/edit/{number}", LAPTOP | {"name": "renamed"})
    tanaka.submit(f"{HERE}/delete/{number}")
    lines = db.session.scalars(select(Activity.id).order_by(Activity.id.desc()).limit(3)).all()
    for line in lines:
        path = f"/o/aozora/activity/undo/{line}"
        assert tanaka.submit(path, {}, page=path).status_code == 302, line
    assert db.session.scalars(select(devices.Device)).all() == []
    told = db.session.scalars(select(Activity.event).order_by(Activity.id.desc()).limit(3)).all()
    assert told == ["devices_deleted", "devices_updated", "devices_restored"]


def test_deletes_many_with_one_undo(tanaka: PortalClient, devices: ModuleType) -> None:
    rows = [str(add(tanaka, serial=serial)) for serial in ("A-1", "A-2")]
    form = {"action": "remove_selected", "rowid": rows}
    tanaka.act(f"{HERE}/action_post", form, page=f"{HERE}/list/")
    assert db.session.scalars(select(devices.Device)).all() == []
    page = tanaka.get(f"{HERE}/list/").get_data(as_text=True)
    undo = re.findall(r"/o/aozora/batches/undo/\w+", page)[0]
    tanaka.submit(undo, {}, page=undo)
    assert len(db.session.scalars(select(devices.Device)).all()) == 2


def test_is_closed_to_who_may_not_and_to_the_outsider(
    app: Flask, cast: Cast, tanaka: PortalClient
) -> None:
    number = add(tanaka)
    smith, yamada = (app.test_client() for _who in range(2))
    assert isinstance(smith, PortalClient) and isinstance(yamada, PortalClient)
    smith.sign_in(cast.smith)
    yamada.sign_in(cast.yamada)
    paths = ["list/", "add", "pick/holder?q=a", "export"]
    paths += [f"{verb}/{number}" for verb in ("show", "edit", "delete")]
    assert {smith.get(f"{HERE}/{path}").status_code for path in paths} == {403}
    assert {yamada.get(f"{HERE}/{path}").status_code for path in paths} == {404}
    own = cast.membership(cast.yamada).organization.code
    rows = [f"/o/{own}/devices/{path}/{number}" for path in ("show", "edit", "delete")]
    assert [yamada.get(path).status_code for path in rows] == [404, 404, 404]


def test_costs_few_statements(tanaka: PortalClient, cast: Cast, statements: object) -> None:
    own = cast.membership(cast.smith)
    for number in range(26):
        add(tanaka, serial=str(number), holder=f"#{own.id}")
    tanaka.get(f"{HERE}/list/")
    statements()  # type: ignore[operator]
    tanaka.get(f"{HERE}/list/")
    assert len(statements()) <= 6  # type: ignore[operator]


def test_keeps_a_saved_view_and_says_what_it_narrows(tanaka: PortalClient) -> None:
    query = "kind=laptop&lent_on=2026-11-01..2026-11-30&sort=-lent_on"
    path = "/o/aozora/views/DeviceView"
    tanaka.submit(path, {"name": "November", "query": query}, page=f"{path}?{query}")
    page = re.sub(r"<[^>]+>", " ", tanaka.get(path).get_data(as_text=True))
    assert "November" in page
    for words in ("Kind: Laptop", "Lent on: 1 Nov 2026 – 30 Nov 2026", "Sorted by Lent on"):
        assert words in page, words


def test_probes_no_member_by_name_without_the_authority_to_see_members(
    cast: Cast, tanaka: PortalClient, as_: Callable[..., PortalClient]
) -> None:
    """T2-80: who may see the devices only cannot learn addresses and readings by the filter."""
    add(tanaka, holder=f"#{cast.membership(cast.tanaka).id}")
    own = cast.membership(cast.smith)
    own.authorities = frozenset({"devices_viewer"})
    db.session.commit()
    smith, number = as_(cast.smith), cast.membership(cast.tanaka).id
    assert names(smith.get(f"{HERE}/list/?holder=tanaka%40")) == []
    assert names(smith.get(f"{HERE}/list/?holder=%23{number}")) == ["デバイス"]
    assert names(tanaka.get(f"{HERE}/list/?holder=tanaka%40")) == ["デバイス"]


def test_draws_what_was_typed_as_text(cast: Cast, tanaka: PortalClient) -> None:
    """ASVS 1.2.1: in the cell, in what a screen reader says, on the row's page."""
    number = add(tanaka, name='<b title="x">&{}', serial="</td>")
    for path in ("list/", f"show/{number}", f"edit/{number}", f"delete/{number}"):
        page = tanaka.get(f"{HERE}/{path}").get_data(as_text=True)
        assert '<b title="x">' not in page and "&lt;b title=" in page, path
        assert "</td></td>" not in page
