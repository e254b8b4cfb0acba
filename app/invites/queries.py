"""Which invitations: an organization's, one's own, and who needs none, or has one.

Here: filters, orders, the letter of each; members and the invited among some addresses. Not here:
writes, addresses that are none (invites.addresses).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, bindparam, case, false, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from app.extensions import db
from app.invites.addresses import Problem
from app.kernel.addresses import email_key, normalize_email, searched_email
from app.kernel.clock import utcnow
from app.kernel.i18n import lazy
from app.kernel.tokens import digest
from app.models import (
    Account,
    Invite,
    InviteStatus,
    Letter,
    Membership,
    Organization,
    ReplacedInviteLink,
)
from app.models.column_types import UtcDateTime

PENDING, DECLINED, EXPIRED = "pending", "declined", "expired"
SHOWN = (InviteStatus.PENDING, InviteStatus.DECLINED)


def state_of(invite: Invite, *, now: datetime) -> str:
    """How an invitation reads: pending past its date is expired."""
    return EXPIRED if invite.has_expired(now) else str(invite.status)


def in_states(query: Select[Any], states: Sequence[str], *, now: datetime) -> Select[Any]:
    """Keep these states; accepted and cancelled ones are never shown (S3-30, S3-31)."""
    return query.where(
        or_(false(), *(_is(state, now) for state in (states or (PENDING, DECLINED, EXPIRED))))
    )


def pending(organization_id: Any) -> Select[Any]:
    """The ids of an organization's invitations that nobody has answered, expired or not."""
    return select(Invite.id).where(
        Invite.organization_id == organization_id, Invite.status == InviteStatus.PENDING
    )


def sent_by(query: Select[Any], inviters: Sequence[str]) -> Select[Any]:
    """Keep what somebody sent, by the exact address (S3-29)."""
    return (
        query.where(func.lower(Invite.inviter_email) == normalize_email(inviters[0]).lower())
        if inviters
        else query
    )


def search(query: Select[Any], words: str) -> Select[Any]:
    """Keep addresses that contain what was typed; a domain works (S3-14)."""
    return query.where(Invite.address_key.contains(searched_email(words), autoescape=True))


def letters(invites: Iterable[Invite]) -> dict[int, Letter]:
    """Return the newest letter of each invitation, with one query."""
    ids = [invite.id for invite in invites]
    rows = (
        db.session.scalars(
            select(Letter)
            .where(Letter.invite_id.in_(ids), Letter.kind == "invite")
            .order_by(Letter.id)
        )
        if ids
        else ()
    )
    return {letter.invite_id: letter for letter in rows if letter.invite_id is not None}


def mine(account: Account, now: datetime) -> list[Invite]:
    """Return the open invitations to an account's address, soonest to expire first (S1-01, S1-03);
    to one not verified, none.

    Anybody can claim an address that has no account yet, and would read who invites its owner.
    """
    if account.email_verified_at is None:
        return []
    return list(
        db.session.scalars(
            select(Invite)
            .where(
                Invite.address_key == account.email_key,
                Invite.status == InviteStatus.PENDING,
                Invite.expires_at > now,
            )
            .options(
                joinedload(Invite.organization),
                joinedload(Invite.inviter),
                selectinload(Invite.roles),
            )
            .order_by(Invite.expires_at)
        )
    )


def mine_by_id(account: Account, public_id: str) -> Invite | None:
    """Return one invitation to an account's address."""
    return db.session.scalars(
        select(Invite).where(Invite.public_id == public_id, Invite.address_key == account.email_key)
    ).one_or_none()


def replaced(token: str) -> Invite | None:
    """Return the invitation of which this was the link until a newer letter was sent."""
    return db.session.scalars(
        select(Invite)
        .join(ReplacedInviteLink, ReplacedInviteLink.invite_id == Invite.id)
        .where(ReplacedInviteLink.token_digest == digest(token))
    ).one_or_none()


def has_successor(invite: Invite) -> bool:
    """Whether the same address was invited again afterwards."""
    return bool(
        db.session.scalar(
            select(Invite.id)
            .where(
                Invite.organization_id == invite.organization_id,
                Invite.address_key == invite.address_key,
                Invite.id > invite.id,
            )
            .limit(1)
        )
    )


def _is(state: str, now: datetime) -> Any:
    if state == DECLINED:
        return Invite.status == InviteStatus.DECLINED
    late = Invite.expires_at <= now if state == EXPIRED else Invite.expires_at > now
    return and_(Invite.status == InviteStatus.PENDING, late)


def by_state() -> Any:
    """The order of states: pending, declined, expired (S3-30).

    The moment is a parameter of each query, never of the process.
    """
    late = bindparam("now", callable_=utcnow, unique=True, type_=UtcDateTime)
    return case((Invite.status == InviteStatus.DECLINED, 1), (Invite.expires_at > late, 0), else_=2)


MEMBER_ALREADY = lazy("%(address)s is already a member of this organization.")
SUSPENDED = lazy("%(address)s is a suspended member. Reinstate them instead of inviting them.")
INVITED_ALREADY = lazy("%(address)s is invited already. Send that invitation again instead.")


def obstacles(
    addresses: Iterable[str], organization: Organization, *, now: datetime
) -> list[Problem]:
    """Return the members and the invited among some addresses, in their order, with two
    statements.
    """
    keys = {email_key(address): address for address in addresses}
    members, waiting = _members(keys, organization), _waiting(keys, organization, now=now)
    found = []
    for key, address in keys.items():
        if (member := members.get(key)) is not None:
            found.append(_of_member(address, member))
        elif (invite := waiting.get(key)) is not None:
            found.append(_problem("InvitedAlready", INVITED_ALREADY, address, invite))
    return found


def invited_meanwhile(address: str) -> Problem:
    """Somebody else invited the same address between our look and our write."""
    return _problem("InvitedAlready", INVITED_ALREADY, address, None)


def _of_member(address: str, member: Membership) -> Problem:
    if member.is_suspended or member.account.is_suspended:
        return _problem("SuspendedMember", SUSPENDED, address, member)
    return _problem("AlreadyMember", MEMBER_ALREADY, address, member)


def _problem(name: str, text: Any, address: str, about: Membership | Invite | None) -> Problem:
    return Problem(address, name, str(text) % {"address": address}, about)


def _members(keys: Iterable[str], organization: Organization) -> dict[str, Membership]:
    rows = db.session.scalars(
        select(Membership)
        .join(Membership.account)
        .where(Membership.organization_id == organization.id, Account.email_key.in_(keys))
        .options(contains_eager(Membership.account))
    )
    return {row.account.email_key: row for row in rows}


def _waiting(
    keys: Iterable[str], organization: Organization, *, now: datetime
) -> dict[str, Invite]:
    rows = db.session.scalars(
        select(Invite).where(
            Invite.organization_id == organization.id,
            Invite.address_key.in_(keys),
            Invite.status == InviteStatus.PENDING,
            Invite.expires_at > now,
        )
    )
    return {row.address_key: row for row in rows}
