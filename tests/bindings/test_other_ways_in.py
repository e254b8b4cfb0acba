"""Who was added joins another way, and is removed then. The addition of before …"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from app.access.authorities import Authority
from app.bindings import service as bindings
from app.extensions import db
from app.former_members import service as former
from app.invites import answering
from app.memberships import service as members
from app.models import BindingStatus, Membership, MemberType, RoleBinding
from app.offers.offer import Offer
from tests import factories
from tests.cast import Cast
from tests.members.conftest import As, is_member, of, offered

LARGE = Offer(authorities=frozenset({Authority.MEMBER_MANAGER}))
SMALL = frozenset({Authority.BILLING_VIEWER})


def added(cast: Cast, who: str, offer: Offer = LARGE) -> RoleBinding:
    seat = factories.seat(cast.membership(cast.tanaka))
    made = bindings.add(cast.aozora, who=who, offer=offer, by=seat, now=datetime.now(UTC))
    db.session.commit()
    return made


def by_invitation(cast: Cast, _before: Membership) -> None:
    invite, _token = factories.invite(cast.aozora, cast.smith.email, cast.tanaka, authorities=SMALL)
    answering.accept(invite, account=cast.smith, by_link=True, now=datetime.now(UTC))


def by_reinstatement(cast: Cast, before: Membership) -> None:
    seat = factories.seat(cast.membership(cast.tanaka))
    former.bring_back(before, by=seat, now=datetime.now(UTC))


@pytest.mark.parametrize("joins", [by_invitation, by_reinstatement])
def test_lets_nobody_in_again(
    as_: As, cast: Cast, joins: Callable[[Cast, Membership], None], now: datetime
) -> None:
    """D-C11, T2-112"""
    before, seat = cast.membership(cast.smith), factories.seat(cast.membership(cast.tanaka))
    before.authorities = SMALL
    members.remove(before, by=seat, now=now)
    waiting = added(cast, "smith")
    joins(cast, before)
    db.session.commit()
    again = of(cast.smith)
    assert again and again.authorities == SMALL
    assert waiting.status is BindingStatus.CANCELLED
    members.remove(again, by=seat, now=now)
    db.session.commit()
    answer = as_(cast.smith).submit(f"/joining/{waiting.id}/continue", page="/profile/")
    assert answer.status_code == 404
    assert not is_member(cast.smith, cast.aozora)


def test_is_not_cancelled_by_its_own_answer(as_: As, cast: Cast) -> None:
    waiting = added(cast, "newcomer")
    as_(cast.newcomer).submit(f"/joining/{waiting.id}/continue", page="/joining/")
    db.session.expire_all()
    assert db.session.scalars(select(RoleBinding.status)).all() == [BindingStatus.JOINED]
    assert is_member(cast.newcomer, cast.aozora)


def test_is_asked_about_only_of_those_who_may_change_it(as_: As, cast: Cast) -> None:
    """T2-46, D-1: a form that can only be refused is not shown."""
    mia = factories.account("mia")
    factories.membership(mia, cast.aozora, authorities=[Authority.MEMBER_MANAGER])
    waiting = added(cast, "yamada", Offer(MemberType.POWER))
    browser = as_(mia)
    for path in (f"/o/aozora/bindings/{verb}/{waiting.id}" for verb in ("edit", "delete")):
        assert browser.get(path).status_code == 403
        browser.submit(path, offered(authorities=["user_viewer"], sure="1"), page="/profile/")
    db.session.expire_all()
    assert waiting.is_waiting and waiting.is_power
