"""Contracts and their lines: master and detail. It …"""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal
from types import ModuleType
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.access.authorities import CATALOGUE
from app.extensions import db
from app.models import Activity, Organization
from app.models.organization_scope import OtherOrganization
from tests.cast import Cast
from tests.model_views.conftest import names
from tests.portal_client import PortalClient

PACKAGE = "contracts"
HERE, LINES = "/o/aozora/contracts", "/o/aozora/contract_lines"
SOON = (date.today() + timedelta(days=30)).isoformat()


def contract(browser: PortalClient, package: ModuleType, **values: str) -> int:
    """Add a contract, and return its number."""
    answer = browser.submit(f"{HERE}/add", {"number": "K-1", "ends_on": SOON, "paper": ""} | values)
    assert answer.status_code == 302, answer.get_data(as_text=True)
    return int(db.session.scalars(select(func.max(package.Contract.id))).one())


def line(browser: PortalClient, parent: int, text: str = "Chairs", price: str = "1,200.5") -> None:
    answer = browser.submit(
        f"{LINES}/add?contract={parent}&next={HERE}/show/{parent}",
        {"contract": f"#{parent}", "text": text, "price": price},
    )
    assert answer.status_code == 302, answer.get_data(as_text=True)
    assert answer.location == f"{HERE}/show/{parent}"


def of_other(package: ModuleType, cast: Cast) -> Any:
    """A contract of another organization."""
    row = package.Contract(number="X", ends_on=date(2030, 1, 1), organization_id=cast.minato.id)
    db.session.add(row)
    db.session.commit()
    return row


def test_shows_the_lines_on_the_contracts_page(tanaka: PortalClient, package: ModuleType) -> None:
    one, two = contract(tanaka, package), contract(tanaka, package, number="K-2")
    for number in range(12):
        line(tanaka, one, f"Line {number:02}")
    line(tanaka, two, "Of the other")
    tanaka.get(f"{HERE}/list/")  # reads the notes of what was added
    page = tanaka.get(f"{HERE}/show/{one}").get_data(as_text=True)
    assert page.count("Line 0") == 10 and "Of the other" not in page and "1,200.50" in page
    assert f'href="{LINES}/list/?contract=%23{one}"' in page
    whole = tanaka.get(f"{LINES}/list/?contract=%23{one}").get_data(as_text=True)
    assert "Line 11" in whole and "Of the other" not in whole and "Contract: K-1" in whole
    assert names(tanaka.get(f"{HERE}/list/")) == ["K-1", "K-2"]


def test_adds_a_line_with_the_parent_fixed(tanaka: PortalClient, package: ModuleType) -> None:
    parent = contract(tanaka, package)
    page = tanaka.get(f"{HERE}/show/{parent}").get_data(as_text=True)
    [address] = re.findall(r'href="([^"]*/contract_lines/add[^"]*)"', page)
    form = tanaka.get(address.replace("&amp;", "&")).get_data(as_text=True)
    [field] = re.findall(r'<input[^>]*name="contract"[^>]*>', form)
    assert f'value="K-1 #{parent}"' in field and "readonly" in field
    line(tanaka, parent)
    row = db.session.scalars(select(package.ContractLine)).one()
    assert (row.contract_id, row.price) == (parent, Decimal("1200.50"))


def test_offers_and_takes_no_parent_of_others(
    tanaka: PortalClient, package: ModuleType, cast: Cast
) -> None:
    theirs, own = of_other(package, cast).id, contract(tanaka, package)
    assert tanaka.get(f"{LINES}/add?contract={theirs}").status_code == 404
    assert tanaka.get(f"{LINES}/add?contract=999999").status_code == 404
    answer = tanaka.submit(
        f"{LINES}/add?contract={own}", {"contract": f"#{theirs}", "text": "a", "price": "1"}
    )
    assert answer.status_code == 422 and "Nobody or nothing" in answer.get_data(as_text=True)
    assert db.session.scalars(select(package.ContractLine)).all() == []
    assert tanaka.get(f"{LINES}/pick/contract?q=X").get_data(as_text=True).count("option") == 0


