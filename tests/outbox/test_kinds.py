"""Kinds of letters: which always arrive, and which their reader can switch off. It …"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from app.account_access import email_change
from app.accounts import service as accounts
from app.accounts import suspension as whole
from app.extensions import db
from app.memberships import service as members
from app.memberships import suspension
from app.models import Account, Letter
from app.offers.offer import Offer
from app.outbox import kinds
from app.passwords import service as passwords
from tests import factories
from tests.cast import Cast
from tests.conftest import PortalClient
from tests.factories import PASSWORD

Letters = Callable[..., list[Letter]]
FOLDER = Path(__file__).resolve().parents[2] / "app" / "templates" / "mail"
ADVICE = {
    "en": re.compile(
        r"\bIf (it was not you|you know nothing of this|you did not (ask for|expect) this|you still"
        r" need one)|For questions, ask|\n(?=By: )"
    ),
    "ja": re.compile(r"心当たり|お問い合わせ|ご連絡|ご確認|操作者|ご不明|必要な場合"),
}


def test_has_every_letter_in_one_table() -> None:
    """Issue 4: each kind either always arrives or can be switched off, and somebody
    decided which."""
    told = [*kinds.ASKED_FOR, *kinds.PROTECTING, *kinds.OPTIONAL]
    assert sorted(told) == sorted(path.name for path in FOLDER.iterdir() if path.is_dir()), (
        "give the new letter its place in outbox/kinds.py"
    )


@pytest.mark.parametrize("kind", kinds.PROTECTING)
@pytest.mark.parametrize("language", ["en", "ja"])
def test_says_in_every_protecting_letter_what_to_do(kind: str, language: str) -> None:
    """ASVS 6.3.7: a change of what protects an account is told, with what to do about it."""
    text = (FOLDER / kind / f"body.{language}.txt").read_text()
    assert ADVICE[language].search(text), text


@pytest.fixture
def quiet(cast: Cast) -> Account:
    """Somebody who switched letters off."""
    cast.smith.notifications = False
    db.session.commit()
    return cast.smith


def test_sends_what_protects_an_account_also_to_those_who_switched_letters_off(
    cast: Cast, quiet: Account, letters: Letters, now: datetime
) -> None:
    """ASVS 6.3.7: password, address, 2-step verification, suspension."""
    root = factories.seat(cast.membership(cast.tanaka))
    root.account, root.is_platform_administrator = cast.root, True
    email_change.request_change(
        quiet, "john@new.example", by=factories.seat(cast.membership(quiet)), now=now
    )
    passwords.set_password(quiet, "Purple-Giraffe-41", by=quiet, now=now)
    accounts.edit_identity(quiet, email="jack@new.example", two_factor=True, by=cast.root, now=now)
    whole.suspend(quiet, reason="", by=root, now=now)
    whole.reinstate(quiet, by=root, now=now)
    db.session.commit()
    sent = {letter.kind for letter in letters()}
    assert sent == {
        "account_registered",
        "email_change_asked",
        "email_confirm",
        "password_changed",
        "account_changed",
        "account_suspended",
        "account_reinstated",
    }
    assert "email_change_asked" in kinds.PROTECTING


def test_keeps_the_others_from_them(
    cast: Cast, quiet: Account, letters: Letters, client: PortalClient, now: datetime
) -> None:
    by, member = factories.seat(cast.membership(cast.tanaka)), cast.membership(quiet)
    members.edit(member, offer=Offer(authorities=frozenset({"user_viewer"})), by=by, now=now)
    suspension.suspend(member, reason="", by=by, now=now)
    suspension.reinstate(member, by=by, now=now)
    quiet.last_sign_in_at = now
    client.submit("/login/", {"login_id": "smith", "password": PASSWORD})
    members.remove(cast.membership(quiet), by=by, now=now)
    db.session.commit()
    assert letters() == []


def test_sends_them_to_everybody_else(
    cast: Cast, letters: Letters, client: PortalClient, now: datetime
) -> None:
    by, member = factories.seat(cast.membership(cast.tanaka)), cast.membership(cast.smith)
    members.edit(member, offer=Offer(authorities=frozenset({"user_viewer"})), by=by, now=now)
    suspension.suspend(member, reason="", by=by, now=now)
    suspension.reinstate(member, by=by, now=now)
    cast.smith.last_sign_in_at = now
    client.submit("/login/", {"login_id": "smith", "password": PASSWORD})
    members.remove(cast.membership(cast.smith), by=by, now=now)
    db.session.commit()
    sent = {letter.kind for letter in letters()}
    assert sent == {
        "membership_changed",
        "membership_suspended",
        "membership_reinstated",
        "membership_removed",
        "new_sign_in",
    }
    assert sent <= set(kinds.OPTIONAL)
