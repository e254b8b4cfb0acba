"""Changes of key: whose signature counts at which place of a chain.

Here: reading the lines that tell of another key, and judging one seal by them. Not here: writing
such lines (log_integrity.hash_chain), walking the chain (log_integrity.verification).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Row, select

from app.activity.events import LOG_KEY_CHANGED
from app.log_integrity.chains import Place
from app.log_integrity.serialization import COLUMNS, digest, facts
from app.log_integrity.signing_keys import Key, is_signed
from app.models import Activity, ActivitySeal

FORGED, KEYLESS, UNKNOWN_KEY = (
    "seal not made with its key",
    "seal without a key",
    "seal with an unknown key",
)


@dataclass
class Trust:
    """The keys that are known, and up to which place the chain is vouched for without them.

    A key that was taken out of SECRET_KEY_FALLBACKS counts up to the line in which the next one
    says that it had checked it; seals without a key, up to the line in which keys began.
    """

    keys: tuple[Key, ...]
    vouched: Mapping[int, int] = field(default_factory=dict)
    """Up to which place of each chain a head vouches that the operator kept elsewhere."""
    limits: dict[tuple[int, str], int] = field(default_factory=dict)
    unproved: set[Place] = field(default_factory=set)
    """Places whose seal nobody could check when the next line was written."""

    def fault(self, seal: Row[Any]) -> str | None:
        """Say what is wrong with a signature, None where it holds."""
        if any(key.id == seal.key_id for key in self.keys):
            return None if is_signed(seal, self.keys) else FORGED
        is_within = seal.sequence <= self.limits.get((seal.log_id, seal.key_id), 0)
        is_proved = is_within and Place(seal.log_id, seal.sequence) not in self.unproved
        if is_proved or seal.sequence <= self.vouched.get(seal.log_id, 0):
            return None
        return UNKNOWN_KEY if seal.key_id else KEYLESS

    def holds(self, seal: Row[Any], line: dict[str, Any]) -> bool:
        """Whether a line is what was sealed, by a signature that counts."""
        return digest(facts(line)) == seal.line_digest and self.fault(seal) is None


def read(
    connection: Connection, keys: Iterable[Key], *, vouched: Mapping[int, int] | None = None
) -> Trust:
    """Read what lines of the log say of its keys: the newest first, since each vouches for the key
    before.
    """
    trust = Trust(tuple(keys), vouched or {})
    for seal, line in reversed(sealed_lines(connection, Activity.event == LOG_KEY_CHANGED.name)):
        said = line["details"]
        if said.get("place") != seal.sequence - 1 or not trust.holds(seal, line):
            continue
        former = str(said.get("former"))
        if said.get("proved") is True:
            trust.limits.setdefault((seal.log_id, former), seal.sequence - 1)
        else:
            trust.unproved.add(Place(seal.log_id, seal.sequence - 1))
    return trust


def sealed_lines(connection: Connection, *which: Any) -> list[tuple[Row[Any], dict[str, Any]]]:
    """Return some lines with their seals, in the order of their chain, the common one first."""
    seals = {
        seal.activity_id: seal
        for seal in connection.execute(
            select(*ActivitySeal.__table__.columns)
            .join(Activity, Activity.id == ActivitySeal.activity_id)
            .where(*which)
            .order_by(ActivitySeal.log_id, ActivitySeal.sequence)
        )
    }
    lines = {
        row.id: dict(zip(COLUMNS, row, strict=True))
        for row in connection.execute(select(*Activity.__table__.columns).where(*which))
    }
    return [(seal, lines[line_id]) for line_id, seal in seals.items() if line_id in lines]
