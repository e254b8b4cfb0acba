"""Acts: which lines of the log the other power users hear of, and what they say (T2-111).

Here: one table by event, and what is kept of a line until it is told. Not here: to whom and when
(oversight.service).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from app.access.authorities import administrative
from app.access.seat import standing_authorities
from app.activity import events, two_factor_events
from app.models import Activity, MemberType
from app.oversight import queries
from app.oversight.details import as_ids, as_names, as_pair, change, detail, is_number


class Act(StrEnum):
    """What is told; each is the kind of its letter."""

    POWER = "power_user_made"
    ADMINISTRATION = "administration_given"
    RESET = "member_factor_reset"
    REMOVAL = "member_was_removed"


@dataclass(frozen=True)
class Told:
    """What is told of one line; `gained` are administrative authorities, `role` is the role whose
    holders, `holders` of them, gained them.
    """

    act: Act
    organization_id: int
    at: datetime
    actor_id: int | None
    as_platform: bool
    via: str
    subject_id: int | None
    subject_name: str
    joined: bool = False
    inviter_id: int | None = None
    gained: frozenset[str] = frozenset()
    role: str = ""
    holders: int = 0


def of(line: Activity) -> Told | None:
    """What the other power users hear of a line; None for nothing."""
    return ACTS[line.event](line) if line.organization_id is not None else None


def _came(line: Activity) -> Told | None:
    """Somebody joined, was added or came back: as a power user, or with administrative rights."""
    member, joined = queries.member(line), line.event == events.MEMBER_JOINED.name
    how = {"joined": joined, "inviter_id": member.invited_by_id if member and joined else None}
    if detail(line, "type") == MemberType.POWER:
        return _told(line, Act.POWER, **how)
    held = standing_authorities(member) if member else as_names(detail(line, "authorities"))
    return _gaining(line, held, **how)


def _edited(line: Activity) -> Told | None:
    was, became = change(line, "type") or ("", "")
    if became == MemberType.POWER:
        return _told(line, Act.POWER)
    if was == MemberType.POWER:
        return None
    member = queries.member(line)
    single = change(line, "authorities") or (member.authorities if member else (),) * 2
    roles = as_pair(detail(line, "role_ids")) or ((), ())
    before, after = (
        queries.role_authorities(as_ids(ids)) | as_names(own)
        for ids, own in zip(roles, single, strict=True)
    )
    return _gaining(line, after - before)


def _reset(line: Activity) -> Told | None:
    """Not where people reset their own."""
    return _told(line, Act.RESET) if line.actor_id != line.subject_id else None


def _role_edited(line: Activity) -> Told | None:
    before, after = map(as_names, change(line, "authorities") or ((), ()))
    return _of_role(line, line.subject_name, after - before, queries.holder_count(line))


def _role_deleted(line: Activity) -> Told | None:
    """Its holders have another role in its place."""
    name, holders = detail(line, "replacement"), detail(line, "members")
    if not isinstance(name, str) or not is_number(holders):
        return None
    return _of_role(line, name, queries.authorities_of(name, line), holders)


def _of_role(line: Activity, role: str, gained: frozenset[str], holders: int) -> Told | None:
    told = _gaining(line, gained, role=role, holders=holders) if holders else None
    return replace(told, subject_id=None) if told else None


def _gaining(line: Activity, gained: frozenset[str], **more: Any) -> Told | None:
    ruling = gained & administrative()
    return _told(line, Act.ADMINISTRATION, gained=ruling, **more) if ruling else None


def _told(line: Activity, act: Act, **more: Any) -> Told:
    return Told(
        act=act,
        organization_id=line.organization_id or 0,
        at=line.happened_at,
        actor_id=line.actor_id,
        as_platform=line.as_platform,
        via=line.via,
        subject_id=line.subject_id,
        subject_name=line.subject_name,
        **more,
    )


ACTS: dict[str, Callable[[Activity], Told | None]] = {
    events.MEMBER_ADDED.name: _came,
    events.MEMBER_JOINED.name: _came,
    events.MEMBER_BROUGHT_BACK.name: _came,
    events.MEMBER_EDITED.name: _edited,
    events.MEMBER_REMOVED.name: lambda line: _told(line, Act.REMOVAL),
    two_factor_events.SECOND_FACTOR_RESET.name: _reset,
    events.ROLE_EDITED.name: _role_edited,
    events.ROLE_DELETED.name: _role_deleted,
}
