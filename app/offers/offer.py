"""Offer: what a member is given, or an invitation promises (D-C8).

Here: type, roles and single authorities as one value, completed and checked. Not here: keeping it
(memberships.service).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from sqlalchemy import select

from app.access.authorities import known, with_required
from app.access.difference import Held
from app.access.granting import Doing, missing
from app.access.policy import authorities_for
from app.access.seat import Seat, standing_authorities
from app.extensions import db
from app.kernel.errors import Refusal
from app.kernel.i18n import lazy
from app.models import Invite, MemberRole, Membership, MemberType, Organization, RoleBinding


class RoleElsewhere(Refusal):
    """A role of another organization, or one that was deleted meanwhile."""

    status = 422
    field = "roles"
    text = lazy("One of these roles no longer exists. Choose again.")


class NothingGiven(Refusal):
    """S4-05: somebody is added with a role, with authorities, or as a power user."""

    field = "roles"
    text = lazy("Choose at least one role or authority.")


@dataclass(frozen=True)
class Offer:
    """A type, any number of roles and single authorities."""

    type: MemberType = MemberType.GENERAL
    roles: tuple[MemberRole, ...] = ()
    authorities: frozenset[str] = frozenset()

    @classmethod
    def of(cls, holder: Membership | Invite | RoleBinding) -> Offer:
        """What a member has now, or an invitation or a role binding gives."""
        return cls(holder.type, tuple(holder.roles), holder.authorities)

    @property
    def is_power(self) -> bool:
        return self.type is MemberType.POWER

    @property
    def is_empty(self) -> bool:
        """Whether it gives nothing at all (S4-05)."""
        return not (self.is_power or self.roles or self.authorities)

    @property
    def given(self) -> frozenset[str]:
        """All authorities in it, power apart."""
        return known(self.authorities.union(*(role.authorities for role in self.roles)))

    def may_be_promised(self, held: Held, organization: Organization) -> bool:
        """Whether somebody who holds this may send it: invite at all, and give all of it (D-1)."""
        invites = any(needed <= held.effective for needed in authorities_for("send", "Invite"))
        covers = held.is_power or not self.is_power
        return invites and covers and not missing(self.given, held.effective, organization)

    def settled(self, organization: Organization, *, by: Seat) -> Offer:
        """Return it as it is kept: what the chosen ones need is added (S0-25), single authorities
        mean nothing to a power user (S0-14). Raises RoleElsewhere, and AboveYourself for what the
        giver may not give (D-1)."""
        kept = replace(
            self,
            authorities=frozenset() if self.is_power else with_required(self.authorities),
            roles=_reread(self.roles),
        )
        if any(role.organization_id not in (None, organization.id) for role in kept.roles):
            raise RoleElsewhere()
        by.must_cover(kept.given, power=kept.is_power)
        return kept

    def settled_for(self, membership: Membership, *, by: Seat) -> Offer:
        """Return it as it is kept for somebody who is a member already; nobody adds anything to
        themselves. Raises RoleElsewhere, AboveYourself.
        """
        by.must_cover_member(membership)
        kept = self.settled(membership.organization, by=by)
        kept.ensure_not_rising(membership, by=by)
        return kept

    def ensure_not_rising(self, membership: Membership, *, by: Seat) -> None:
        """Raise AboveYourself where a settled offer would add something to the giver's own
        membership.
        """
        if membership.account_id == by.account.id:
            by.must_hold(
                self.given - standing_authorities(membership),
                power=self.is_power and not membership.is_power,
                to=Doing.GIVE_YOURSELF,
            )


def _reread(roles: tuple[MemberRole, ...]) -> tuple[MemberRole, ...]:
    """Return the roles as they are at this moment, in order; somebody may have widened or deleted
    one since the page was shown.
    """
    ids = {role.id for role in roles}
    if not ids:
        return ()
    fresh = db.session.scalars(
        select(MemberRole)
        .where(MemberRole.id.in_(ids))
        .order_by(MemberRole.id)
        .execution_options(populate_existing=True)
    ).all()
    if len(fresh) != len(ids):
        raise RoleElsewhere()
    return tuple(fresh)
