"""D-1: whatever people do, one after another, nobody rises. It …"""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.access.authorities import Authority, administrative
from app.access.seat import Seat, effective_authorities, standing_authorities
from app.extensions import db
from app.invites import sending
from app.kernel.errors import Refusal
from app.member_roles import deleting
from app.member_roles import service as roles
from app.memberships import service as members
from app.models import Invite, InviteStatus, MemberRole, Membership, MemberType
from app.offers.offer import Offer
from tests import factories
from tests.cast import Cast

PALETTE = [
    Authority.MEMBER_MANAGER,
    Authority.ROLE_MANAGER,
    Authority.ACTIVITY_VIEWER,
    Authority.BILLING_VIEWER,
    Authority.CONTENT_EDITOR,
]
sets = st.frozensets(st.sampled_from(PALETTE), max_size=3)
PEOPLE, ROLES = 4, 3


def _offer(chosen: frozenset[str], role: MemberRole, power: bool) -> Offer:
    return Offer(MemberType.POWER if power else MemberType.GENERAL, (role,), chosen)


def _edit(by: Seat, one: Membership, role: MemberRole, chosen: frozenset[str], power: bool) -> None:
    members.edit(one, offer=_offer(chosen, role, power), by=by, now=factories.NOW)


def _add_role(
    by: Seat, one: Membership, role: MemberRole, _chosen: frozenset[str], _power: bool
) -> None:
    members.add_role(one, role, by=by, now=factories.NOW)


def _edit_role(
    by: Seat, _one: Membership, role: MemberRole, chosen: frozenset[str], _power: bool
) -> None:
    here = by.organization
    assert here
    roles.edit(
        role, here, name=role.name, description="", authorities=chosen, by=by, now=factories.NOW
    )


def _replace_role(
    by: Seat, one: Membership, role: MemberRole, chosen: frozenset[str], _power: bool
) -> None:
    here = by.organization
    assert here
    doomed = next(iter(one.roles), role)
    made = roles.create(
        here,
        name=f"Instead of {doomed.name}"[:60],
        description="",
        authorities=chosen,
        by=by,
        now=factories.NOW,
    )
    deleting.delete(doomed, here, replacement=made, by=by, now=factories.NOW)


def _invite(
    by: Seat, _one: Membership, role: MemberRole, chosen: frozenset[str], power: bool
) -> None:
    here = by.organization
    assert here
    asking = sending.Asking(_offer(chosen, role, power))
    sending.send(here, to=["newcomer@example.com"], asking=asking, by=by, now=factories.NOW)


ACTS: dict[Callable[..., None], str] = {
    _edit: Authority.MEMBER_MANAGER,
    _add_role: Authority.MEMBER_MANAGER,
    _invite: Authority.MEMBER_MANAGER,
    _edit_role: Authority.ROLE_MANAGER,
    _replace_role: Authority.ROLE_MANAGER,
}
"""What somebody can do, and the authority that its door asks for."""
steps = st.tuples(
    st.sampled_from(list(ACTS)),
    st.integers(0, PEOPLE - 1),
    st.integers(0, PEOPLE - 1),
    st.integers(0, ROLES - 1),
    sets,
    st.booleans(),
)


def _standings(people: list[Membership]) -> dict[int, tuple[frozenset[str], bool]]:
    return {one.id: (standing_authorities(one), one.is_power) for one in people}


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    held=st.lists(sets, min_size=PEOPLE, max_size=PEOPLE),
    inside=st.lists(sets, min_size=ROLES, max_size=ROLES),
    acts=st.lists(steps, min_size=1, max_size=8),
)
def test_lets_nobody_rise(
    cast: Cast,
    held: list[frozenset[str]],
    inside: list[frozenset[str]],
    acts: list[tuple[Callable[..., None], int, int, int, frozenset[str], bool]],
) -> None:
    """D-1: after any permitted act, what is administrative came from somebody who held it, and the
    actor has nothing new; invitations wait only of those who may still invite (T2-96).
    """
    db.session.rollback()
    people = [
        factories.membership(factories.account(), cast.aozora, authorities=one) for one in held
    ]
    made = [
        factories.role(cast.aozora, f"Made {number}", *one) for number, one in enumerate(inside)
    ]
    for person, role in zip(people, made, strict=False):
        person.roles = [role]
    db.session.flush()
    try:
        for act, actor, target, role_number, chosen, power in acts:
            _check(act, people[actor], people[target], made[role_number], chosen, power, people)
    finally:
        db.session.rollback()


def _check(
    act: Callable[..., None],
    actor: Membership,
    target: Membership,
    role: MemberRole,
    chosen: frozenset[str],
    power: bool,
    people: list[Membership],
) -> None:
    before, own = _standings(people), effective_authorities(actor)
    if ACTS[act] not in own or db.session.get(MemberRole, role.id) is None:
        return
    try:
        with db.session.begin_nested():
            act(factories.seat(actor), target, role, chosen, power)
            db.session.flush()
    except Refusal:
        return
    db.session.expire_all()
    after = _standings(people)
    for pk, (now_has, is_power) in after.items():
        gained = now_has - before[pk][0]
        assert gained & administrative() <= own
        assert not is_power or before[pk][1], "none of them is a power user"
        assert pk != actor.id or not gained
    for invite in db.session.query(Invite).filter_by(status=InviteStatus.PENDING):
        inviter = next(one for one in people if one.account_id == invite.inviter_id)
        assert Authority.MEMBER_MANAGER in standing_authorities(inviter)
