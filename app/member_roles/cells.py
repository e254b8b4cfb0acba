"""Cells: what a role looks like in the list and on its pages.

Here: words and numbers for one role. Not here: which are listed (member_roles.queries).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from app.access.authorities import AuthorityEntry, under_headings
from app.access.difference import entries
from app.access.policy import may
from app.http.context import organization, seat
from app.member_roles import queries
from app.member_roles.builtin import role_description, role_name
from app.models import MemberRole, Membership

SHOWN_HOLDERS = 20


@dataclass(frozen=True)
class ShownRole:
    """One role in the reader's words, and how many members hold it."""

    role: MemberRole
    members: int

    @property
    def name(self) -> str:
        return role_name(self.role)

    @property
    def description(self) -> str:
        return role_description(self.role)

    @property
    def entries(self) -> Sequence[AuthorityEntry]:
        """What the role allows."""
        return entries(self.role.authorities)

    @property
    def under_headings(self) -> Sequence[tuple[Any, list[AuthorityEntry]]]:
        """The same, under the catalogue's headings."""
        return under_headings(self.entries, lambda entry: entry)

    @cached_property
    def holders(self) -> Sequence[Membership]:
        """The first members who hold it, for those who may see members."""
        if not may(seat(), "read", "Member"):
            return []
        return queries.holders(organization(), self.role, limit=SHOWN_HOLDERS)

    @cached_property
    def promised(self) -> int:
        """How many pending invitations promise it."""
        return queries.promised_count(organization(), self.role)


def with_holders(roles: Sequence[MemberRole]) -> Sequence[ShownRole]:
    """Roles with how many members hold each, in one statement."""
    held = queries.holder_counts(organization(), [role.id for role in roles])
    return [ShownRole(role, held.get(role.id, 0)) for role in roles]
