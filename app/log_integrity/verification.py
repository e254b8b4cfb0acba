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

from sqlalchemy import Connection, Row, select, tuple_

from app.log_integrity import key_rotation, pruning_records
from app.log_integrity.chains import COMMON, Place, beginning, log_of, overall
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
    heads: dict[int, tuple[int, str]] = field(default_factory=dict)
    """Where each chain ends."""
    flaw_count: int = 0
    flaws: list[Flaw] = field(default_factory=list)
    prunings: list[Pruning] = field(default_factory=list)
    """Every time that lines were let go, oldest first."""

    @property
    def head(self) -> str:
        """One head over all."""
        return overall(self.heads)

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
    noted: Mapping[Place, str] | None = None,
    since_noted: Mapping[Place, str] | None = None,
) -> Verification:
    """Walk every chain, in one consistent view of the database.

    `keys` are those that seals may be signed with now (log_integrity.signing_keys). `since` is a
    head that the operator kept elsewhere: it must be in a chain, or over all heads as they were
    noted then (`since_noted`), and vouches for what stands before it where the key of that is not
    known any more. `noted` are heads by their place that were noted before this view was opened
    (log_integrity.checkpoints).
    """
    verdict, since_noted = Verification(), since_noted or {}
    noted = {**(noted or {}), **since_noted}
    vouched = _vouched(connection, since, since_noted)
    trust = key_rotation.read(connection, keys, vouched=vouched)
    allowed, forged = pruning_records.read(connection, trust)
    for number in forged:
        verdict.add(PRUNING, number)
    if since and since != START and not vouched:
        verdict.add(HEAD, since)
    _walk(connection, verdict, trust, allowed, noted)
    _check_unsealed(connection, verdict)
    for place in sorted(noted):
        if place.sequence > verdict.heads.get(place.log_id, (0, ""))[0]:
            verdict.add(HEAD, noted[place])
    _check_prunings(verdict, allowed)
    return verdict


def _vouched(
    connection: Connection, since: str, since_noted: Mapping[Place, str]
) -> dict[int, int]:
    """Up to which place of each chain a head vouches."""
    if since_noted:
        return {place.log_id: place.sequence for place in since_noted}
    found = select(ActivitySeal.log_id, ActivitySeal.sequence).where(ActivitySeal.chain == since)
    return {row.log_id: row.sequence for row in connection.execute(found)}


def _walk(
    connection: Connection,
    verdict: Verification,
    trust: Trust,
    allowed: Mapping[int | None, Allowed],
    noted: Mapping[Place, str],
) -> None:
    """Look at each seal and its line, chain after chain."""
    start = beginning(connection)
    for seal, line in _places(connection):
        log_id, first = seal.log_id, START if seal.log_id == COMMON else start
        sequence, head = verdict.heads.get(log_id, (0, first))
        for missing in range(sequence + 1, min(seal.sequence, sequence + 1 + MOST_FLAWS)):
            verdict.add(SEAL_MISSING, _told(log_id, missing))
        _check_seal(seal, head, verdict, trust)
        _check_line(seal, line, verdict, allowed)
        verdict.heads[log_id] = (seal.sequence, seal.chain)
        known = noted.get(Place(log_id, seal.sequence), seal.chain)
        if known != seal.chain:
            verdict.add(HEAD, known)


def _places(connection: Connection) -> Iterator[tuple[Row[Any], dict[str, Any] | None]]:
    """Give each seal with its line, None where that is gone; a batch at a time."""
    last = Place(COMMON, 0)
    ordered = select(*ActivitySeal.__table__.columns).order_by(
        ActivitySeal.log_id, ActivitySeal.sequence
    )
    place = tuple_(ActivitySeal.log_id, ActivitySeal.sequence)
    while True:
        batch = connection.execute(ordered.where(place > tuple_(*last)).limit(BATCH)).all()
        wanted = [seal.activity_id for seal in batch]
        rows = connection.execute(
            select(*Activity.__table__.columns).where(Activity.id.in_(wanted))
        )
        lines = {row.id: dict(zip(COLUMNS, row, strict=True)) for row in rows}
        yield from ((seal, lines.get(seal.activity_id)) for seal in batch)
        if len(batch) < BATCH:
            return
        last = Place(batch[-1].log_id, batch[-1].sequence)


def _check_seal(seal: Row[Any], head: str, verdict: Verification, trust: Trust) -> None:
    is_in_its_chain = seal.log_id in (COMMON, log_of(seal.organization_id))
    expected = chained(head, seal.line_digest, seal.organization_id, seal.happened_at)
    if seal.chain != expected or not is_in_its_chain:
        verdict.add(SEAL_CHANGED, _told(seal.log_id, seal.sequence))
    elif (fault := trust.fault(seal)) is not None:
        verdict.add(fault, _told(seal.log_id, seal.sequence))


def _told(log_id: int, sequence: int) -> str:
    return str(Place(log_id, sequence))


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
    verdict.prunings = sorted(found, key=lambda pruning: (pruning.at, pruning.place))
    for pruning in verdict.prunings:
        if pruning.is_counted and pruning.gone > pruning.count:
            verdict.add(MORE_GONE, str(pruning.place))


def _check_unsealed(connection: Connection, verdict: Verification) -> None:
    without = (
        select(Activity.id)
        .outerjoin(ActivitySeal, ActivitySeal.activity_id == Activity.id)
        .where(ActivitySeal.activity_id.is_(None))
    )
    for (line_id,) in connection.execute(
        without.order_by(Activity.id).execution_options(yield_per=BATCH)
    ):
        verdict.add(UNSEALED, line_id)
