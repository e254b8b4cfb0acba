"""Setting and changing passwords. It …"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from app.extensions import db
from app.http.rate_limit import TooManyTries
from app.models import (
    Account,
    AccountSession,
    Activity,
    Letter,
    LinkPurpose,
    LoginCode,
    PasswordLink,
    PasswordPolicyName,
)
from app.passwords import links, policy
from app.passwords import service as passwords
from app.passwords.hashing import verify_password
from app.sessions import service as sessions
from app.two_factor import service as two_factor
from tests import factories
from tests.cast import Cast

NEW = "Violet-Kettle-92"
Letters = Callable[..., list[Letter]]


def live_sessions(who: Account) -> list[AccountSession]:
    db.session.expire_all()
    return [
        *db.session.scalars(
            select(AccountSession).where(
                AccountSession.account_id == who.id, AccountSession.ended_at.is_(None)
            )
        )
    ]


def opened(who: Account, now: datetime) -> AccountSession:
    return sessions.open_session(who, now=now, ip="", user_agent="")[0]


def events() -> list[str]:
    return [row.event for row in db.session.scalars(select(Activity).order_by(Activity.id))]


def test_one_s_own_is_final(cast: Cast, letters: Letters, now: datetime) -> None:
    passwords.set_password(cast.smith, NEW, by=cast.smith, now=now)
    assert verify_password(cast.smith.password_hash, NEW)
    assert (cast.smith.must_change_password, cast.smith.password_expires_at) == (False, None)
    assert events() == ["password_changed"]
    assert "was changed" in letters("password_changed", cast.smith.email)[0].text


def test_somebody_else_s_choice_must_be_changed_and_dies_after_seven_days(
    cast: Cast, letters: Letters, now: datetime
) -> None:
    """D-C4"""
    passwords.set_password(cast.smith, NEW, by=cast.tanaka, now=now)
    assert (cast.smith.must_change_password, cast.smith.password_expires_at) == (
        True,
        now + timedelta(days=7),
    )
    assert events() == ["password_set"]
    assert "田中 太郎 set a new password" in letters("password_changed", cast.smith.email)[0].text


def test_the_operator_s_choice_counts_as_somebody_else_s(
    cast: Cast, letters: Letters, now: datetime
) -> None:
    """D-C4"""
    passwords.set_password(cast.smith, NEW, by=None, now=now)
    assert cast.smith.must_change_password
    assert letters("password_changed")[0].text.startswith("A new password was set")


def test_ends_every_session_code_and_link(cast: Cast, now: datetime) -> None:
    """S2-31, D-C1"""
    opened(cast.smith, now), opened(cast.smith, now)
    links.new_link(cast.smith, LinkPurpose.FORGOTTEN, now=now)
    db.session.commit()
    two_factor.send(cast.smith, key="key", next_path="", now=now)
    passwords.set_password(cast.smith, NEW, by=cast.smith, now=now)
    assert live_sessions(cast.smith) == []
    assert [row.used_at for row in db.session.scalars(select(LoginCode))] == [now]
    assert [row.used_at for row in db.session.scalars(select(PasswordLink))] == [now]


def test_keeps_the_session_it_is_changed_in(cast: Cast, now: datetime) -> None:
    here, _elsewhere = opened(cast.smith, now), opened(cast.smith, now)
    db.session.commit()
    passwords.change_password(cast.smith, factories.PASSWORD, NEW, keep=here, now=now)
    assert live_sessions(cast.smith) == [here]


def test_a_first_password_is_not_told_by_letter(
    cast: Cast, letters: Letters, now: datetime
) -> None:
    cast.smith.password_hash = None
    passwords.set_password(cast.smith, NEW, by=cast.smith, now=now)
    assert letters() == []


@pytest.mark.parametrize("password", ["short", "Correct-Horse-tanaka"])
def test_a_password_against_the_rules_changes_nothing(
    cast: Cast, now: datetime, password: str
) -> None:
    """S2-15…S2-18"""
    before = cast.smith.password_hash
    with pytest.raises(policy.WeakPassword):
        passwords.set_password(cast.smith, password, by=cast.smith, now=now)
    assert cast.smith.password_hash == before


def test_obeys_the_organization_that_is_about_to_be_joined(cast: Cast, now: datetime) -> None:
    """D-C5"""
    cast.minato.password_policy = PasswordPolicyName.LENGTH
    with pytest.raises(policy.WeakPassword, match="15"):
        passwords.set_password(
            cast.newcomer, "Violet-Ket-92", by=cast.newcomer, organizations=(cast.minato,), now=now
        )
    passwords.set_password(
        cast.newcomer,
        "violet kettle of the north",
        by=cast.newcomer,
        organizations=(cast.minato,),
        now=now,
    )


def test_a_change_wants_the_current_password(cast: Cast, now: datetime) -> None:
    db.session.commit()
    with pytest.raises(passwords.WrongPassword):
        passwords.change_password(cast.smith, "wrong", NEW, keep=None, now=now)
    assert verify_password(cast.smith.password_hash, factories.PASSWORD)


def test_a_change_to_the_same_password_is_none(cast: Cast, now: datetime) -> None:
    db.session.commit()
    with pytest.raises(passwords.SamePassword):
        passwords.change_password(
            cast.smith, factories.PASSWORD, factories.PASSWORD, keep=None, now=now
        )


def test_the_current_password_cannot_be_guessed_for_long(cast: Cast, now: datetime) -> None:
    db.session.commit()
    for _ in range(10):
        with pytest.raises(passwords.WrongPassword):
            passwords.confirm(cast.smith, "wrong")
    with pytest.raises(TooManyTries, match="15 minutes"):
        passwords.confirm(cast.smith, factories.PASSWORD)


def test_the_right_password_starts_the_count_anew(cast: Cast) -> None:
    db.session.commit()
    for _ in range(3):
        for _ in range(9):
            with pytest.raises(passwords.WrongPassword):
                passwords.confirm(cast.smith, "wrong")
        passwords.confirm(cast.smith, factories.PASSWORD)
