"""Adding somebody who has an account already (S3-35, S4-10…S4-13, D-C11): the form. It …"""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from app.extensions import db
from app.models import MemberRole, RoleBinding
from tests import factories
from tests.cast import Cast
from tests.conftest import PortalClient
from tests.members.conftest import (
    BASE,
    Letters,
    built_in,
    events,
    fingerprint,
    is_member,
    offered,
    summary_leads_to,
    text,
)

ADD = f"{BASE}/existing"
LIST = "/o/aozora/bindings/list/"


def waiting() -> list[RoleBinding]:
    """The role bindings that wait."""
    db.session.expire_all()
    return [one for one in db.session.scalars(select(RoleBinding)) if one.is_waiting]


@pytest.mark.parametrize(
    "who",
    ["newcomer", "NewComer", "newcomer@example.com", " NEWCOMER@EXAMPLE.COM ", "ｎｅｗｃｏｍｅｒ"],
)
def test_finds_the_account_by_its_address_or_login_id(
    tanaka: PortalClient, cast: Cast, desk: MemberRole, who: str
) -> None:
    """S4-10, S4-12, S3-35: however it is written."""
    answer = tanaka.submit(ADD, offered(who=who, roles=[str(desk.id), str(built_in("viewer").id)]))
    [binding] = waiting()
    assert answer.location == LIST
    assert binding.account_id == cast.newcomer.id
    assert set(binding.roles) == {desk, built_in("viewer")}


def test_stands_in_the_list_at_once_as_it_was_typed(tanaka: PortalClient, cast: Cast) -> None:
    """S3-21, S4-13, D-C11: at once, and with nothing of the account but what was typed."""
    tanaka.submit(ADD, offered(who="newcomer", preset="view_only"))
    page = text(tanaka, LIST)
    assert "Joins at the next sign-in" in page
    assert ">newcomer<" in page
    assert "Clark" not in page
    assert cast.newcomer.email not in page
    assert not is_member(cast.newcomer, cast.aozora)
    assert "Joining" in text(tanaka, "/list/")


def test_tells_them_in_their_language(tanaka: PortalClient, cast: Cast, letters: Letters) -> None:
    """Who added them, to what, with what rights, and where they answer."""
    cast.yamada.language = "ja_JP"
    for who in ("newcomer", "yamada"):
        tanaka.submit(ADD, offered(who=who, preset="accounting", roles=[built_in("viewer").id]))
    english, japanese = letters("binding_waiting")
    assert (english.recipient, english.subject) == (
        cast.newcomer.email,
        "Aozora Inc. wants to add you as a member",
    )
    for part in ("Taro Tanaka, tanaka@aozora.example)", "Viewer", "Invoice", "/joining/"):
        assert part in english.text, part
    assert (japanese.recipient, japanese.subject) == (
        cast.yamada.email,
        "【株式会社あおぞら】メンバー追加のご確認",
    )
    assert "山田 花子 様" in japanese.text
    assert not letters("membership_added")


def test_tells_those_who_want_no_letters_too(
    tanaka: PortalClient, cast: Cast, letters: Letters
) -> None:
    """It asks for an answer."""
    cast.newcomer.notifications = False
    tanaka.submit(ADD, offered(who="newcomer", preset="view_only"))
    assert len(letters("binding_waiting")) == 1


def test_logs_who_added_whom(tanaka: PortalClient, cast: Cast) -> None:
    tanaka.submit(ADD, offered(who="newcomer", preset="accounting"))
    [line] = events()
    assert (line.event, line.actor_id, line.subject_name) == (
        "binding_added",
        cast.tanaka.id,
        "newcomer",
    )
    assert line.details["authorities"] == ["inquiry_user", "invoice_downloader"]


def test_adds_nobody_twice(tanaka: PortalClient, cast: Cast) -> None:
    """Neither by the same words nor by the account's other name."""
    tanaka.submit(ADD, offered(who="newcomer", preset="view_only"))
    for who in ("newcomer", cast.newcomer.email):
        answer = tanaka.submit(ADD, offered(who=who, preset="view_only"))
        assert answer.status_code == 409
        assert "was added already" in answer.get_data(as_text=True)
    assert len(waiting()) == 1


