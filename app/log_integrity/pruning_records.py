"""Prunings: which lines of the log may be gone, and by whose choice.

Here: reading what the log says of its own prunings, and whether a line that is gone was allowed to.
Not here: walking the chain (log_integrity.verification), deleting (log_integrity.retention).
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import accumulate
from typing import Any

from sqlalchemy import Connection, Row, select

from app.activity import events
from app.log_integrity.chains import COMMON, Place, place_of
from app.log_integrity.key_rotation import Trust, sealed_lines
from app.log_integrity.retention import SETTING, SHORTEST, chooses
from app.models import Activity, ActivityPruning, ActivitySeal

Choice = tuple[Place, dict[str, Any]]
"""A line in which an organization chose how long its log is kept, behind its place in the chain."""


@dataclass
class Pruning:
    """One time that lines were let go: when, whose, from before what, how many; chosen by whom."""

    organization_id: int | None
    organization: str
    at: datetime
    before: datetime
    count: int
    chosen_by: str
    chosen_at: datetime | None
    days: int | None
    gone: int = 0
    """How many lines are gone that it was the first to allow."""
    place: Place = field(default=Place(COMMON, 0), repr=False)
    is_counted: bool = True
    """Whether more cannot be gone than it says; not where a line of an earlier one is gone."""


class Allowed:
    """The prunings of one organization in the order of its chain, which follows on the common one,
    each with its line.
    """

    def __init__(self) -> None:
        self.prunings: list[Pruning] = []
        self._latest: list[datetime] = []

    def close(self) -> None:
        """Make ready to be asked, once all are there."""
        self._latest = list(accumulate((pruning.before for pruning in self.prunings), max))

    @property
    def until(self) -> datetime | None:
        return self._latest[-1] if self._latest else None

    def by(self, seal: Row[Any]) -> Pruning | None:
        """Return the first pruning that let a line go; it came after the line."""
        first = bisect_right(self._latest, seal.happened_at)
        return next(
            (
                pruning
                for pruning in self.prunings[first:]
                if pruning.before > seal.happened_at and pruning.place > place_of(seal)
            ),
            None,
        )


def read(connection: Connection, trust: Trust) -> tuple[dict[int | None, Allowed], list[int]]:
    """Return what was allowed to go, by organization, and the prunings that nobody allowed."""
    lines = {
        line["id"]: (seal, line)
        for seal, line in sealed_lines(connection, Activity.event == events.LOG_PRUNED.name)
    }
    choices = _choices(connection, trust)
    allowed: dict[int | None, Allowed] = defaultdict(Allowed)
    untold: list[Row[Any]] = []
    forged: list[int] = []
    rows = connection.execute(select(*ActivityPruning.__table__.columns))
    for row in sorted(rows, key=lambda row: row.activity_id):
        seal, line = lines.get(row.activity_id, (None, None))
        if seal is None or line is None:
            untold.append(row)
        elif (made := _pruning(row, seal, line, choices[row.organization_id], trust)) is None:
            forged.append(row.id)
        else:
            allowed[row.organization_id].prunings.append(made)
    for permitted in allowed.values():
        permitted.prunings.sort(key=lambda pruning: pruning.place)
        permitted.close()
    forged += _forged_among(connection, untold, allowed, trust)
    return allowed, sorted(forged)


def _pruning(
    row: Row[Any], seal: Row[Any], line: dict[str, Any], choices: list[Choice], trust: Trust
) -> Pruning | None:
    """Read a pruning, None where the log does not tell of it or it went further than it might."""
    at, said = line["happened_at"], line["details"]
    if (
        line["organization_id"] != row.organization_id
        or said.get("before_at") != row.before.isoformat()
        or not trust.holds(seal, line)
        or row.before > at - timedelta(days=SHORTEST)
    ):
        return None
    choice = next(
        (line for place, line in reversed(choices) if place < place_of(seal)),
        None,
    )
    days = choice["details"]["changes"][SETTING][1] if choice is not None else None
    if seal.key_id and (not isinstance(days, int) or row.before > at - timedelta(days=days)):
        return None
    return Pruning(
        row.organization_id,
        line["subject_name"],
        at,
        row.before,
        said.get("count", 0),
        chosen_by=choice["actor_name"] if choice is not None else "",
        chosen_at=choice["happened_at"] if choice is not None else None,
        days=days,
        place=place_of(seal),
    )


def _choices(connection: Connection, trust: Trust) -> dict[int | None, list[Choice]]:
    found: dict[int | None, list[Choice]] = defaultdict(list)
    for seal, line in sealed_lines(connection, chooses()):
        if trust.holds(seal, line):
            found[line["organization_id"]].append((place_of(seal), line))
    return found


def _forged_among(
    connection: Connection,
    untold: list[Row[Any]],
    allowed: dict[int | None, Allowed],
    trust: Trust,
) -> list[int]:
    """Return the prunings whose line is gone and was not let go by a later one.

    Only before seals had keys were such lines let go. One whose line is missing otherwise was put
    there to hide something.
    """
    wanted = select(*ActivitySeal.__table__.columns).where(
        ActivitySeal.activity_id.in_([row.activity_id for row in untold])
    )
    seals = {seal.activity_id: seal for seal in connection.execute(wanted)}
    forged = []
    for row in untold:
        seal, permitted = seals.get(row.activity_id), allowed[row.organization_id]
        if (
            seal is None
            or seal.key_id
            or trust.fault(seal) is not None
            or permitted.until is None
            or not max(seal.happened_at, row.before) < permitted.until
        ):
            forged.append(row.id)
        else:
            permitted.prunings[0].is_counted = False
    return forged
