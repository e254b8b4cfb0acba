"""What a thief may have made goes when a change of address is taken back: factors, keys, sessions.
It …
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pyotp
import pytest
from flask import Flask
from sqlalchemy import select

from app.access.locks import SessionOver
from app.access.seat import Seat
from app.access.two_factor import Method
from app.accounts import email_undo
from app.accounts import service as accounts
from app.activity_log.rendering import render_all
from app.api_keys import service as api_keys
from app.extensions import db
from app.models import (
    Account,
    AccountSession,
    Activity,
    AuthenticatorApp,
    Letter,
    Passkey,
    PortalKey,
)
from app.organizations.security_policy import LIMITS
from app.passwords import service as passwords
from app.sessions import service as sessions
from app.two_factor import apps, devices, recovery
from tests import cast as people
from tests import factories
from tests.account_access.addresses import LINK, NEW, OLD, changed, link
from tests.accounts.conftest import As, Letters
from tests.cast import Cast
from tests.conftest import PortalClient, at_once
from tests.factories import PASSWORD


def test_takes_the_factors_back_that_came_with_the_change(
    cast: Cast, as_: As, letters: Letters, client: PortalClient, now: datetime
) -> None:
    """ASVS 6.4.3: a thief’s passkey opens nothing after the undo, and the owner’s older one still
    guards the account from the mailbox alone.
    """
    recovery.ensure_codes(cast.smith, None, now - timedelta(days=9))
    for name, made in (
        ("Own", now - timedelta(days=9)),
        ("Thief", datetime.now(UTC) + timedelta(minutes=1)),
    ):
        db.session.add(
            Passkey(
                account=cast.smith,
                credential_id=name,
                public_key=b"x",
                user_handle="x",
                name=name,
                created_at=made,
            )
        )
        factories.api_key(cast.membership(cast.smith), "user_viewer", name=name, created_at=made)
    devices.trust(cast.smith, Method.PASSKEY, ip="", user_agent="", now=now)
    db.session.commit()
    changed(as_, cast.smith, letters)
    client.submit(link(letters, "account_changed", OLD))
    assert db.session.scalars(select(Passkey.name)).all() == ["Own"]
    assert db.session.scalars(
        select(PortalKey.name).where(PortalKey.revoked_at.is_(None))
    ).all() == ["Own"]
    assert devices.live(cast.smith, now=datetime.now(UTC)) == []
    assert recovery.left(cast.smith) == recovery.HOW_MANY
    line = db.session.scalars(select(Activity).where(Activity.event == "two_factor_reset")).one()
    assert render_all([line])[0].sentence.striptags() == "John Smith reset their own second factor."


def test_takes_back_what_was_made_in_the_days_before_and_shows_the_rest(
    cast: Cast, as_: As, letters: Letters, client: PortalClient, now: datetime
) -> None:
    """ASVS 6.4.3: a thief makes a key first and asks later, perhaps in another session; what is
    older is shown, with its day.
    """
    for name, days in (("Long ago", 8), ("Days ago", 6)):
        made = now - timedelta(days=days)
        db.session.add(
            Passkey(
                account=cast.smith,
                credential_id=name,
                public_key=b"x",
                user_handle="x",
                name=name,
                created_at=made,
            )
        )
        factories.api_key(
            cast.membership(cast.smith), "user_viewer", name=f"{name}, a key", created_at=made
        )
    db.session.add(
        AuthenticatorApp(
            account_id=cast.smith.id,
            encrypted_secret="x",
            created_at=now - timedelta(days=6),
            confirmed_at=now,
        )
    )
    db.session.commit()
    changed(as_, cast.smith, letters)
    path = link(letters, "account_changed", OLD)
    goes, stays = client.get(path).get_data(as_text=True).split("What stays<")
    assert [goes.count(name) for name in ("Days ago", "Authenticator app<", "Long ago")] == [
        2,
        1,
        0,
    ]
    assert [stays.count(name) for name in ("Long ago", "Days ago")] == [2, 0]
    assert f"{(now - timedelta(days=8)):%Y}" in stays
    client.submit(path)
    assert db.session.scalars(select(Passkey.name)).all() == ["Long ago"]
    assert db.session.scalars(
        select(PortalKey.name).where(PortalKey.revoked_at.is_(None))
    ).all() == ["Long ago, a key"]
    assert db.session.scalars(select(AuthenticatorApp)).all() == []


def test_takes_back_whatever_the_longest_session_made() -> None:
    """The session that asked for the change is the thief's; whichever it was, it began within the
    days that are taken back.
    """
    assert timedelta(hours=LIMITS["session_hours"][1]) <= email_undo.BEFORE


def test_lets_the_session_it_ended_add_nothing_afterwards(each_app: Flask, now: datetime) -> None:
    """ASVS 15.4.2, 6.4.3: a thief's request that began before the undo adds no key, no app, no
    codes and no password after it.
    """
    smith = people.assemble().smith
    smith.email_verified_at = now
    session, _key = sessions.open_session(smith, now=now, ip="", user_agent="thief")
    member = smith.memberships[0]
    thief = Seat(
        smith,
        session=session,
        organization=member.organization,
        membership=member,
        memberships=[member],
    )
    db.session.commit()
    accounts.edit_identity(smith, email=NEW, by=thief, now=now)
    db.session.commit()
    (letter,) = [one for one in db.session.scalars(select(Letter)) if one.recipient == OLD]
    undo = LINK.search(letter.text)
    assert undo
    token = undo[1].rpartition("/")[2]
    offered = apps.offer(smith, now=now)
    assert smith.password_hash and session.ended_at is None, "as the request read them"

    def take_back() -> None:
        email_undo.undo(token, now=now)
        db.session.commit()

    at_once(each_app, take_back)
    adding: list[Callable[[], Any]] = [
        lambda: passwords.change_password(
            smith, PASSWORD, "Purple-Giraffe-41", keep=session, now=now
        ),
        lambda: api_keys.issue(member, name="Thief", scopes=[], by=thief, now=now),
        lambda: apps.enrol(offered, pyotp.TOTP(offered.secret).at(now), by=thief, now=now),
        lambda: recovery.make_anew(smith, by=thief, now=now),
    ]
    for add in adding:
        with pytest.raises(SessionOver):
            add()
        db.session.rollback()
    assert (
        db.session.scalars(select(PortalKey)).all()
        == db.session.scalars(select(AuthenticatorApp)).all()
        == []
    )


def test_leaves_no_key_that_is_made_at_the_same_moment(each_app: Flask, now: datetime) -> None:
    """ASVS 15.4.2: of an undo and a key at once, the key is refused or taken back."""
    smith = people.assemble().smith
    smith.email_verified_at = now
    session, _key = sessions.open_session(smith, now=now, ip="", user_agent="thief")
    db.session.commit()
    ids = (smith.id, session.id)
    accounts.edit_identity(smith, email=NEW, by=smith, now=now)
    db.session.commit()
    token = next(
        found[1] for one in db.session.scalars(select(Letter)) if (found := LINK.search(one.text))
    ).rpartition("/")[2]

    def take_back() -> str:
        email_undo.undo(token, now=now)
        db.session.commit()
        return "undone"

    def make() -> str:
        account = db.session.get_one(Account, ids[0])
        member = account.memberships[0]
        by = Seat(
            account,
            session=db.session.get_one(AccountSession, ids[1]),
            organization=member.organization,
            membership=member,
            memberships=[member],
        )
        api_keys.issue(member, name="Thief", scopes=[], by=by, now=now)
        db.session.commit()
        return "made"

    undone, *made = at_once(each_app, take_back, make, make)
    assert undone == "undone"
    assert all(one == "made" or isinstance(one, SessionOver) for one in made), made
    db.session.expire_all()
    assert [key for key in db.session.scalars(select(PortalKey)) if key.works(now)] == []
