"""Words: an offer in a few words, for lists, pages and letters.

Here: what an invitation or a role binding gives. Not here: what it may give (offers.offer).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from app.access.difference import entries
from app.access.roles import CUSTOM, PRESETS
from app.kernel.i18n import _, lazy, ngettext
from app.member_roles.builtin import role_name
from app.models import Account, Invite, MemberType, RoleBinding
from app.screens.formatters import name_or_address

TYPES = {MemberType.GENERAL: lazy("General"), MemberType.POWER: lazy("Power")}


def in_short(given: Invite | RoleBinding) -> str:
    """What is given: every authority, or roles, a preset, how many single authorities."""
    if given.type is MemberType.POWER:
        return _("Every authority")
    parts = [role_name(role) for role in given.roles]
    count, preset = len(given.authorities), getattr(given, "preset", None)
    if preset in PRESETS:
        parts.append(str(PRESETS[preset].name))
    elif count and preset is None:
        parts.append(ngettext("%(num)s authority", "%(num)s authorities", count))
    elif count and (preset == CUSTOM or not parts):
        parts.append(ngettext("Custom: %(num)s authority", "Custom: %(num)s authorities", count))
    return " + ".join(parts) or "—"


@dataclass(frozen=True)
class ShownOffer:
    """One invitation or role binding in the reader's words, and whose it is."""

    row: Any
    sender: Account | None
    address: str
    """Of the sender, whose account may be gone."""

    @property
    def offer(self) -> str:
        """What is given, in a few words."""
        return in_short(self.row)

    @property
    def authorities(self) -> Sequence[Any]:
        """The single authorities that are given, by name."""
        return [entry.name for entry in entries(self.row.authorities)]

    @property
    def sender_name(self) -> str:
        """Who gives it."""
        return name_or_address(self.sender, self.address)
