"""Files: everything that can be exported, as one table.

Here: which noun, which columns, what the log says of it. Not here: columns themselves, rows,
screens.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import joinedload, selectinload

from app.activity import binding_events, events
from app.activity.events import Event
from app.exchange import columns
from app.exchange.columns import Column
from app.models import Activity, Invite, MemberRole, Membership, RoleBinding


@dataclass(frozen=True)
class File:
    """One kind of file; `eager` keeps the statements for a batch few."""

    name: str
    model: Any
    columns: Sequence[Column]
    event: Event
    eager: Sequence[Any] = ()


MEMBERS = File(
    "members",
    Membership,
    columns.MEMBERS,
    events.MEMBER_LIST_EXPORTED,
    (
        joinedload(Membership.account),
        joinedload(Membership.organization),
        joinedload(Membership.invited_by),
        selectinload(Membership.roles),
    ),
)
INVITES = File(
    "invitations",
    Invite,
    columns.INVITES,
    events.INVITE_LIST_EXPORTED,
    (selectinload(Invite.roles),),
)
BINDINGS = File(
    "bindings",
    RoleBinding,
    columns.BINDINGS,
    binding_events.BINDING_LIST_EXPORTED,
    (selectinload(RoleBinding.roles),),
)
ROLES = File("roles", MemberRole, columns.ROLES, events.ROLE_LIST_EXPORTED)
ACTIVITY = File("activity", Activity, columns.ACTIVITY, events.ACTIVITY_EXPORTED)
FILES = (MEMBERS, INVITES, BINDINGS, ROLES, ACTIVITY)
