"""The lines of a contract in the contract's own form (issue 11, stage B). It …"""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal
from types import ModuleType
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app.extensions import db
from app.models import Activity
from tests.cast import Cast
from tests.portal_client import PortalClient

PACKAGE = "contracts"
HERE, ROWS = "/o/aozora/contracts", "contract_lines_rows"
SOON = (date.today() + timedelta(days=30)).isoformat()
PARENT = {"number": "K-1", "ends_on": SOON, "paper": ""}


def sent(*rows: dict[str, str], **parent: str) -> dict[str, str]:
    """What a browser sends of a contract and its lines."""
    fields = {"id": "", "text": "", "price": ""}
    of_rows = {
        f"{ROWS}-{place}-{name}": value
        for place, row in enumerate(rows)
        for name, value in (fields | row).items()
    }
    return PARENT | parent | of_rows


def lines(package: ModuleType) -> list[tuple[str, Decimal]]:
    db.session.expire_all()
    found = db.session.scalars(select(package.ContractLine).order_by(package.ContractLine.id))
    return [(one.text, one.price) for one in found]


def events() -> list[str]:
    return [*db.session.scalars(select(Activity.event).order_by(Activity.id)).all()]


@pytest.fixture
def stored(tanaka: PortalClient, package: ModuleType) -> Any:
    """A contract with two lines, added by its form."""
    answer = tanaka.submit(
        f"{HERE}/add", sent({"text": "Desk", "price": "10"}, {"text": "Lamp", "price": "5"}, {})
    )
    assert answer.status_code == 302, answer.get_data(as_text=True)
    return db.session.scalars(select(package.Contract)).one()


def kept(stored: Any, *changes: dict[str, str]) -> dict[str, str]:
    """The rows of the stored contract as its form sends them, with changes."""
    own = [{"id": str(one.id), "text": one.text, "price": str(one.price)} for one in stored.lines]
    changed = [
        row | (changes[place] if place < len(changes) else {}) for place, row in enumerate(own)
    ]
    return sent(*changed, *changes[len(own) :])


def test_adds_a_contract_with_its_lines(package: ModuleType, stored: Any) -> None:
    assert lines(package) == [("Desk", Decimal(10)), ("Lamp", Decimal(5))]
    assert {one.organization_id for one in stored.lines} == {stored.organization_id}
    assert events()[-3:] == ["contracts_created", *["contract_lines_created"] * 2]


def test_offers_a_further_row_without_saving(tanaka: PortalClient, package: ModuleType) -> None:
    page = tanaka.get(f"{HERE}/add").get_data(as_text=True)
    assert page.count(f'name="{ROWS}-0-text"') == 1 and f'name="{ROWS}-1-text"' not in page
    form = sent({"text": "Desk", "price": "x"}) | {f"{ROWS}-more": "1"}
    answer = tanaka.submit(f"{HERE}/add", form)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 200 and 'value="Desk"' in page and 'value="K-1"' in page
    assert page.count(f'name="{ROWS}-1-text"') == 1 and "need correcting" not in page
    assert lines(package) == [] and db.session.scalars(select(package.Contract)).all() == []


def test_changes_adds_and_deletes_in_one_go(
    tanaka: PortalClient, package: ModuleType, stored: Any
) -> None:
    before, path = len(events()), f"{HERE}/edit/{stored.id}"
    form = kept(stored, {"price": "12.5"}, {"remove": "1"}, {"text": "Rug", "price": "7"})
    assert tanaka.submit(path, form).status_code == 302
    assert lines(package) == [("Desk", Decimal("12.50")), ("Rug", Decimal(7))]
    assert events()[before:] == [
        f"contract_lines_{one}" for one in ("deleted", "updated", "created")
    ]


def test_says_what_is_wrong_at_the_field_of_its_row_and_keeps_all_as_it_was(
    tanaka: PortalClient, package: ModuleType, stored: Any, cast: Cast
) -> None:
    cast.tanaka.language = "ja_JP"
    form = kept(stored, {"text": "Table"}, {"price": "much"}) | {"number": "K-2"}
    answer = tanaka.submit(f"{HERE}/edit/{stored.id}", form)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422 and "修正が必要な行があります。" in page
    assert re.search(rf'id="?{ROWS}-1-price-error', page) and 'value="Table"' in page
    assert not re.search(rf'id="?{ROWS}-0-[a-z]+-error', page)
    assert lines(package) == [("Desk", Decimal(10)), ("Lamp", Decimal(5))]
    assert db.session.get_one(package.Contract, stored.id).number == "K-1"


