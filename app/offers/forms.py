"""The forms that give something: roles, authorities, a type.

Here: what must be chosen and how it is read. Not here: whether it may be given (offers.offer).
"""

from __future__ import annotations

from collections.abc import Iterable

from app.access.roles import CUSTOM, PRESETS
from app.kernel.i18n import lazy
from app.models import MemberRole, MemberType
from app.offers.fields import AuthoritiesField, PresetField, RolesField, TypeField
from app.offers.offer import Offer
from app.screens.forms import PortalForm


class GrantForm(PortalForm):
    """Roles, and authorities by preset or one by one."""

    roles = RolesField(lazy("Roles"))
    preset = PresetField(lazy("Authority preset"))
    authorities = AuthoritiesField(lazy("Authorities"))

    def offer_to_choose(
        self, roles: Iterable[MemberRole], covered: frozenset[str], *, power: bool
    ) -> None:
        """Say which roles there are, and what the giver can give."""
        self.roles.offer(roles, covered)
        self.authorities.offer(covered)
        self.preset.covered = covered

    @property
    def offer(self) -> Offer:
        """What was chosen."""
        preset = PRESETS.get(self.preset.data)
        return Offer(
            MemberType.GENERAL,
            self.roles.chosen,
            frozenset(map(str, preset.authorities)) if preset else self.authorities.chosen,
        )


class OfferForm(GrantForm):
    """Those and a type; a power user needs no authorities."""

    type = TypeField(lazy("Type"))

    def offer_to_choose(
        self, roles: Iterable[MemberRole], covered: frozenset[str], *, power: bool
    ) -> None:
        super().offer_to_choose(roles, covered, power=power)
        self.type.may_give_power = power

    def show(self, offer: Offer) -> None:
        """Fill the form with what somebody has."""
        self.type.data = str(offer.type)
        self.roles.process_data(offer.roles)
        self.authorities.data = sorted(offer.authorities)
        same = (key for key, preset in PRESETS.items() if preset.authorities == offer.authorities)
        self.preset.data = next(same, CUSTOM)

    @property
    def offer(self) -> Offer:
        return (
            Offer(MemberType.POWER, self.roles.chosen)
            if self.type.chosen is MemberType.POWER
            else super().offer
        )
