"""Effective authorities: which authorities a member has, and why.

Here: each authority with its source, and the sentence that says so. Not here: the sum itself
(access.seat).
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any

from app.access.authorities import CATALOGUE, AuthorityEntry, under_headings
from app.kernel.i18n import _, current_language, listed, ngettext
from app.member_roles.builtin import role_name
from app.models import MemberRole, Membership


@dataclass(frozen=True)
class EffectiveAuthority:
    """One authority of one member, and where it comes from."""

    entry: AuthorityEntry
    roles: tuple[MemberRole, ...]
    single: bool
    power: bool

    @property
    def is_held(self) -> bool:
        return bool(self.power or self.roles or self.single)

    @property
    def reason(self) -> str:
        """Where it comes from, as a sentence."""
        names = listed([role_name(role) for role in self.roles])
        if self.power:
            return _("because: power user")
        if self.roles and self.single:
            return ngettext(
                "because: role %(names)s, and granted singly",
                "because: roles %(names)s, and granted singly",
                len(self.roles),
                names=names,
            )
        if self.roles:
            return ngettext(
                "because: role %(names)s", "because: roles %(names)s", len(self.roles), names=names
            )
        return _("because: granted singly")


def effective_authorities(membership: Membership) -> list[EffectiveAuthority]:
    """Every authority of the catalogue, in its order, with its sources in this membership."""
    return [
        EffectiveAuthority(
            entry,
            tuple(role for role in membership.roles if entry.key in role.authorities),
            entry.key in membership.authorities,
            membership.is_power,
        )
        for entry in CATALOGUE.values()
    ]


def made_of(membership: Membership) -> Hashable:
    """All that decides how the authorities of a membership read, for they are drawn once."""
    roles = tuple((role.key, role.name, role.authorities) for role in membership.roles)
    return (
        current_language(),
        membership.is_power,
        membership.is_suspended,
        membership.authorities,
        roles,
    )


def grouped(authorities: list[EffectiveAuthority]) -> list[tuple[Any, list[EffectiveAuthority]]]:
    """Put authorities under the catalogue's headings."""
    return under_headings(authorities, lambda authority: authority.entry)