def test_undoes_the_rows_with_the_contract_that_is_refused(
    tanaka: PortalClient, package: ModuleType, stored: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_view: Any, item: Any) -> None:
        if item.text == "Rug":
            raise package.AlreadyOver(field="text")

    monkeypatch.setattr(package.ContractLineView, "pre_add", refuse)
    form = kept(stored, {"text": "Table"}, {}, {"text": "Rug", "price": "1"}) | {"number": "K-9"}
    answer = tanaka.submit(f"{HERE}/edit/{stored.id}", form)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert re.search(rf'id="?{ROWS}-2-text-error.{{,200}}This day is over already', page, re.DOTALL)
    assert lines(package) == [("Desk", Decimal(10)), ("Lamp", Decimal(5))]
    assert db.session.get_one(package.Contract, stored.id).number == "K-1"


def test_never_changes_a_line_of_another_contract(
    tanaka: PortalClient, package: ModuleType, stored: Any, cast: Cast
) -> None:
    other = package.Contract(number="X", ends_on=date(2030, 1, 1), organization_id=cast.minato.id)
    other.lines = [
        package.ContractLine(text="Theirs", price=Decimal(1), organization_id=cast.minato.id)
    ]
    db.session.add(other)
    db.session.commit()
    theirs, path = other.lines[0].id, f"{HERE}/edit/{stored.id}"
    form = kept(stored, {}, {}, {"id": str(theirs), "text": "Mine", "price": "2"})
    assert tanaka.submit(path, form | {f"{ROWS}-3-id": "x"}).status_code == 302
    assert lines(package)[2:] == [("Theirs", Decimal(1)), ("Mine", Decimal(2))]
    form = kept(stored) | {f"{ROWS}-9-id": str(theirs), f"{ROWS}-9-remove": "1"}
    assert tanaka.submit(path, form).status_code == 302
    assert ("Theirs", Decimal(1)) in lines(package)


def test_tells_when_somebody_else_changed_a_line_meanwhile(
    tanaka: PortalClient, package: ModuleType, stored: Any
) -> None:
    path = f"{HERE}/edit/{stored.id}"
    [stamp] = re.findall(r'name="seen" value="([^"]+)"', tanaka.get(path).get_data(as_text=True))
    form = kept(stored, {"text": "Table"}) | {"seen": stamp}
    db.session.get_one(package.ContractLine, stored.lines[1].id).price = Decimal(6)
    db.session.commit()
    assert tanaka.submit(path, form).status_code == 409
    assert lines(package) == [("Desk", Decimal(10)), ("Lamp", Decimal(6))]


@pytest.mark.parametrize(
    ("who", "status"), [("yamada", 404), ("smith", 403), ("sato", 403), ("root", 302)]
)
def test_is_closed_to_whoever_may_not_edit(
    app: Flask, cast: Cast, package: ModuleType, stored: Any, who: str, status: int
) -> None:
    cast.membership(cast.smith).authorities = frozenset({"contracts_viewer"})
    form = kept(stored, {"text": "Taken"}, {"remove": "1"}, {"text": "New", "price": "1"})
    browser = app.test_client()
    assert isinstance(browser, PortalClient)
    browser.sign_in(getattr(cast, who))
    for path in (f"{HERE}/edit/{stored.id}", f"{HERE}/add"):
        answer = browser.submit(path, form, page="/profile/")
        assert answer.status_code == status, (who, path)
        if status != 302:
            assert lines(package) == [("Desk", Decimal(10)), ("Lamp", Decimal(5))]


def test_shows_no_rows_to_who_may_not_edit_them(
    tanaka: PortalClient, package: ModuleType, stored: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(package.ContractLineView, "_offers", lambda _view, what: what != "edit")
    path = f"{HERE}/edit/{stored.id}"
    assert ROWS not in tanaka.get(path).get_data(as_text=True)
    assert tanaka.submit(path, kept(stored, {"text": "Taken"})).status_code == 302
    assert lines(package)[0] == ("Desk", Decimal(10))
