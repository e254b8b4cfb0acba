"""Whatever people do one after the other: one living membership each, a power user who can sign in,
and undo gives back what was (T2-41).
"""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from sqlalchemy import func, select

from app.access.seat import Seat
from app.extensions import db
from app.former_members import queries as former_queries
from app.former_members import service as former
from app.kernel.errors import Refusal
from app.memberships import joining, suspension
from app.memberships import service as members
from app.models import Account, Activity, Membership, MemberType, with_ended
from app.offers.offer import Offer
from app.undo import service as undo
from tests import factories
from tests.cast import Cast
from tests.members.conftest import built_in, of


class Story:
    """People who come and go in aozora, each step a moment later."""

    def __init__(self, cast: Cast, chance: random.Random) -> None:
        self.cast, self.chance, self.now = cast, chance, factories.NOW
        self.people = [cast.tanaka, cast.suzuki, cast.smith, cast.newcomer]
        self.removed: dict[int, tuple[Any, ...]] = {}
        self.done: set[str] = set()

    def seat(self, who: Account) -> Seat | None:
        own = of(who, self.cast.aozora)
        return factories.seat(own) if own else None

    def step(self) -> None:
        """One of the verbs, by one of the people, on one of them; refused or done."""
        self.now += timedelta(minutes=1)
        by, verb = self.seat(self.chance.choice(self.people)), self.chance.choice(VERBS)
        if by is None or by.membership is None or by.membership.is_suspended:
            return
        try:
            verb(self, self.chance.choice(self.people), by)
            db.session.commit()
        except Refusal:
            db.session.rollback()

    def join(self, who: Account, by: Seat) -> None:
        kind = self.chance.choice([MemberType.GENERAL, MemberType.POWER])
        offer = Offer(kind, (built_in("viewer"),), frozenset()).settled(self.cast.aozora, by=by)
        joining.join(self.cast.aozora, who, offer=offer, by=by, now=self.now)

    def remove(self, who: Account, by: Seat) -> None:
        one = of(who, self.cast.aozora)
        if one:
            pk, was = one.id, state(one)
            members.remove(one, by=by, now=self.now)
            self.removed[pk] = was

    def leave(self, _who: Account, by: Seat) -> None:
        assert by.membership
        members.leave(by.membership, by=by, now=self.now)

    def suspend(self, who: Account, by: Seat) -> None:
        one = of(who, self.cast.aozora)
        if one:
            suspension.suspend(one, reason="Why not", by=by, now=self.now)

    def reinstate(self, who: Account, by: Seat) -> None:
        one = of(who, self.cast.aozora)
        if one:
            suspension.reinstate(one, by=by, now=self.now)

    def bring_back(self, who: Account, by: Seat) -> None:
        one = former_queries.ended(who.id, self.cast.aozora)
        if one:
            was = state(one)
            former.bring_back(one, by=by, now=self.now)
            again = of(who, self.cast.aozora)
            assert again
            assert state(again) == was
            self.done.add("brought back")

    def undo(self, who: Account, by: Seat) -> None:
        line = db.session.scalars(
            select(Activity)
            .where(Activity.event == "member_removed", Activity.subject_id == who.id)
            .order_by(Activity.id.desc())
        ).first()
        if line is None:
            return
        there = former_queries.ended(who.id, self.cast.aozora, at=line.happened_at)
        undo.undo(line, self.cast.aozora, by=by, now=self.now)
        again = of(who, self.cast.aozora)
        assert there
        assert again
        assert state(again) == self.removed[there.id]
        self.done.add("undone")


VERBS: list[Callable[[Story, Account, Seat], None]] = [
    Story.join,
    Story.remove,
    Story.leave,
    Story.suspend,
    Story.reinstate,
    Story.bring_back,
    Story.undo,
]


def state(one: Membership) -> tuple[Any, ...]:
    """What a return gives back."""
    names = ("id", "type", "authorities", "joined_at", "suspended_at", "suspended_reason")
    return (*(getattr(one, name) for name in names), sorted(role.id for role in one.roles))


def test_whatever_people_do_one_after_the_other(cast: Cast) -> None:
    """T2-41: six hundred steps, each checked."""
    cast.membership(cast.suzuki).type = MemberType.POWER
    db.session.commit()
    story = Story(cast, random.Random(41))
    for _ in range(600):
        story.step()
        twice = select(Membership.account_id).where(Membership.ended_at.is_(None))
        twice = twice.group_by(Membership.account_id, Membership.organization_id)
        assert not db.session.scalars(with_ended(twice.having(func.count() > 1))).all()
        assert db.session.scalar(
            select(func.count(Membership.id)).where(
                Membership.organization_id == cast.aozora.id,
                Membership.type == MemberType.POWER,
                Membership.suspended_at.is_(None),
            )
        )
    assert story.removed, "somebody was removed"
    assert story.done == {"brought back", "undone"}
