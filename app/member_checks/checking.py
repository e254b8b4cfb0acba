"""Checking: may this member do that, at this moment, and because of what?

Here: the question, its answer and the sources of what is held, as on the member's page. Not here:
who asks and how (member_checks.api), the table of grants (access.policy).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.access import policy, two_factor
from app.access.authorities import CATALOGUE
from app.access.seat import Seat, effective_authorities
from app.accounts import queries as accounts
from app.kernel.i18n import lazy
from app.models import Membership
from app.offers.shapes import named

SOURCES = POWER, PLATFORM, ROLE, SINGLE = "power_user", "platform_administrator", "role", "single"
HELD, NOT_HELD, NO_MEMBER, SUSPENDED, ACCOUNT_SUSPENDED = (
    "Held",
    "NotHeld",
    "NoSuchMember",
    "MembershipSuspended",
    "AccountSuspended",
)
WITHHELD, NO_ACCESS = "AccessWithheld", "NoAccess"
REASONS: dict[str, Any] = {
    HELD: lazy("The member may do this."),
    NOT_HELD: lazy("The member does not have the authority."),
    NO_MEMBER: lazy("Nobody by that name is a member of this organization."),
    SUSPENDED: lazy("The membership is suspended."),
    ACCOUNT_SUSPENDED: lazy("The account is suspended."),
    WITHHELD: lazy(
        "The member has not set up the 2-step verification that the organization asks for."
    ),
    NO_ACCESS: lazy("The member has no access at the moment."),
}
"""NoAccess stands for AccessWithheld where the asker may not know who has no second step."""


@dataclass(frozen=True)
class Asked:
    """One authority, or a permission and its view."""

    authority: str | None
    permission: str | None
    view: str | None

    @property
    def authorities(self) -> list[str]:
        """Every authority that can answer it, by key."""
        if self.authority:
            return [self.authority]
        alternatives = policy.authorities_for(str(self.permission), str(self.view))
        return sorted({key for needed in alternatives for key in needed} & set(CATALOGUE))

    def is_held(self, seat: Seat) -> bool:
        """Whether somebody in this seat may do it."""
        if self.authority:
            return self.authority in seat.authorities
        return policy.may(seat, str(self.permission), str(self.view))


def reason(member: Membership | None, asked: Asked, *, by: Seat, now: datetime) -> str:
    """Why the member may, or may not: HELD, or what stands in the way."""
    if member is None:
        return NO_MEMBER
    if member.account.is_suspended:
        return ACCOUNT_SUSPENDED
    platform = accounts.is_platform_administrator(member.account)
    if member.is_suspended and not platform:
        return SUSPENDED
    seat = Seat(
        member.account,
        organization=member.organization,
        membership=member,
        memberships=[member],
        is_platform_administrator=platform,
    )
    if not asked.is_held(seat):
        return NOT_HELD
    if not two_factor.is_withheld(seat, now=now):
        return HELD
    return WITHHELD if policy.may(by, "manage", "Member") else NO_ACCESS


def because(member: Membership, asked: Asked) -> list[dict[str, Any]]:
    """Every source of every authority that was asked for."""
    keys = asked.authorities
    if accounts.is_platform_administrator(member.account):
        return [{"source": PLATFORM, "authority": key} for key in keys]
    if member.is_power:
        return [{"source": POWER, "authority": key} for key in keys]
    held = effective_authorities(member)
    roles = [
        {"source": ROLE, "authority": key, "role": named(role)}
        for key in keys
        for role in member.roles
        if key in role.authorities & held
    ]
    return roles + [
        {"source": SINGLE, "authority": key} for key in keys if key in member.authorities
    ]
