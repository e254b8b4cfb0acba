"""Members' questions to the database: searching, filtering, naming.

Here: reading; every query starts from the organization's own rows. Not here: changing anything
(memberships.service).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import joinedload, selectinload

from app.access.policy import authorities_for
from app.access.seat import Seat, effective_authorities
from app.accounts import locking
from app.accounts import queries as accounts
from app.activity import queries as activities
from app.extensions import db
from app.http.context import organization
from app.kernel.addresses import email_key
from app.kernel.text import fold
from app.managed_accounts import first_sign_in
from app.memberships.interface import MemberInterface
from app.models import (
    Account,
    Activity,
    Invite,
    InviteStatus,
    Membership,
    MemberType,
)
from app.models.member_role import membership_role
from app.models.subjects import rows_of
from app.search_index.entries import PEOPLE
from app.search_index.finding import narrow
from app.two_factor_rule.queries import is_ready

if TYPE_CHECKING:
    from app.members.list_rows import ListedMember

ACTIVE, NEVER, SUSPENDED, LOCKED = "active", "never", "suspended", locking.LOCKED
STATES = (ACTIVE, NEVER, SUSPENDED)
EXPIRED = "expired"
"""Of those who never signed in: neither link nor first password opens any more."""
SERVICE = "service"
MOST_OFFERED = 20

_is_present: ColumnElement[bool] = and_(
    Membership.suspended_at.is_(None), Membership.account_suspended_at.is_(None)
)
_STATES: dict[str, ColumnElement[bool]] = {
    ACTIVE: and_(_is_present, or_(Account.last_sign_in_at.is_not(None), Account.is_service)),
    NEVER: and_(_is_present, Account.last_sign_in_at.is_(None), Account.is_service.is_(False)),
    SUSPENDED: or_(
        Membership.suspended_at.is_not(None), Membership.account_suspended_at.is_not(None)
    ),
    LOCKED: and_(locking.locked_now(), Account.managed_by_id == Membership.organization_id),
}


def present(organization_id: Any) -> Select[Any]:
    """The ids of an organization's members who are not suspended: those listed at first."""
    return select(Membership.id).where(Membership.organization_id == organization_id, _is_present)


def search(query: Select[Any], words: str) -> Select[Any]:
    """Narrow to members whose name, reading, address or login ID contains every word."""
    here = organization().id
    if len(accounts.spellings(words)) > 1:
        return query.where(accounts.matches(words, key=Membership.account_id, organization_id=here))
    return narrow(query, Membership.account_id, PEOPLE, words, here)


def with_roles(query: Select[Any], chosen: Sequence[str]) -> Select[Any]:
    """Narrow to members who hold one of these roles."""
    ids = [int(value) for value in chosen]
    return query.where(Membership.id.in_(_holding(ids)))


def with_types(query: Select[Any], chosen: Sequence[str]) -> Select[Any]:
    """Narrow to people of a type, or to service accounts."""
    if SERVICE in chosen:
        return query.where(Account.is_service)
    return query.where(
        Membership.type.in_([MemberType(value) for value in chosen]), Account.is_service.is_(False)
    )


def with_two_factor(query: Select[Any], chosen: Sequence[str]) -> Select[Any]:
    """Narrow to members who use 2-step verification, or do not."""
    return query.where(
        is_ready(strong=False) if chosen[0] == "on" else ~is_ready(strong=False),
        Account.is_service.is_(False),
    )


def with_manager(query: Select[Any], chosen: Sequence[str]) -> Select[Any]:
    """Narrow to accounts that this organization registered itself (D-C3), or to the others."""
    is_own = and_(
        Account.managed_by_id.is_not(None), Account.managed_by_id == Membership.organization_id
    )
    return query.where(is_own if chosen[0] == "yes" else ~is_own)


def unused_for(query: Select[Any], chosen: Sequence[str], *, now: datetime) -> Select[Any]:
    """Narrow to members who were not here for so many days, or never."""
    before = now - timedelta(days=int(chosen[0]))
    return query.where(or_(Membership.last_access_at.is_(None), Membership.last_access_at < before))


