"""The members that exist for a request: those of the organization in the address, with their
accounts.

Here: Flask-AppBuilder's datamodel of members. Not here: narrowing and ordering (members.queries).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from sqlalchemy import Select
from sqlalchemy.orm import contains_eager

from app.models import Membership
from app.screens.interface import OrganizationInterface


class MemberInterface(OrganizationInterface):
    """Memberships joined to their accounts; each cell gets the whole membership."""

    whole = (contains_eager(Membership.account),)

    joined: ClassVar[str] = "account"

    def scoped(self) -> Select[Any]:
        return self.bare().join(Membership.account)

    def bare(self) -> Select[Any]:
        return super().scoped()

    def get_values(self, lst: Iterable[Any], list_columns: Iterable[str]) -> list[dict[str, Any]]:
        return [dict.fromkeys(list_columns, row) for row in lst]
