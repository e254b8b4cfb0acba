"""Nobody's mailbox is flooded by somebody who manages members. The portal …"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest

from app.accounts.service import TooManyEdits
from app.extensions import db
from app.former_members import service as former
from app.kernel.errors import Refusal
from app.managed_accounts import service as managed
from app.memberships import service as members
from app.models import Membership
from app.passwords.first_letters import TooManyFirstLetters
from tests import factories
from tests.cast import Cast
from tests.members.conftest import HELD, Letters


def until(refusal: type[Refusal], verb: Callable[[int], None]) -> None:
    """Do something again and again until it is refused."""
    with pytest.raises(refusal):
        _fifty_times(verb)
    db.session.rollback()


def _fifty_times(verb: Callable[[int], None]) -> None:
    for number in range(50):
        verb(number)
        db.session.commit()


@pytest.fixture
def victim(cast: Cast) -> Membership:
    """Somebody whom the organization registered and who never signed in."""
    account = factories.account("victim", managed_by=cast.aozora)
    one = factories.membership(account, cast.aozora, authorities=HELD)
    db.session.commit()
    return one


def test_leads_nobody_in_by_the_dozen_to_changing_addresses(
    cast: Cast, victim: Membership, letters: Letters, now: datetime
) -> None:
    """T2-30: sending again was counted, correcting the address was not."""
    by = factories.seat(cast.membership(cast.tanaka))

    def correct(number: int) -> None:
        address = f"stranger{number % 2}@elsewhere.example"
        managed.edit_account(victim, email=address, by=by, now=now)

    until(TooManyFirstLetters, correct)
    assert len(letters("first_sign_in_link")) == 6


def test_leads_nobody_in_by_the_dozen_with_changing_passwords(
    cast: Cast, victim: Membership, letters: Letters, now: datetime
) -> None:
    """T2-30"""
    by = factories.seat(cast.membership(cast.tanaka))

    def choose(number: int) -> None:
        managed.edit_account(victim, password=f"Violet-Kettle-{number}!", by=by, now=now)

    until(TooManyFirstLetters, choose)
    assert len(letters("first_sign_in_link")) == 6


def test_tells_of_no_endless_changes(
    cast: Cast, victim: Membership, letters: Letters, now: datetime
) -> None:
    """Each is told to the owner by letter; whoever changes their own account is not counted."""
    victim.account.last_sign_in_at = now
    by = factories.seat(cast.membership(cast.tanaka))

    def rename(number: int) -> None:
        managed.edit_account(victim, family_name=f"V{number}", by=by, now=now)

    until(TooManyEdits, rename)
    assert len(letters(to=victim.account.email)) == 20


def test_removes_and_reinstates_nobody_without_end(
    cast: Cast, victim: Membership, letters: Letters, now: datetime
) -> None:
    """T2-112: each return is a letter to somebody who is no member any more."""
    by = factories.seat(cast.membership(cast.tanaka))

    def remove_and_reinstate(_number: int) -> None:
        members.remove(victim, by=by, now=now)
        former.bring_back(victim, by=by, now=now)

    until(former.TooManyReturns, remove_and_reinstate)
    assert len(letters("membership_added")) == 5