def not_signed_in_for(query: Select[Any], chosen: Sequence[str], *, now: datetime) -> Select[Any]:
    """Narrow to people who did not sign in for so many days, anywhere, or never."""
    before = now - timedelta(days=int(chosen[0]))
    return query.where(
        or_(Account.last_sign_in_at.is_(None), Account.last_sign_in_at < before),
        Account.is_service.is_(False),
    )


def is_called(name: str) -> ColumnElement[bool]:
    """The condition that a member has exactly this e-mail address or login ID, however it is
    written.
    """
    return (
        Account.email_key == email_key(name) if "@" in name else Account.login_id_key == fold(name)
    )


def called(members: MemberInterface, name: int | str) -> Membership | None:
    """The member with this id, e-mail address or login ID."""
    found: Membership | None = members.only(
        Membership.id == name if isinstance(name, int) else is_called(name)
    )
    return found


def in_states(query: Select[Any], chosen: Sequence[str], *, now: datetime) -> Select[Any]:
    """Narrow to members in these states; with none chosen the suspended are hidden (S2-06)."""
    if not chosen:
        return query.where(_is_present)
    return query.where(or_(*(_in_state(state, now) for state in chosen)))


def _in_state(state: str, now: datetime) -> ColumnElement[bool]:
    if state == EXPIRED:
        return and_(_is_present, first_sign_in.is_over(now))
    return _STATES[state]


def state_of(membership: Membership | ListedMember) -> str:
    """The state of one member, by the same rules."""
    if membership.is_suspended or membership.account.is_suspended:
        return SUSPENDED
    return ACTIVE if membership.account.last_sign_in_at or membership.account.is_service else NEVER


def fetched(members: Sequence[Membership]) -> list[Membership]:
    """The same members with accounts and roles at hand, in two statements however many they are."""
    whole = (
        select(Membership)
        .where(Membership.id.in_([member.id for member in members]))
        .options(joinedload(Membership.account), selectinload(Membership.roles))
    )
    db.session.scalars(whole.execution_options(populate_existing=True)).all()
    return list(members)


def acquaintances(seat: Seat, words: str) -> list[Account]:
    """Accounts to offer while somebody types whom to add (S4-10): those the reader can see
    elsewhere and that are no members here yet.

    Nobody learns from it who has an account: it finds the members of the reader's other
    organizations whose members the reader may see; for the platform administrator, everybody.
    """
    here = seat.organization.id if seat.organization else 0
    members_here = select(Membership.account_id).where(Membership.organization_id == here)
    query = accounts.search(
        select(Account).where(
            Account.id.not_in(members_here),
            Account.suspended_at.is_(None),
            Account.is_service.is_(False),
        ),
        words,
    )
    if not seat.is_platform_administrator:
        elsewhere = [
            membership.organization_id
            for membership in seat.memberships
            if membership.organization_id != here and _sees_members(membership)
        ]
        if not elsewhere:
            return []
        query = query.where(
            Account.id.in_(
                select(Membership.account_id).where(Membership.organization_id.in_(elsewhere))
            )
        )
    return list(
        db.session.scalars(query.order_by(Account.sort_key, Account.id).limit(MOST_OFFERED))
    )


def timeline(membership: Membership, *, limit: int) -> list[Activity]:
    """The last lines of the organization's log that are about a member."""
    lines = activities.about(
        select(Activity).where(Activity.organization_id == membership.organization_id),
        membership.account_id,
    )
    return list(
        db.session.scalars(
            lines.order_by(Activity.happened_at.desc(), Activity.id.desc()).limit(limit)
        )
    )


def sent(membership: Membership, *, limit: int) -> list[Invite]:
    """The invitations a member sent that still wait, those that expire first before the others."""
    return list(
        db.session.scalars(
            select(Invite)
            .where(
                rows_of([membership], Invite.inviter_id, Invite.organization_id),
                Invite.status == InviteStatus.PENDING,
            )
            .order_by(Invite.expires_at, Invite.id)
            .limit(limit)
        )
    )


def _holding(role_ids: list[int]) -> Select[tuple[int]]:
    return select(membership_role.c.membership_id).where(membership_role.c.role_id.in_(role_ids))


def _sees_members(membership: Membership) -> bool:
    held = effective_authorities(membership)
    return any(needed <= held for needed in authorities_for("read", "Member"))