def test_says_that_lines_go_with_their_contract_and_brings_each_back(
    tanaka: PortalClient, package: ModuleType
) -> None:
    parent, other = contract(tanaka, package), contract(tanaka, package, number="K-2")
    for number in range(2):
        line(tanaka, parent, f"Line {number}")
    line(tanaka, other)
    path = f"{HERE}/delete/{parent}"
    page = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", tanaka.get(path).get_data(as_text=True)))
    assert "Lines 2, will be deleted" in page
    assert tanaka.submit(path).status_code == 302
    gone = select(Activity).where(Activity.event.endswith("_deleted")).order_by(Activity.id)
    lines = db.session.scalars(gone).all()
    assert [one.event for one in lines] == ["contracts_deleted", *["contract_lines_deleted"] * 2]
    for number in [one.id for one in lines]:
        undo = f"/o/aozora/activity/undo/{number}"
        assert tanaka.submit(undo, {}, page=undo).status_code == 302
    row = db.session.get_one(package.Contract, parent)
    assert sorted(one.text for one in row.lines) == ["Line 0", "Line 1"]


def test_keeps_lines_out_of_the_menu_and_under_the_contracts_authorities(
    tanaka: PortalClient, package: ModuleType, app: Flask, cast: Cast
) -> None:
    assert "/contract_lines/" not in tanaka.get("/o/aozora/").get_data(as_text=True)
    assert "contracts_viewer" in CATALOGUE and "contract_lines_viewer" not in CATALOGUE
    parent = contract(tanaka, package)
    line(tanaka, parent)
    smith = app.test_client()
    assert isinstance(smith, PortalClient)
    smith.sign_in(cast.smith)
    assert smith.get(f"{LINES}/list/").status_code == 403
    cast.membership(cast.smith).authorities = frozenset({"contracts_viewer"})
    page = smith.get(f"{HERE}/show/{parent}").get_data(as_text=True)
    assert "Chairs" in page and "contract_lines/add" not in page
    assert "Total" not in smith.get(f"{HERE}/list/").get_data(as_text=True)
    assert smith.get(f"{LINES}/add?contract={parent}").status_code == 403


def test_refuses_by_its_hook_at_the_field(tanaka: PortalClient, cast: Cast) -> None:
    cast.tanaka.language = "ja_JP"
    answer = tanaka.submit(f"{HERE}/add", {"number": "K", "ends_on": "2020-01-01"})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert re.search(r'id="ends_on-error">.{,200}過去の日付は指定できません。', page, re.DOTALL)


def test_sums_without_a_statement_for_each_row(
    tanaka: PortalClient, package: ModuleType, statements: Any
) -> None:
    for number in range(5):
        line(tanaka, contract(tanaka, package, number=f"K-{number}"))
    tanaka.get(f"{HERE}/list/")
    statements()
    assert tanaka.get(f"{HERE}/list/").get_data(as_text=True).count("1,200.50") == 5
    assert len(statements()) <= 7


def test_never_lets_a_child_point_to_another_organizations_parent(
    app: Flask, package: ModuleType, cast: Cast
) -> None:
    theirs = of_other(package, cast)

    def own_line(**words: Any) -> Any:
        return package.ContractLine(
            text="a", price=Decimal(1), organization_id=cast.aozora.id, **words
        )

    for make in (
        lambda: db.session.add(own_line(contract_id=theirs.id)),
        lambda: db.session.add(own_line(contract=theirs)),
        lambda: theirs.lines.append(own_line()),
    ):
        make()
        with pytest.raises(OtherOrganization):
            db.session.flush()
        db.session.rollback()
    assert db.session.get(Organization, cast.minato.id) is not None
