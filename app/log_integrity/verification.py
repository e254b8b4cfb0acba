"""Verifying: whether the log still says what was written, line by line along the chain.

Here: walking seals and lines in batches, and what is found wrong. Not here: how seals are made
(log_integrity.serialization, log_integrity.signing_keys), whose signature counts
(log_integrity.key_rotation), what may be gone (log_integrity.pruning_records), the command
(log_integrity.cli).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Row, select

from app.log_integrity import key_rotation, pruning_records
from app.log_integrity.key_rotation import Trust
from app.log_integrity.pruning_records import Allowed, Pruning
from app.log_integrity.serialization import COLUMNS, START, chained, digest, facts
from app.log_integrity.signing_keys import Key
from app.models import Activity, ActivitySeal

BATCH = 1_000
MOST_FLAWS = 20

CHANGED, MISSING, UNSEALED, SEAL_CHANGED, SEAL_MISSING, PRUNING, MORE_GONE, HEAD = (
    "line changed",
    "line missing",
    "line without a seal",
    "seal changed",
    "seal missing",
    "lines allowed to go by nobody",
    "more lines gone than this pruning tells",
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
class Verification:
    """What a walk along the chain found."""

    lines: int = 0
    pruned: int = 0
    head: str = START
    flaw_count: int = 0
    flaws: list[Flaw] = field(default_factory=list)
    prunings: list[Pruning] = field(default_factory=list)
    """Every time that lines were let go, oldest first."""

    @property
    def is_whole(self) -> bool:
        return not self.flaw_count

    def add(self, kind: str, number: int | str) -> None:
        """Note a flaw; the first ones are kept, all are counted."""
        self.flaw_count += 1
        if len(self.flaws) < MOST_FLAWS:
            self.flaws.append(Flaw(kind, number))


def verify(
    connection: Connection,
    *,
    keys: Iterable[Key],
    since: str = "",
    noted: Mapping[int, str] | None = None,
) -> Verification:
    """Walk the whole chain, in one consistent view of the database.

    `keys` are those that seals may be signed with now (log_integrity.signing_keys). `since` is a
    head that the operator kept elsewhere: it must be in the chain, and vouches for what stands
    before it where the key of that is not known any more. `noted` are heads by their place that
    were noted before this view was opened (log_integrity.checkpoints).
    """
    verdict, noted = Verification(), noted or {}
    vouched = connection.scalar(select(ActivitySeal.sequence).where(ActivitySeal.chain == since))
    trust = key_rotation.read(connection, keys, vouched=vouched or 0)
    allowed, forged = pruning_records.read(connection, trust)
    for number in forged:
        verdict.add(PRUNING, number)
    if since and since != START and vouched is None:
        verdict.add(HEAD, since)
    sequence = _walk(connection, verdict, trust, allowed, noted)
    _check_unsealed(connection, verdict)
    for place in sorted(place for place in noted if place > sequence):
        verdict.add(HEAD, noted[place])
    _check_prunings(verdict, allowed)
    return verdict


def _walk(
    connection: Connection,
    verdict: Verification,
    trust: Trust,
    allowed: Mapping[int | None, Allowed],
    noted: Mapping[int, str],
) -> int:
    """Look at each seal and its line; return the last place of the chain."""
    sequence = 0
    for seal, line in _places(connection):
        for missing in range(sequence + 1, min(seal.sequence, sequence + 1 + MOST_FLAWS)):
            verdict.add(SEAL_MISSING, missing)
        _check_seal(seal, verdict, trust)
        _check_line(seal, line, verdict, allowed)
        sequence, verdict.head = seal.sequence, seal.chain
        if noted.get(seal.sequence, seal.chain) != seal.chain:
            verdict.add(HEAD, noted[seal.sequence])
    return sequence


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


def _check_seal(seal: Row[Any], verdict: Verification, trust: Trust) -> None:
    if seal.chain != chained(
        verdict.head, seal.line_digest, seal.organization_id, seal.happened_at
    ):
        verdict.add(SEAL_CHANGED, seal.sequence)
    elif (fault := trust.fault(seal)) is not None:
        verdict.add(fault, seal.sequence)


def _check_line(
    seal: Row[Any],
    line: dict[str, Any] | None,
    verdict: Verification,
    allowed: Mapping[int | None, Allowed],
) -> None:
    if line is not None:
        verdict.lines += 1
        if digest(facts(line)) != seal.line_digest:
            verdict.add(CHANGED, seal.activity_id)
        return
    by = allowed[seal.organization_id].by(seal) if seal.organization_id in allowed else None
    if by is None:
        verdict.add(MISSING, seal.activity_id)
    else:
        verdict.pruned += 1
        by.gone += 1


def _check_prunings(verdict: Verification, allowed: Mapping[int | None, Allowed]) -> None:
    found = [pruning for permitted in allowed.values() for pruning in permitted.prunings]
    verdict.prunings = sorted(found, key=lambda pruning: pruning.sequence)
    for pruning in verdict.prunings:
        if pruning.is_counted and pruning.gone > pruning.count:
            verdict.add(MORE_GONE, pruning.sequence)


def _check_unsealed(connection: Connection, verdict: Verification) -> None:
    without = (
        select(Activity.id)
        .outerjoin(ActivitySeal, ActivitySeal.activity_id == Activity.id)
        .where(ActivitySeal.sequence.is_(None))
    )
    for (line_id,) in connection.execute(
        without.order_by(Activity.id).execution_options(yield_per=BATCH)
    ):
        verdict.add(UNSEALED, line_id)