def test_lets_nobody_flood_a_mailbox(tanaka: PortalClient, cast: Cast, letters: Letters) -> None:
    """Adding, cancelling and adding again sends five letters in a day at most."""
    for _ in range(7):
        answer = tanaka.submit(ADD, offered(who="newcomer", preset="view_only"))
        for one in waiting():
            tanaka.submit(f"/o/aozora/bindings/delete/{one.id}")
    assert answer.status_code == 429
    assert len(letters("binding_waiting")) == 5


@pytest.mark.parametrize(
    ("form", "field", "told"),
    [
        ({"who": ""}, "who", "Fill this in."),
        ({"who": "newc"}, "who", "No account has exactly this"),
        ({"who": "%"}, "who", "No account has exactly this"),
        ({"who": "new\x00comer"}, "who", "cannot be used here"),
        ({"who": "tanaka"}, "who", "already a member"),
        ({"who": "sato"}, "who", "already a member"),
        ({"preset": "custom"}, "roles", "Choose at least one role or authority."),
        ({"type": ""}, "type", "Choose one of the two types."),
        ({"roles": ["99999"]}, "roles", "no longer exists"),
    ],
)
def test_adds_nobody_while_something_is_wrong(
    tanaka: PortalClient, cast: Cast, form: dict[str, Any], field: str, told: str
) -> None:
    """S4-11, S4-05, S2-19: a role or authority is chosen before anybody is added."""
    before = fingerprint()
    answer = tanaka.submit(ADD, offered(who="newcomer", preset="view_only") | form)
    page = answer.get_data(as_text=True)
    assert 400 <= answer.status_code < 500
    assert told in page
    assert summary_leads_to(field, page)
    assert form.get("who", "newcomer").replace("\x00", "")[:3] in page
    assert "preset" in form or 'value="view_only" checked' in page
    assert fingerprint() == before


def test_adds_nobody_twice_by_two_at_once(each_app: Any, now: Any) -> None:
    """Of two requests at the same moment one is told."""
    from app.bindings import service as bindings
    from app.models import Membership
    from app.offers.offer import Offer
    from tests import cast as people
    from tests.conftest import at_once

    made = people.assemble()
    seats = [
        made.membership(made.tanaka).id,
        factories.membership(factories.account("kato"), made.aozora, power=True).id,
    ]
    db.session.commit()
    who = made.newcomer.id

    def adding(seat: int) -> Any:
        def run() -> None:
            by = factories.seat(db.session.get_one(Membership, seat))
            assert by.organization
            bindings.add(
                by.organization,
                who="newcomer",
                offer=Offer(authorities=frozenset({"user_viewer"})),
                by=by,
                now=now,
            )
            db.session.commit()

        return run

    results = at_once(each_app, *(adding(seat) for seat in seats))
    assert sorted(type(one).__name__ for one in results) == ["AlreadyAdded", "NoneType"]
    assert [one.account_id for one in waiting()] == [who]


@pytest.mark.parametrize(
    ("claimed", "password", "status"), [(True, True, 409), (True, False, 302), (False, True, 302)]
)
def test_trusts_no_address_that_its_account_only_claims(
    tanaka: PortalClient, cast: Cast, claimed: bool, password: bool, status: int
) -> None:
    """Another organization registers an address that is not theirs, or somebody moves to it, and
    waits for being added by it.
    """
    cast.newcomer.email_verified_at = None if claimed else factories.NOW
    cast.newcomer.password_hash = cast.newcomer.password_hash if password else None
    assert (
        tanaka.submit(ADD, offered(who="NEWCOMER@example.com", preset="view_only")).status_code
        == status
    )
    assert (not waiting()) == (status == 409)


def test_still_finds_them_by_login_id(tanaka: PortalClient, cast: Cast) -> None:
    cast.newcomer.email_verified_at = None
    assert tanaka.submit(ADD, offered(who="newcomer", preset="view_only")).status_code == 302
