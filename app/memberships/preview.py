"""Preview: what an edit of a membership would give and take.

Here: one member before and after, and what would fall with it, such as invitations. Not here: the
comparison itself (access.difference), everybody who holds a role (member_roles.impact), saving
(memberships.service).
"""

from __future__ import annotations

from dataclasses import dataclass

from app.access.authorities import AuthorityEntry
from app.access.difference import Difference, Held, difference, entries, held_by
from app.access.last_power_user import LastPowerUser, is_last_power_user
from app.access.seat import Seat
from app.kernel.signals import Line, authorities_narrowed
from app.memberships.service import empties, ensure_not_yourself
from app.models import Membership
from app.offers.offer import Offer


@dataclass(frozen=True)
class MemberPreview:
    """What one member gains and loses."""

    change: Difference
    falls: list[Line]
    removes: bool
    is_own: bool

    @property
    def asks(self) -> bool:
        """Whether saving waits for a second press: where something is lost, power is given or
        taken, something falls with it, or nothing would be left and the member goes (D-C13).
        """
        return self.change.is_grave or bool(self.falls) or self.removes

    @property
    def gained(self) -> list[AuthorityEntry]:
        return entries(self.change.gained)

    @property
    def lost(self) -> list[AuthorityEntry]:
        return entries(self.change.lost)


def preview(membership: Membership, offer: Offer, *, by: Seat) -> MemberPreview:
    """Say what `members.edit` would change.

    Raises AboveYourself, RoleElsewhere, LastPowerUser, Yourself, as it would.
    """
    settled = offer.settled_for(membership, by=by)
    after = Held(settled.given, settled.is_power)
    change = difference(held_by(membership), after)
    if change.ends_power and is_last_power_user(membership):
        raise LastPowerUser()
    falls = authorities_narrowed.consequences([membership], held=lambda _member: after)
    removes, is_own = empties(settled, Offer.of(membership)), membership.account_id == by.account.id
    if removes:
        ensure_not_yourself(membership, by=by)
    return MemberPreview(change, falls, removes, is_own)
