"""Telling the inviter that nobody answered. It …"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from app.extensions import db
from app.invites import answering
from app.memberships import service as members
from app.models import Account, Letter
from tests import factories
from tests.cast import Cast
from tests.conftest import PortalClient

Letters = Callable[..., list[Letter]]


def late(cast: Cast, address: str, now: datetime, *, days: int = 8) -> int:
    sent_at = now - timedelta(days=days)
    invite, _token = factories.invite(cast.aozora, address, cast.tanaka, sent_at=sent_at)
    db.session.commit()
    return invite.id


def test_writes_the_inviter_one_letter_with_invite_again(
    cast: Cast, letters: Letters, as_: Callable[[Account], PortalClient], now: datetime
) -> None:
    """T2-111: once; each link leads to the filled-in form."""
    ids = [late(cast, f"late{number}@example.com", now) for number in (1, 2)]
    answering.note_expired(now)
    answering.note_expired(now + timedelta(hours=1))
    [letter] = letters("invite_expired")
    assert letter.recipient == cast.tanaka.email
    for number, pk in enumerate(ids, 1):
        path = f"/o/aozora/invites/add?again={pk}"
        assert f"http://localhost{path}" in letter.text
        page = as_(cast.tanaka).get(path).get_data(as_text=True)
        assert f"late{number}@example.com" in page


def _switched_off(cast: Cast, _now: datetime) -> None:
    cast.tanaka.notifications = False


def _suspended(cast: Cast, now: datetime) -> None:
    cast.membership(cast.tanaka).suspended_at = now


def _gone(cast: Cast, now: datetime) -> None:
    factories.membership(cast.newcomer, cast.aozora, power=True)
    members.leave(
        cast.membership(cast.tanaka), by=factories.seat(cast.membership(cast.tanaka)), now=now
    )


@pytest.mark.parametrize("what", [_switched_off, _suspended, _gone])
def test_writes_to_nobody_who_is_gone_or_wants_none(
    cast: Cast, letters: Letters, now: datetime, what: Callable[[Cast, datetime], None]
) -> None:
    """T2-111"""
    late(cast, "late@example.com", now)
    what(cast, now)
    db.session.commit()
    answering.note_expired(now)
    assert letters("invite_expired") == []


def test_is_silent_of_what_expired_long_ago(cast: Cast, letters: Letters, now: datetime) -> None:
    """T2-111: an upgrade does not write of the whole past."""
    late(cast, "late@example.com", now, days=30)
    answering.note_expired(now)
    assert letters("invite_expired") == []
