"""Chains: one for each organization's lines and one for the platform's, so that those who write in
different organizations do not wait for each other.

Here: which chain a line stands in, what a chain begins with, the one head over all of them. Not
here: sealing (log_integrity.hash_chain), checking (log_integrity.verification).
"""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from typing import Any, NamedTuple

from sqlalchemy import Connection, select

from app.activity.log_events import LOG_DIVIDED
from app.log_integrity.serialization import START
from app.models import Activity, ActivitySeal

COMMON = -1
"""The one chain of all lines from before there was one for each organization."""
PLATFORM = 0


class Place(NamedTuple):
    """A place in one of the chains."""

    log_id: int
    sequence: int

    def __str__(self) -> str:
        return f"{self.log_id}:{self.sequence}"


Heads = Mapping[int, tuple[int, str]]
"""The last place of each chain, and the chain there."""


def place_of(seal: Any) -> Place:
    """Where a seal stands."""
    return Place(seal.log_id, seal.sequence)


def log_of(organization_id: int | None) -> int:
    """The chain that a line of an organization, or of none, is tied to."""
    return organization_id or PLATFORM


def beginning(connection: Connection) -> str:
    """What the first line of each chain is chained to: the line that divided the common one."""
    told = select(Activity.id).where(Activity.event == LOG_DIVIDED.name)  # by its index
    divided = (
        select(ActivitySeal.chain)
        .where(ActivitySeal.activity_id.in_(connection.scalars(told).all()))
        .where(ActivitySeal.log_id == COMMON)
        .order_by(ActivitySeal.sequence)
        .limit(1)
    )
    return connection.scalar(divided) or START


def overall(heads: Heads) -> str:
    """Return one head over all: that of the only chain, or a digest of where each stands."""
    if len(heads) == 1:
        return next(iter(heads.values()))[1]
    said = (f"{log_id}:{place} {chain}" for log_id, (place, chain) in sorted(heads.items()))
    return sha256("\n".join(said).encode()).hexdigest() if heads else START
