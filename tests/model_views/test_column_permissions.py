"""A column that is withheld does not exist for the reader, and cannot be probed. It …"""

from __future__ import annotations

import re
from collections.abc import Callable
from types import ModuleType

import pytest
from flask import Flask
from sqlalchemy import select

from app.extensions import db
from app.models import Activity
from tests import factories
from tests.cast import Cast
from tests.model_views.conftest import names
from tests.portal_client import PortalClient
from tests.rest.conftest import Caller, issued

PACKAGE = "payroll"
HERE = "/o/aozora/staffers"
READS = ("staffers_viewer", "badges_viewer", "badges_editor", "user_viewer", "activity_viewer")


@pytest.fixture
def staff(cast: Cast, tanaka: PortalClient, package: ModuleType) -> ModuleType:
    """Three people, and a line of the log for a raise; smith may look."""
    for name, salary in (("Abe", "100.00"), ("Baba", "300.00"), ("Chiba", "200.00")):
        values = {"name": name, "salary": salary, "remark": f"secret of {name}"}
        assert tanaka.submit(f"{HERE}/add", values).status_code == 302
    first = db.session.scalars(select(package.Staffer).where(package.Staffer.name == "Abe")).one()
    values = {"name": "Abe", "salary": "150.00", "remark": "secret of Abe"}
    tanaka.submit(f"{HERE}/edit/{first.id}", values)
    role = factories.role(cast.aozora, "Lookers", *READS)
    cast.membership(cast.smith).roles.append(role)
    db.session.commit()
    return package


@pytest.fixture
def smith(cast: Cast, staff: ModuleType, as_: Callable[..., PortalClient]) -> PortalClient:
    """A browser of somebody who may look, and no more."""
    return as_(cast.smith)


@pytest.fixture
def program(app: Flask, cast: Cast, staff: ModuleType) -> Caller:
    """A program that may look and add badges, and no more."""
    key, secret = issued(cast.membership(cast.smith), READS)
    return Caller(app, secret, key)


def person(staff: ModuleType, name: str = "Abe") -> int:
    """The number of somebody."""
    found = select(staff.Staffer.id).where(staff.Staffer.name == name)
    return db.session.scalars(found).one()


def text(browser: PortalClient, path: str) -> str:
    answer = browser.get(path)
    assert answer.status_code == 200, path
    return str(answer.get_data(as_text=True))


def is_silent(page: str) -> bool:
    """Whether nothing of what is withheld stands on a page, its name neither."""
    return not re.search(r"150|1[,]?800|300\.00|secret of|Salary|Remark|yearly|Yearly", page)


def test_shows_it_to_whoever_may_read_it(tanaka: PortalClient, staff: ModuleType) -> None:
    page = text(tanaka, f"{HERE}/list/")
    assert "Salary" in page and "150.00" in page and "secret of Abe" in page
    assert names(tanaka.get(f"{HERE}/list/")) == ["Baba", "Chiba", "Abe"]
    assert "1800.00 a year" in text(tanaka, f"{HERE}/show/{person(staff)}")


def test_is_on_no_page(smith: PortalClient, staff: ModuleType) -> None:
    for path in ("list/", f"show/{person(staff)}", "export?format=csv", "export?format=json"):
        page = text(smith, f"{HERE}/{path}")
        assert "Abe" in page and is_silent(page), path


def test_is_not_probed_by_orders_filters_or_words(smith: PortalClient, staff: ModuleType) -> None:
    in_order = ["Abe", "Baba", "Chiba"]
    asked = ["", "?sort=salary", "?sort=-salary", "?sort=remark", "?salary=140..160"]
    asked += ["?filter=salary", "?q=a"]
    for query in asked:
        assert names(smith.get(f"{HERE}/list/{query}")) == in_order, query
    assert names(smith.get(f"{HERE}/list/?q=secret")) == []


def test_is_in_no_form_and_not_taken(
    app: Flask, cast: Cast, staff: ModuleType, as_: Callable[..., PortalClient]
) -> None:
    """One who may edit, but not read this column: it is not asked for, and not overwritten."""
    role = factories.role(cast.aozora, "Editors", "paid_viewer", "paid_editor")
    cast.membership(cast.smith).roles.append(role)
    db.session.commit()
    browser, number = as_(cast.smith), person(staff)
    there = "/o/aozora/paid"
    page = text(browser, f"{there}/edit/{number}")
    assert "Abe" in page and is_silent(page) and is_silent(text(browser, f"{there}/add"))
    sent = {"name": "Abe", "salary": "1.00", "remark": "x"}
    assert browser.submit(f"{there}/edit/{number}", sent).status_code == 302
    _key, secret = issued(cast.membership(cast.smith), ("paid_viewer", "paid_editor"))
    program = Caller(app, secret)
    refused = program("PATCH", f"/paid/{number}", json={"salary": "1.00"})
    assert refused.status_code == 422 and "There is no such field." in refused.text
    assert program("PATCH", f"/paid/{number}", json={"name": "Abe"}).status_code == 200
    row = db.session.get_one(staff.Staffer, number, populate_existing=True)
    assert (str(row.salary), row.remark) == ("150.00", "secret of Abe")


