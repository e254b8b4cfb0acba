"""D-1: nobody grants a guarded authority, or touches who has it, without holding it. It …"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.access.authorities import Authority, administrative, everything
from app.access.granting import AboveYourself
from app.access.seat import Seat, standing_authorities
from app.bindings import service as bindings
from app.extensions import db
from app.kernel.errors import Forbidden
from app.managed_accounts import registering
from app.managed_accounts import service as managed
from app.memberships import service as members
from app.memberships import suspension
from app.models import Account, MemberRole, Membership, MemberType, Organization
from app.offers.offer import Offer
from tests import factories
from tests.cast import Cast

PALETTE = [
    Authority.USER_VIEWER,
    Authority.BILLING_VIEWER,
    Authority.PROJECT_VIEWER,
    Authority.AWS_ACCOUNT_VIEWER,
    Authority.ROLE_MANAGER,
    Authority.MEMBER_MANAGER,
]
sets = st.frozensets(st.sampled_from(PALETTE), max_size=5)


@dataclass(frozen=True)
class Standing:
    """What somebody has: single authorities, one role, power."""

    authorities: frozenset[str]
    role: frozenset[str]
    power: bool

    @property
    def all(self) -> frozenset[str]:
        return everything() if self.power else self.authorities | self.role


standings = st.builds(Standing, sets, sets, st.booleans())
Act = Callable[[Membership, Offer, Seat, datetime], Any]
ACTS: dict[str, Act] = {
    "edit": lambda one, offer, by, now: members.edit(one, offer=offer, by=by, now=now),
    "give a role": lambda one, offer, by, now: [
        members.add_role(one, role, by=by, now=now) for role in offer.roles
    ],
    "take a role": lambda one, offer, by, now: members.remove_role(
        one, one.roles[0], by=by, now=now, sure=True
    ),
    "suspend": lambda one, offer, by, now: suspension.suspend(one, reason="", by=by, now=now),
    "remove": lambda one, offer, by, now: members.remove(one, by=by, now=now),
    "edit the account": lambda one, offer, by, now: managed.edit_account(
        one, by=by, now=now, given_name="Mallory"
    ),
    "register": lambda one, offer, by, now: registering.register(
        one.organization,
        offer=offer,
        by=by,
        now=now,
        family_name="New",
        given_name="",
        email="new@example.com",
        login_id="new",
        language="en",
    ),
    "add existing": lambda one, offer, by, now: bindings.add(
        one.organization, who="newcomer", offer=offer, by=by, now=now
    ),
}
TOUCHING = frozenset(ACTS) - {"register", "add existing"}
GRANTING = frozenset({"edit", "give a role", "register", "add existing"})


def place(who: Account, where: Organization, standing: Standing, number: int) -> Membership:
    """Make somebody a member with this standing."""
    made = factories.membership(who, where, power=standing.power, authorities=standing.authorities)
    made.roles = [factories.role(where, f"Role {number}", *standing.role)]
    db.session.flush()
    return made


def snapshot() -> set[tuple[Any, ...]]:
    db.session.flush()
    db.session.expire_all()
    return {
        (
            one.account_id,
            one.type,
            standing_authorities(one),
            one.suspended_at,
            one.account.given_name,
        )
        for one in db.session.query(Membership)
    }


@pytest.mark.parametrize("name", ACTS)
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(actor=standings, target=standings, wanted=standings, strict=st.booleans())
def test_gives_and_touches_only_what_the_actor_holds(
    cast: Cast,
    now: datetime,
    name: str,
    actor: Standing,
    target: Standing,
    wanted: Standing,
    strict: bool,
) -> None:
    """D-1, S3-03: whatever the standings, a verb that works gave and touched nothing guarded that
    is not the actor's own; where only what is held may be given, nothing at all.
    """
    db.session.rollback()
    cast.aozora.grant_only_held = strict
    guarded = everything() if strict else administrative()
    by = factories.seat(place(factories.account("actor"), cast.aozora, actor, 1))
    victim = factories.account("target", managed_by=cast.aozora)
    one = place(victim, cast.aozora, target, 2)
    role = factories.role(cast.aozora, "Role 3", *wanted.role)
    offer = Offer(
        MemberType.POWER if wanted.power else MemberType.GENERAL, (role,), wanted.authorities
    )
    before = snapshot()
    touches = name in TOUCHING and not (
        target.all & guarded <= actor.all and (actor.power or not target.power)
    )
    try:
        with db.session.begin_nested():
            ACTS[name](one, offer, by, now)
    except AboveYourself:
        assert snapshot() == before, "a refusal changes nothing"
    else:
        assert not touches
        gained = snapshot() - before
        if name in GRANTING:
            assert all(row[2] & guarded <= actor.all for row in gained)
            assert actor.power or all(row[1] is not MemberType.POWER for row in gained)
    finally:
        db.session.rollback()


@pytest.mark.parametrize("held", [PALETTE, [Authority.MEMBER_MANAGER]])
def test_refuses_nobody_who_covers(cast: Cast, now: datetime, held: list[Authority]) -> None:
    """The other half: D-1 is no excuse to refuse what is one's own, or ordinary (S4-01, S4-07)."""
    by = factories.seat(
        place(
            factories.account("actor"),
            cast.aozora,
            Standing(frozenset(held), frozenset(), False),
            1,
        )
    )
    one = place(
        factories.account("target", managed_by=cast.aozora),
        cast.aozora,
        Standing(frozenset(), frozenset({"user_viewer"}), False),
        2,
    )
    offer = Offer(
        roles=(factories.role(cast.aozora, "Role 3", "billing_viewer"),),
        authorities=frozenset({"user_viewer"}),
    )
    for name in (
        "edit",
        "give a role",
        "edit the account",
        "register",
        "add existing",
        "suspend",
        "remove",
    ):
        ACTS[name](one, offer, by, now)


def test_counts_a_role_as_it_is_now_not_as_the_page_showed_it(
    cast: Cast, now: datetime, co_admin: Account
) -> None:
    """D-1: a role that somebody widened meanwhile."""
    role = factories.role(cast.aozora, "Growing", "agent_viewer")
    db.session.commit()
    by, one = factories.seat(cast.membership(co_admin)), cast.membership(cast.smith)
    offer = Offer(roles=(role,))
    with db.engine.begin() as other:
        other.execute(
            MemberRole.__table__.update()
            .where(MemberRole.__table__.c.id == role.id)
            .values(authorities=frozenset({"role_manager"}))
        )
    with pytest.raises(AboveYourself):
        members.edit(one, offer=offer, by=by, now=now)


@pytest.mark.parametrize(
    "name", ["edit", "register", "add existing", "remove", "suspend", "edit the account"]
)
@pytest.mark.parametrize("now_is", ["general", "gone"])
def test_counts_the_actor_as_they_are_now(
    cast: Cast, now: datetime, second: Account, name: str, now_is: str
) -> None:
    """D-1: somebody who was demoted or removed after their request was let in does nothing any
    more.
    """
    by, one = factories.seat(cast.membership(second)), cast.membership(cast.smith)
    assert by.is_power
    assert one.roles == []
    db.session.commit()
    assert by.authorities
    table = Membership.__table__
    own = (table.c.account_id == second.id) & table.c.ended_at.is_(None)
    with db.engine.begin() as other:
        other.execute(
            Membership.__table__.delete().where(own)
            if now_is == "gone"
            else Membership.__table__.update().where(own).values(type="general")
        )
    with pytest.raises(Forbidden):
        ACTS[name](one, Offer(authorities=frozenset({"user_viewer"})), by, now)
