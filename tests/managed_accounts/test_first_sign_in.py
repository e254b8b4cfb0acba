"""The first sign-in of members whom the organization registered (T2-30, T2-31). The portal …"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from html import unescape
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app.accounts import registering as platform
from app.accounts import service as accounts
from app.extensions import db
from app.kernel.clock import utcnow
from app.managed_accounts import first_sign_in, registering
from app.managed_accounts import service as managed
from app.models import (
    Account,
    Activity,
    FirstLogin,
    Letter,
    LetterState,
    Membership,
    PasswordLink,
)
from app.offers.offer import Offer
from app.passwords.first_letters import TooManyFirstLetters
from tests import cast as people
from tests import factories
from tests.cast import Cast
from tests.conftest import PortalClient

As = Callable[[Account], PortalClient]
Letters = Callable[..., list[Letter]]
LIST = "/o/aozora/members/list/"
CHOSEN = "Violet-Kettle-92"


def register(cast: Cast, now: datetime, name: str = "kato", password: str = "") -> Membership:
    identity: dict[str, Any] = {
        "family_name": name.title(),
        "given_name": "Megumi",
        "email": f"{name}@aozora.example",
        "login_id": name,
        "language": "en",
        "time_zone": "Asia/Tokyo",
    }
    made = registering.register(
        cast.aozora, offer=Offer(), password=password or None, by=tanaka(cast), now=now, **identity
    )
    db.session.commit()
    return made


def tanaka(cast: Cast) -> Any:
    return factories.seat(cast.membership(cast.tanaka))


def row_of(browser: PortalClient, name: str, query: str = "") -> str:
    """The row of somebody in the list, in words; "" for none."""
    page = unescape(browser.get(f"{LIST}?{query}").get_data(as_text=True))
    rows = [one for one in page.split("<tr") if f"{name}@aozora.example" in one]
    return " ".join(re.sub(r"<[^>]*>", " ", rows[0]).split()) if rows else ""


def opens(letter: Letter) -> str:
    found = re.search(r"/password/set/\S+", letter.text)
    assert found
    return found[0]


def test_sends_the_letter_to_a_corrected_address(
    cast: Cast, as_: As, letters: Letters, client: PortalClient
) -> None:
    """T2-30: the letter to the mistyped one does not leave, or opens nothing any more."""
    kato = register(cast, utcnow())
    [first] = letters("first_sign_in_link")
    managed.edit_account(kato, email="kato.m@aozora.example", by=tanaka(cast), now=utcnow())
    db.session.commit()
    first, second = letters("first_sign_in_link")
    assert (second.recipient, second.state) == ("kato.m@aozora.example", LetterState.WAITING)
    assert (first.state, first.text) == (LetterState.DROPPED, "")
    assert client.get(opens(second)).status_code == 200


def test_sends_it_too_where_the_platform_administrator_corrects_the_address(
    cast: Cast, as_: As, letters: Letters
) -> None:
    """T2-30: of somebody who belongs to no organization yet."""
    account = platform.register(
        by=tanaka(cast),
        now=utcnow(),
        family_name="Nakano",
        given_name="Jun",
        email="nakano@example.com",
        login_id="nakano",
        language="en",
        time_zone="UTC",
    )
    accounts.edit_identity(account, email="jun@example.com", by=tanaka(cast), now=utcnow())
    db.session.commit()
    assert [(one.recipient, one.state) for one in letters("account_registered")] == [
        ("nakano@example.com", LetterState.DROPPED),
        ("jun@example.com", LetterState.WAITING),
    ]


def test_keeps_the_first_password_in_the_letter_where_both_are_corrected(
    cast: Cast, letters: Letters
) -> None:
    """T2-30, D-C4 `password`"""
    cast.aozora.first_login = FirstLogin.PASSWORD
    kato = register(cast, utcnow(), password=CHOSEN)
    managed.edit_account(
        kato,
        email="kato.m@aozora.example",
        password="Amber-Lantern-47",
        by=tanaka(cast),
        now=utcnow(),
    )
    db.session.commit()
    alive = [
        one
        for one in letters(to="kato.m@aozora.example")
        if one.kind.startswith("first") and one.state is LetterState.WAITING
    ]
    assert [one.kind for one in alive] == ["first_sign_in_password"]
    assert "Amber-Lantern-47" in alive[0].text


def test_sends_nothing_of_the_kind_once_somebody_was_here(cast: Cast, letters: Letters) -> None:
    """T2-30"""
    kato = register(cast, utcnow())
    kato.account.last_sign_in_at = utcnow()
    managed.edit_account(kato, email="kato.m@aozora.example", by=tanaka(cast), now=utcnow())
    db.session.commit()
    assert [one.recipient for one in letters("first_sign_in_link")] == ["kato@aozora.example"]
    with pytest.raises(first_sign_in.SignedInAlready):
        first_sign_in.send_again(kato, by=tanaka(cast), now=utcnow())


@pytest.mark.parametrize(
    ("state", "told"),
    [
        (LetterState.WAITING, "Email waiting to be sent"),
        (LetterState.SENT, "Email sent"),
        (LetterState.DEAD, "Email not delivered"),
    ],
)
def test_shows_how_far_the_letter_has_come(
    cast: Cast, as_: As, letters: Letters, state: LetterState, told: str
) -> None:
    """T2-30: in the list and on the member's page, with the moment until which its link opens."""
    kato = register(cast, utcnow())
    [letter] = letters("first_sign_in_link")
    letter.state, letter.reason = state, "550 no such user" if state is LetterState.DEAD else ""
    browser = as_(cast.tanaka)
    assert f"Never signed in {told}" in row_of(browser, "kato")
    page = browser.get(f"/o/aozora/members/show/{kato.id}").get_data(as_text=True)
    assert told in page and "Open until" in page and "Send again" in page
    assert ("550 no such user" in page) == (state is LetterState.DEAD)


