"""The board of who has done what the 2-step rule asks for, and exceptions from it. It …"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from app.access.authorities import Authority
from app.access.granting import AboveYourself
from app.extensions import db
from app.models import Account, Activity, Membership, TwoFactorException
from app.two_factor_rule import queries, service
from tests import cast as people
from tests import factories
from tests.cast import Cast
from tests.conftest import PortalClient, at_once
from tests.two_factor_rule.rule import ask, except_, give_app, give_passkey

As = Callable[..., PortalClient]
BOARD = "/o/aozora/settings/two-factor/"


def row_of(page: str, name: str) -> str:
    """The text of the row in which somebody stands."""
    rows = (
        re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", row))
        for row in re.findall(r"<tr.*?</tr>", page, re.DOTALL)
    )
    return next((row for row in rows if name in row), "")


def grant(client: PortalClient, who: Account, until: datetime, reason: str = "On a ship") -> int:
    path = f"{BOARD}exception/{who.memberships[0].id}"
    return client.submit(
        path, {"until": until.date().isoformat(), "reason": reason}, page="/profile/"
    ).status_code


def test_tells_who_has_what_by_name_only(cast: Cast, as_: As, now: datetime) -> None:
    """B-52"""
    give_app(cast.tanaka, now)
    give_passkey(cast.tanaka, now)
    cast.suzuki.two_factor = True
    ask(cast.aozora, strong=True, deadline=now + timedelta(days=7))
    except_(cast.membership(cast.smith), now + timedelta(days=30))
    page = as_(cast.tanaka).get(BOARD).get_data(as_text=True)
    assert "Passkey and Authenticator app" in row_of(page, "田中")
    assert "Set up" in row_of(page, "田中")
    assert "Codes by mail" in row_of(page, "鈴木")
    assert "Missing" in row_of(page, "鈴木")
    assert "Excepted" in row_of(page, "John Smith")
    assert "Travels" in row_of(page, "John Smith")
    assert "佐藤" not in page, "the suspended cannot enter anyway"
    assert "encrypted_secret" not in page
    assert queries.figures(cast.aozora, now=now) == queries.RuleFigures(
        missing=1, has=1, excepted=1, ready_power=1
    )


@pytest.mark.parametrize(
    ("standing", "names"), [("missing", ["鈴木"]), ("has", ["田中"]), ("excepted", ["Smith"])]
)
def test_narrows_to_one_standing(
    cast: Cast, as_: As, now: datetime, standing: str, names: list[str]
) -> None:
    give_app(cast.tanaka, now)
    ask(cast.aozora, strong=True, deadline=now + timedelta(days=7))
    except_(cast.membership(cast.smith), now + timedelta(days=30))
    body = "".join(
        re.findall(
            r"<tbody>.*?</tbody>",
            as_(cast.tanaka).get(f"{BOARD}?standing={standing}").get_data(as_text=True),
            re.DOTALL,
        )
    )
    assert [name for name in ("田中", "鈴木", "Smith") if name in body] == names


def test_counts_nobody_as_missing_once_codes_come_by_themselves(cast: Cast, now: datetime) -> None:
    ask(cast.aozora, deadline=now)
    assert queries.figures(cast.aozora, now=now - timedelta(days=1)).missing == 3
    assert queries.figures(cast.aozora, now=now).missing == 0


def test_leaves_out_service_accounts_and_other_organizations(cast: Cast, now: datetime) -> None:
    factories.membership(factories.account("robot", is_service=True), cast.aozora)
    ask(cast.aozora, strong=True)
    assert queries.figures(cast.aozora, now=now).missing == 3


def test_costs_the_same_however_many_members(
    cast: Cast, as_: As, statements: Callable[[], list[str]], now: datetime
) -> None:
    ask(cast.aozora, strong=True, deadline=now + timedelta(days=7))
    client, counts = as_(cast.tanaka), []
    client.get(BOARD)
    for number in (2, 30):
        for _again in range(number):
            factories.membership(factories.account(), cast.aozora)
        db.session.commit()
        statements()
        assert client.get(f"{BOARD}?page_size=100").status_code == 200
        counts.append(len(statements()))
    assert counts[0] == counts[1] <= 9


def test_opens_to_whoever_changes_the_settings_and_to_nobody_else(
    cast: Cast, as_: As, client: PortalClient
) -> None:
    """S0-13: viewer 403, outsider 404, stranger to sign in."""
    assert as_(cast.tanaka).get(BOARD).status_code == 200
    assert as_(cast.root).get(BOARD).status_code == 200
    assert as_(cast.suzuki).get(BOARD).status_code == 403
    assert as_(cast.yamada).get(BOARD).status_code == 404
    assert as_(cast.sato).get(BOARD).status_code == 403
    assert client.get(BOARD).location.startswith("/login/")
    for who, status in ((cast.suzuki, 403), (cast.yamada, 404)):
        assert grant(as_(who), cast.smith, factories.NOW + timedelta(days=9)) == status
    assert db.session.scalars(select(TwoFactorException)).all() == []


def test_excepts_a_member_until_a_day_and_says_so_in_the_log(
    cast: Cast, as_: As, now: datetime
) -> None:
    """B-52: with an end date and a reason."""
    ask(cast.aozora, strong=True, deadline=now + timedelta(days=1))
    tanaka = as_(cast.tanaka)
    assert grant(tanaka, cast.smith, now + timedelta(days=30)) == 302
    [row] = db.session.scalars(select(TwoFactorException))
    assert (row.reason, row.granted_by) == ("On a ship", "田中 太郎")
    assert row.until > now + timedelta(days=29)
    [line] = db.session.scalars(select(Activity).where(Activity.event == "two_factor_excepted"))
    assert (line.subject_id, line.organization_id, line.details["reason"]) == (
        cast.smith.id,
        cast.aozora.id,
        "On a ship",
    )
    tanaka.submit(f"{BOARD}exception/{cast.membership(cast.smith).id}/end", page=BOARD)
    assert db.session.scalars(select(TwoFactorException)).all() == []
    assert db.session.scalars(
        select(Activity.event).where(Activity.event == "two_factor_exception_ended")
    ).all()
    page = tanaka.get("/o/aozora/activity/list/").get_data(as_text=True)
    assert "Excepted until" in page
    again = tanaka.submit(
        f"{BOARD}exception/{cast.membership(cast.smith).id}/end", page=BOARD, follow_redirects=True
    )
    assert "This member is not excepted any more." in again.get_data(as_text=True)


def test_names_whom_it_excepted(cast: Cast, as_: As, now: datetime) -> None:
    ask(cast.aozora, strong=True, deadline=now + timedelta(days=1))
    tanaka, path = as_(cast.tanaka), f"{BOARD}exception/{cast.membership(cast.smith).id}"
    typed = {"until": (now + timedelta(days=30)).date().isoformat(), "reason": "On leave"}
    assert (
        "John Smith is temporarily exempt from 2-step verification."
        in tanaka.submit(path, typed, page="/profile/", follow_redirects=True).text
    )
    assert (
        "John Smith is no longer exempt from 2-step verification."
        in tanaka.submit(f"{path}/end", page=BOARD, follow_redirects=True).text
    )


@pytest.mark.parametrize(
    ("days", "reason", "status"),
    [
        (90, "x", 302),
        (91, "x", 422),
        (-1, "x", 422),
        (5, " ", 422),
        (5, "x" * 501, 422),
        (5, "\0", 422),
    ],
)
def test_refuses_what_has_no_end_or_no_reason(
    cast: Cast, as_: As, days: int, reason: str, status: int
) -> None:
    now = datetime.now(factories.NOW.tzinfo)
    assert (
        grant(as_(cast.tanaka), cast.smith, now + timedelta(days=days - (days == 90)), reason)
        == status
    )


def test_excepts_nobody_who_stands_above_nor_oneself(cast: Cast, as_: As, now: datetime) -> None:
    """D-1"""
    manager = cast.membership(cast.suzuki)
    manager.authorities = frozenset({Authority.SETTINGS_MANAGER})
    db.session.commit()
    suzuki = as_(cast.suzuki)
    until = datetime.now(factories.NOW.tzinfo) + timedelta(days=9)
    assert grant(suzuki, cast.tanaka, until) == 403
    assert grant(suzuki, cast.suzuki, until) == 409
    assert suzuki.get(f"{BOARD}exception/{cast.membership(cast.tanaka).id}").status_code == 403
    assert grant(suzuki, cast.smith, until) == 302
    with pytest.raises(AboveYourself):
        service.grant(
            cast.membership(cast.tanaka),
            until=now + timedelta(days=1),
            reason="x",
            by=factories.seat(manager),
            now=now,
        )


def test_grants_once_when_two_grant_at_once(each_app: Flask, now: datetime) -> None:
    cast = people.assemble()
    ids = (cast.membership(cast.smith).id, cast.membership(cast.tanaka).id)

    def granting() -> None:
        member, by = (db.session.get_one(Membership, one) for one in ids)
        service.grant(
            member, until=now + timedelta(days=5), reason="x", by=factories.seat(by), now=now
        )
        db.session.commit()

    assert at_once(each_app, granting, granting) == [None, None]
    assert len(db.session.scalars(select(TwoFactorException)).all()) == 1


def test_is_linked_from_the_settings_and_the_first_steps(cast: Cast, as_: As) -> None:
    tanaka = as_(cast.tanaka)
    assert f'href="{BOARD}"' in tanaka.get("/o/aozora/settings/").get_data(as_text=True)
    assert f'href="{BOARD}?standing=missing"' in tanaka.get("/o/aozora/").get_data(as_text=True)
