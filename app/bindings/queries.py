"""Which role bindings: an organization's, and those that wait for one's own answer.

Here: filters. Not here: writes.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import joinedload, selectinload

from app.extensions import db
from app.kernel.text import fold
from app.models import Account, BindingStatus, RoleBinding

WAITING, DECLINED, VOID = map(
    str, (BindingStatus.WAITING, BindingStatus.DECLINED, BindingStatus.VOID)
)
SHOWN = (WAITING, DECLINED, VOID)
"""States that are listed: who joined stands among the members, and what was cancelled is over."""


def in_states(query: Select[Any], states: Sequence[str]) -> Select[Any]:
    """Keep these states; without any, all that are shown."""
    return query.where(RoleBinding.status.in_([BindingStatus(state) for state in states or SHOWN]))


def search(query: Select[Any], words: str) -> Select[Any]:
    """Keep what was typed and contains these words."""
    return query.where(RoleBinding.address_key.contains(fold(words), autoescape=True))


def joining(organization_id: Any) -> Select[Any]:
    """The ids of an organization's role bindings that wait."""
    return select(RoleBinding.id).where(
        RoleBinding.organization_id == organization_id, RoleBinding.status == BindingStatus.WAITING
    )


def waiting(*which: ColumnElement[bool]) -> list[RoleBinding]:
    """The role bindings that wait and for which these conditions hold."""
    query = select(RoleBinding).where(RoleBinding.status == BindingStatus.WAITING, *which)
    return list(db.session.scalars(query.options(selectinload(RoleBinding.roles))))


def mine(account: Account) -> list[RoleBinding]:
    """What somebody has still to read, the oldest first."""
    return list(
        db.session.scalars(
            select(RoleBinding)
            .where(RoleBinding.account_id == account.id, RoleBinding.answered_at.is_(None))
            .options(
                joinedload(RoleBinding.organization),
                joinedload(RoleBinding.made_by),
                selectinload(RoleBinding.roles),
            )
            .order_by(RoleBinding.created_at, RoleBinding.id)
        )
    )
