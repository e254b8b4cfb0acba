"""Verifying: whether the log still says what was written, line by line along the chain.

Here: walking seals and lines in batches, and what is found wrong. Not here: how seals are made
(activity.lines), the command (activity.cli).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select

from app.activity import events
from app.activity.lines import COLUMNS, START, chained, digest, facts
from app.models import Activity, ActivityPruning, ActivitySeal

BATCH = 1_000
TOLD = 20

CHANGED, MISSING, UNSEALED, SEAL_CHANGED, SEAL_MISSING, PRUNING, HEAD = (
    "line changed",
    "line missing",
    "line without a seal",
    "seal changed",
    "seal missing",
    "lines allowed to go by nobody",
    "head not found",
)


@dataclass(frozen=True)
class Flaw:
    """One thing that is not as it was written: what, at which line of the log or place in the
    chain.
    """

    kind: str
    number: int | str


@dataclass
class Verdict:
    """What a walk along the chain found."""

    lines: int = 0
    pruned: int = 0
    head: str = START
    flaw_count: int = 0
    flaws: list[Flaw] = field(default_factory=list)

    @property
    def is_whole(self) -> bool:
        return not self.flaw_count

    def add(self, kind: str, number: int | str) -> None:
        """Note a flaw; the first ones are kept, all are counted."""
        self.flaw_count += 1
        if len(self.flaws) < TOLD:
            self.flaws.append(Flaw(kind, number))


def verify(
    connection: Connection, *, since: str = "", noted: Mapping[int, str] | None = None
) -> Verdict:
    """Walk the whole chain, in one consistent view of the database; `since` is a head noted before,
    which must be in it.

    `noted` are more of them, by their place, that were noted before this view was opened
    (activity.heads).
    """
    verdict, noted = Verdict(), noted or {}
    allowed = _allowed(connection, verdict)
    sequence, found = 0, not since or since == START
    for seal, line in _places(connection):
        for missing in range(sequence + 1, min(seal.sequence, sequence + 1 + TOLD)):
            verdict.add(SEAL_MISSING, missing)
        _check(seal, line, verdict, allowed)
        sequence, verdict.head = seal.sequence, seal.chain
        found = found or seal.chain == since
        if noted.get(seal.sequence, seal.chain) != seal.chain:
            verdict.add(HEAD, noted[seal.sequence])
    _check_unsealed(connection, verdict)
    if not found:
        verdict.add(HEAD, since)
    for place in sorted(one for one in noted if one > sequence):
        verdict.add(HEAD, noted[place])
    return verdict


def _places(connection: Connection) -> Iterator[tuple[Row[Any], dict[str, Any] | None]]:
    """Give each seal with its line, None where that is gone; a batch at a time."""
    last = 0
    while True:
        following = select(*ActivitySeal.__table__.columns).where(ActivitySeal.sequence > last)
        batch = connection.execute(following.order_by(ActivitySeal.sequence).limit(BATCH)).all()
        wanted = [seal.activity_id for seal in batch]
        rows = connection.execute(
            select(*Activity.__table__.columns).where(Activity.id.in_(wanted))
        )
        lines = {row.id: dict(zip(COLUMNS, row, strict=True)) for row in rows}
        yield from ((seal, lines.get(seal.activity_id)) for seal in batch)
        if len(batch) < BATCH:
            return
        last = batch[-1].sequence


def _check(
    seal: Row[Any],
    line: dict[str, Any] | None,
    verdict: Verdict,
    allowed: dict[int | None, datetime],
) -> None:
    if seal.chain != chained(
        verdict.head, seal.line_digest, seal.organization_id, seal.happened_at
    ):
        verdict.add(SEAL_CHANGED, seal.sequence)
    if line is not None:
        verdict.lines += 1
        if digest(facts(line)) != seal.line_digest:
            verdict.add(CHANGED, seal.activity_id)
    elif seal.organization_id in allowed and seal.happened_at < allowed[seal.organization_id]:
        verdict.pruned += 1
    else:
        verdict.add(MISSING, seal.activity_id)


def _check_unsealed(connection: Connection, verdict: Verdict) -> None:
    without = (
        select(Activity.id)
        .outerjoin(ActivitySeal, ActivitySeal.activity_id == Activity.id)
        .where(ActivitySeal.sequence.is_(None))
    )
    for (line_id,) in connection.execute(
        without.order_by(Activity.id).execution_options(yield_per=BATCH)
    ):
        verdict.add(UNSEALED, line_id)


def _allowed(connection: Connection, verdict: Verdict) -> dict[int | None, datetime]:
    """Until when lines may be gone, by organization: as far as a line that is still there says so.

    A pruning's own line may have gone by a later one. One whose line is missing otherwise was put
    there to hide something, so it allows nothing, least of all that line to be missing.
    """
    told = (
        select(
            ActivityPruning.id,
            ActivityPruning.organization_id,
            ActivityPruning.before,
            Activity.event,
            Activity.details,
            Activity.organization_id.label("teller"),
            Activity.happened_at.label("told_at"),
            ActivitySeal.happened_at.label("sealed_at"),
        )
        .outerjoin(Activity, Activity.id == ActivityPruning.activity_id)
        .outerjoin(ActivitySeal, ActivitySeal.activity_id == ActivityPruning.activity_id)
        .order_by(ActivityPruning.id)
    )
    allowed: dict[int | None, datetime] = {}
    unsaid = []
    for row in connection.execute(told):
        if _is_said(row):
            allowed[row.organization_id] = max(
                row.before, allowed.get(row.organization_id, row.before)
            )
        else:
            unsaid.append(row)
    for row in unsaid:
        until = allowed.get(row.organization_id)
        if (
            row.event is not None
            or row.sealed_at is None
            or until is None
            or not max(row.sealed_at, row.before) < until
        ):
            verdict.add(PRUNING, row.id)
    return allowed


def _is_said(row: Row[Any]) -> bool:
    """Whether a line of the same log tells of a pruning; it allows nothing that came after
    itself."""
    tells = (
        row.event == events.LOG_PRUNED.name
        and row.teller == row.organization_id
        and row.details.get("before_at") == row.before.isoformat()
    )
    return bool(tells and row.before <= row.told_at)