def test_is_taken_back_by_nobody_who_may_not_read_it(
    cast: Cast, tanaka: PortalClient, staff: ModuleType, as_: Callable[..., PortalClient]
) -> None:
    number = person(staff)
    sent = {"name": "Abe", "salary": "777.00", "remark": "secret of Abe"}
    assert tanaka.submit(f"/o/aozora/paid/edit/{number}", sent).status_code == 302
    scopes = ("paid_viewer", "paid_editor", "staffers_editor", "member_manager")
    cast.membership(cast.smith).roles.append(factories.role(cast.aozora, "Editors", *scopes))
    db.session.commit()
    newest = select(Activity.id).where(Activity.event == "paid_updated")
    line = db.session.scalars(newest).one()
    assert as_(cast.smith).get(f"/o/aozora/activity/undo/{line}").status_code == 404
    assert "777.00" in text(tanaka, f"/o/aozora/activity/undo/{line}")


def test_is_in_no_chart(smith: PortalClient, tanaka: PortalClient) -> None:
    assert "Salary by name" in text(tanaka, f"{HERE}/charts/")
    page = text(smith, f"{HERE}/charts/")
    assert "Salary" not in page and "Name" in page


def test_is_told_to_no_program(program: Caller, staff: ModuleType) -> None:
    for path in ("/staffers", f"/staffers/{person(staff)}"):
        assert "Abe" in program("GET", path).get_data(as_text=True)
        assert is_silent(program("GET", path).get_data(as_text=True)), path
    told = [one["name"] for one in program("GET", "/staffers?sort=salary").get_json()["items"]]
    assert told == ["Abe", "Baba", "Chiba"]
    assert program("GET", "/staffers?salary=140..160").status_code == 422


def test_is_not_reached_from_elsewhere(
    smith: PortalClient, program: Caller, staff: ModuleType
) -> None:
    owner = person(staff)
    badge = smith.submit("/o/aozora/badges/add", {"name": "No. 1", "owner": f"#{owner}"})
    assert badge.status_code == 302
    page = text(smith, "/o/aozora/badges/list/")
    assert "No. 1" in page and "Abe" in page and is_silent(page)
    assert names(smith.get("/o/aozora/badges/list/?owner=secret")) == []
    assert "No. 1" in text(smith, "/o/aozora/badges/list/?owner=Abe")
    assert "data-value" not in text(smith, "/o/aozora/badges/pick/owner?q=secret")
    assert "data-value" in text(smith, "/o/aozora/badges/pick/owner?q=Abe")
    by_words = smith.submit("/o/aozora/badges/add", {"name": "No. 2", "owner": "secret of Abe"})
    assert by_words.status_code == 422


def test_is_told_by_no_line_of_the_log(
    smith: PortalClient, tanaka: PortalClient, staff: ModuleType
) -> None:
    lines = db.session.scalars(select(Activity).where(Activity.event.startswith("staffers_"))).all()
    assert len(lines) == 4
    for line in lines:
        assert is_silent(text(smith, f"/o/aozora/activity/show/{line.id}")), line.event
    changed = next(line for line in lines if line.event == "staffers_updated")
    assert "150.00" in text(tanaka, f"/o/aozora/activity/show/{changed.id}")
    assert is_silent(text(smith, "/o/aozora/activity/list/"))
    assert is_silent(text(smith, "/o/aozora/activity/export?format=json"))
    assert is_silent(text(smith, "/o/aozora/activity/export?format=csv"))
    assert "150.00" in text(tanaka, "/o/aozora/activity/export?format=json")


def test_is_in_no_saved_view(smith: PortalClient, tanaka: PortalClient, staff: ModuleType) -> None:
    form = {"name": "Well paid", "query": "salary=140..160&sort=salary"}
    tanaka.submit("/o/aozora/views/StafferView", form)
    assert "140..160" in text(tanaka, "/o/aozora/views/StafferView")
    page = text(smith, "/o/aozora/views/StafferView")
    assert "Well paid" in page and "140..160" not in page and "salary" not in page.lower()