def test_sends_it_again_with_a_new_link(
    cast: Cast, as_: As, letters: Letters, client: PortalClient
) -> None:
    """T2-30: one."""
    kato, browser = register(cast, utcnow()), as_(cast.tanaka)
    before = opens(letters("first_sign_in_link")[0])
    page = f"/o/aozora/members/show/{kato.id}"
    browser.submit(f"/o/aozora/members/action/send_first_sign_in/{kato.id}", page=page)
    assert "sending the sign-in email" in browser.get(page).get_data(as_text=True)
    assert client.get(before).status_code == 410
    assert client.get(opens(letters("first_sign_in_link")[-1])).status_code == 200
    [line] = db.session.scalars(select(Activity).where(Activity.event == "password_link_sent"))
    assert (line.subject_id, line.actor_id) == (kato.account_id, cast.tanaka.id)


def test_sends_it_again_to_all_who_never_signed_in(cast: Cast, as_: As, letters: Letters) -> None:
    """T2-30: many, and all; whoever signed in already is named."""
    for name in ("kato", "mori", "ueda"):
        register(cast, utcnow(), name)
    mori = db.session.scalars(select(Account).where(Account.username == "mori")).one()
    mori.last_sign_in_at = utcnow()
    browser = as_(cast.tanaka)
    form = {"action": "send_first_sign_in", "all": "1", "match": "status=never&q=Megumi"}
    browser.act("/o/aozora/members/action_post", form, page=LIST, follow_redirects=True)
    addresses = [one.recipient for one in letters("first_sign_in_link")]
    assert sorted(addresses[3:]) == ["kato@aozora.example", "ueda@aozora.example"]


def test_sends_no_more_than_five_an_hour_to_one_person(cast: Cast) -> None:
    """T2-30"""
    kato = register(cast, utcnow())
    for _ in range(5):
        first_sign_in.send_again(kato, by=tanaka(cast), now=utcnow())
    with pytest.raises(TooManyFirstLetters):
        first_sign_in.send_again(kato, by=tanaka(cast), now=utcnow())


def test_leaves_accounts_of_others_alone(cast: Cast) -> None:
    """T2-30: the letter is sent by whoever registered the account."""
    cast.smith.last_sign_in_at = None
    smith = cast.membership(cast.smith)
    with pytest.raises(managed.NotManaged):
        first_sign_in.send_again(smith, by=tanaka(cast), now=utcnow())
    smith.suspended_at = utcnow()
    with pytest.raises(first_sign_in.ShutOut):
        first_sign_in.send_again(smith, by=tanaka(cast), now=utcnow())


@pytest.mark.parametrize("password", ["", CHOSEN])
def test_tells_who_can_no_longer_come_in_for_the_first_time(each_app: Flask, password: str) -> None:
    """T2-31: neither link nor first password opens; in the list, by its filter, on the page; on
    both databases.
    """
    cast = people.assemble()
    if password:
        cast.aozora.first_login = FirstLogin.PASSWORD
    kato = register(cast, utcnow() - timedelta(days=8), password=password)
    register(cast, utcnow(), "mori", password=password)
    browser = each_app.test_client()
    assert isinstance(browser, PortalClient)
    browser.sign_in(cast.tanaka)
    assert "First sign-in expired" in row_of(browser, "kato")
    assert "First sign-in expired" not in row_of(browser, "mori")
    assert row_of(browser, "kato", "status=expired") and not row_of(
        browser, "mori", "status=expired"
    )
    assert row_of(browser, "kato", "status=never"), "they never signed in, either"
    page = browser.get(f"/o/aozora/members/show/{kato.id}").get_data(as_text=True)
    assert "First sign-in expired" in page
    first_sign_in.send_again(kato, by=tanaka(cast), now=utcnow())
    db.session.commit()
    assert "Never signed in" in row_of(browser, "kato")


def test_does_not_take_a_link_that_was_used_for_an_expired_one(cast: Cast, as_: As) -> None:
    """T2-31: somebody who set a password and went away can come in whenever they like."""
    kato = register(cast, utcnow() - timedelta(days=8))
    kato.account.password_hash = factories.password_hash()
    for link in db.session.scalars(select(PasswordLink)):
        link.used_at = utcnow()
    row = row_of(as_(cast.tanaka), "kato")
    assert "Never signed in" in row and "expired" not in row
    assert not row_of(as_(cast.tanaka), "kato", "status=expired")
