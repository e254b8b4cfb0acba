"""The way back from a change of address while somebody bars it: its address stays free, and nothing
waits for it crosswise. It …
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Event
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app.access.locks import lock_account
from app.access.two_factor import Method
from app.accounts import email_undo, identity
from app.accounts import service as accounts
from app.extensions import db
from app.models import Account, Letter, LinkPurpose, LoginCode, PasswordLink
from app.passwords import links
from app.two_factor import devices, refusals
from app.two_factor import service as two_factor
from tests import cast as people
from tests.account_access.addresses import LINK, NEW, OLD, again, changed, link
from tests.accounts.conftest import As, Letters
from tests.cast import Cast
from tests.conftest import PortalClient, at_once

KEY, PATIENCE, PAUSE = "key", 10, 0.5
SQUATTER = {"family_name": "Squat", "given_name": "", "login_id": "squatter", "language": "en"}
ZONED = SQUATTER | {"time_zone": "UTC"}


def moved(now: datetime) -> tuple[Account, str]:
    """Smith, whose address was changed; the token that takes it back."""
    smith = people.assemble().smith
    smith.email_verified_at, smith.two_factor = now, True
    accounts.edit_identity(smith, email=NEW, by=smith, now=now)
    db.session.commit()
    (letter,) = [one for one in db.session.scalars(select(Letter)) if one.recipient == OLD]
    found = LINK.search(letter.text)
    assert found
    return smith, found[1].rpartition("/")[2]


def test_is_barred_by_no_account_that_is_registered_meanwhile(
    cast: Cast, as_: As, letters: Letters, client: PortalClient
) -> None:
    """ASVS 6.4.3: a thief who runs an organization registers the former address there."""
    changed(as_, cast.smith, letters)
    boss, sent = as_(cast.yamada), SQUATTER | {"email": OLD.upper(), "type": "general"}
    answer = boss.submit("/o/minato/members/add", sent)
    assert (answer.status_code, 'id="email-error"' in answer.get_data(as_text=True)) == (409, True)
    assert as_(cast.newcomer).submit("/profile/email/", {"email": OLD}).status_code == 409
    assert client.submit(link(letters, "account_changed", OLD)).status_code == 302
    assert again(cast.smith).email == OLD


@pytest.mark.parametrize("written", [OLD, "ＳＭＩＴＨ@Example.com"])
def test_keeps_its_address_as_long_as_it_is_open(
    each_app: Flask, now: datetime, written: str
) -> None:
    """For 72 hours, however it is written; its own account has it back whenever it likes."""
    smith, _token = moved(now)
    for when in (now, now + timedelta(hours=71)):
        with pytest.raises(identity.EmailTaken):
            accounts.register_account(**ZONED, email=written, now=when)
    identity.ensure_email_free(written, but=smith, now=now)
    assert (
        accounts.register_account(**ZONED, email=written, now=now + timedelta(hours=72)).email_key
        == OLD
    )


def test_lets_a_letter_leave_after_a_thief_used_them_all_up(
    cast: Cast, as_: As, letters: Letters, client: PortalClient
) -> None:
    changed(as_, cast.smith, letters)
    for _turn in range(5):
        links.LETTERS_FOR.hit(cast.smith.id)
    client.submit(link(letters, "account_changed", OLD))
    client.submit("/password/forgot/", {"login_id": "smith"})
    assert [letter.recipient for letter in letters("password_forgotten")] == [OLD]


@pytest.mark.parametrize(
    "name",
    ["use a link", "ask for a link", "try a code", "wait for a code", "come on a trusted device"],
)
def test_waits_crosswise_for_nobody(
    each_app: Flask, monkeypatch: pytest.MonkeyPatch, now: datetime, name: str
) -> None:
    """ASVS 15.4.2: whoever writes what hangs on an account takes the account first, as the undo
    does; of two, none is stopped by the database.
    """
    smith, token = moved(now)
    row, _browser = two_factor.begin(smith, key=KEY, next_path="", now=now)
    password_link = links.new_link(smith, LinkPurpose.FORGOTTEN, now=now)
    device = devices.trust(smith, Method.MAIL, ip="", user_agent="", now=now)
    db.session.commit()
    smith_id, row_id, held, look_again = smith.id, row.id, Event(), accounts.look_again

    def look_again_and_wait(account: Account) -> None:
        look_again(account)
        held.set()
        time.sleep(PAUSE)

    def take_back() -> str:
        email_undo.undo(token, now=now)
        db.session.commit()
        return "undone"

    verbs: dict[str, Callable[[], Any]] = {
        "use a link": lambda: links.use_link(password_link, "Violet-Kettle-92", now=now),
        "ask for a link": lambda: links.send_forgotten_link("smith", ip="192.0.2.1", now=now),
        "try a code": lambda: two_factor.take_try(db.session.get_one(LoginCode, row_id)),
        "wait for a code": lambda: two_factor.begin(
            db.session.get_one(Account, smith_id), key=KEY, next_path="", now=now
        ),
        "come on a trusted device": lambda: devices.recognize(
            db.session.get_one(Account, smith_id), device, now=now
        ),
    }

    def meanwhile() -> str:
        db.session.get_one(Account, smith_id)
        assert held.wait(PATIENCE)
        verbs[name]()
        lock_account(smith_id)  # as opening a session does next
        db.session.commit()
        return "done"

    monkeypatch.setattr(accounts, "look_again", look_again_and_wait)
    undone, other = at_once(each_app, take_back, meanwhile)
    assert undone == "undone"
    assert other == "done" or isinstance(other, links.LinkOver | refusals.CodeOver), (
        "neither was stopped"
    )
    db.session.expire_all()
    assert db.session.get_one(Account, smith_id).password_hash is None
    assert {
        one.recipient
        for one in db.session.scalars(select(Letter).where(Letter.kind == "password_forgotten"))
    } <= {OLD}
    assert db.session.scalars(select(PasswordLink).where(PasswordLink.used_at.is_(None))).one()
