"""Subjects: whose rows are concerned by what happens to memberships, accounts or organizations.

Here: conditions and counts for a feature's hooks. Not here: the signals (kernel.signals).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, func, select, true

from app.models.account import Account
from app.models.membership import Membership
from app.models.organization import Organization

Subjects = Sequence[Membership] | Sequence[Account] | Sequence[Organization]


def rows_of(
    subjects: Subjects, account: Any = None, organization: Any = None
) -> ColumnElement[bool]:
    """The condition that rows, by these columns of theirs, belong to members of one organization,
    to accounts wherever they are members, or to organizations.
    """
    first = subjects[0]
    if isinstance(first, Organization):
        return organization.in_([one.id for one in subjects])
    if isinstance(first, Account):
        return account.in_([one.id for one in subjects])
    theirs: ColumnElement[bool] = account.in_([one.account_id for one in subjects])
    return theirs & (organization == first.organization_id if organization is not None else true())


def how_many(model: Any, *which: ColumnElement[bool]) -> ScalarSelect[int]:
    """The number of rows for which these conditions hold, as a part of a statement."""
    return select(func.count(model.id)).where(*which).scalar_subquery()
