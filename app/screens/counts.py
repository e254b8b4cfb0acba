"""Counts: the small numbers beside the menu's entries, in one query.

Here: members, waiting invitations, roles and people about to join of the organization in the
address, counted no further than is shown. Not here: lists.
"""

from __future__ import annotations

import time
from collections.abc import Set
from functools import cache
from typing import Any

from flask import current_app
from sqlalchemy import BindParameter, Select, bindparam, func, or_, select

from app.access.policy import may
from app.access.seat import Seat
from app.extensions import db
from app.models import (
    BindingStatus,
    Invite,
    InviteStatus,
    MemberRole,
    Membership,
    RoleBinding,
)
from app.screens.list_query import COUNT_LIMIT


def menu_counts(seat: Seat, names: Set[str]) -> dict[str, str]:
    """Return the number to show beside each of these menu entries, and how many people join at
    their next sign-in (D-C11): a tab beside two of the lists shows that.
    """
    if seat.organization is None:
        return {}
    here, wanted = seat.organization.id, names & COUNTED.keys()
    if may(seat, "read", "Binding"):
        wanted |= {JOINING}
    asked = frozenset(name for name in wanted if not is_beyond(name, here))
    counts = dict.fromkeys(wanted, COUNT_LIMIT + 1)
    if asked:
        counts |= db.session.execute(_query(asked), {"organization": here}).one()._mapping
    return {
        name: f"{COUNT_LIMIT:,}+"
        if remember_count(name, here, count) > COUNT_LIMIT
        else f"{count:,}"
        for name, count in counts.items()
    }


def _shown(count: int) -> str:
    return f"{COUNT_LIMIT:,}+" if count > COUNT_LIMIT else f"{count:,}"


def is_beyond(name: str, organization_id: int) -> bool:
    """Whether there were more than anybody counts, when somebody last looked: less than a minute
    ago.
    """
    return _large_counts().get((name, organization_id), 0.0) > time.monotonic()


def remember_count(name: str, organization_id: int, count: int) -> int:
    """Remember a count that is beyond the limit: counting up to it costs more than the page's rows.
    Return it.
    """
    if count > COUNT_LIMIT and not is_beyond(name, organization_id):
        _large_counts()[name, organization_id] = time.monotonic() + LOOK_AGAIN
    return count


LOOK_AGAIN = 60.0
"""Seconds."""


def _large_counts() -> dict[tuple[str, int], float]:
    """Until when each count is not taken anew; of this application, for another has other rows."""
    known: dict[tuple[str, int], float] = current_app.extensions.setdefault("portal.counts", {})
    return known


JOINING = "joining"
_here: BindParameter[int] = bindparam("organization")
COUNTED: dict[str, Select[Any]] = {
    "members": select(Membership.id).where(
        Membership.organization_id == _here,
        Membership.suspended_at.is_(None),
        Membership.account_suspended_at.is_(None),
    ),
    "invites": select(Invite.id).where(
        Invite.organization_id == _here, Invite.status == InviteStatus.PENDING
    ),
    "roles": select(MemberRole.id).where(
        or_(MemberRole.organization_id == _here, MemberRole.organization_id.is_(None))
    ),
    JOINING: select(RoleBinding.id).where(
        RoleBinding.organization_id == _here, RoleBinding.status == BindingStatus.WAITING
    ),
}


@cache
def _query(names: frozenset[str]) -> Select[Any]:
    return select(*(capped(COUNTED[name]).label(name) for name in COUNTED if name in names))


def capped(query: Select[Any]) -> Any:
    """How many rows a query has, counted no further than COUNT_LIMIT."""
    return (
        select(func.count()).select_from(query.limit(COUNT_LIMIT + 1).subquery()).scalar_subquery()
    )
