"""Obstacles: who needs no invitation, or has one.

Here: members, suspended members and pending invitations among some addresses, each with its row.
Not here: addresses that are none (invites.addresses).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import contains_eager

from app.extensions import db
from app.invites.addresses import Problem
from app.kernel.addresses import email_key
from app.kernel.i18n import lazy
from app.models import Account, Invite, InviteStatus, Membership, Organization

MEMBER_ALREADY = lazy("%(address)s is already a member of this organization.")
SUSPENDED = lazy("%(address)s is a suspended member. Reinstate them instead of inviting them.")
INVITED_ALREADY = lazy("%(address)s is invited already. Send that invitation again instead.")


def among(addresses: Iterable[str], organization: Organization, *, now: datetime) -> list[Problem]:
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
            found.append(_said("InvitedAlready", INVITED_ALREADY, address, invite))
    return found


def invited_meanwhile(address: str) -> Problem:
    """Somebody else invited the same address between our look and our write."""
    return _said("InvitedAlready", INVITED_ALREADY, address, None)


def _of_member(address: str, member: Membership) -> Problem:
    if member.is_suspended or member.account.is_suspended:
        return _said("SuspendedMember", SUSPENDED, address, member)
    return _said("AlreadyMember", MEMBER_ALREADY, address, member)


def _said(name: str, text: Any, address: str, about: Membership | Invite | None) -> Problem:
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
