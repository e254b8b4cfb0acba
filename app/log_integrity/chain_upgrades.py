"""Chain upgrades: what an upgrade does to the chains of the log, each once.

Here: seals for lines from before there were any, the line where keys begin, the one that divides
the common chain, the line of another key in every chain. Not here: when (app.upgrade), sealing what
is written (log_integrity.hash_chain).
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, insert, select

from app.activity.log_events import LOG_DIVIDED
from app.log_integrity.chains import COMMON, beginning
from app.log_integrity.hash_chain import LineFacts, append, key_changed, last_seal, seals, told
from app.log_integrity.serialization import COLUMNS, START
from app.models import Activity, ActivitySeal

BATCH = 1_000


def seal_from_before(connection: Connection) -> int:
    """Seal lines that were written before there were seals; return how many. Where there is a seal,
    nothing is from before.
    """
    with connection.begin_nested():
        if connection.scalar(select(ActivitySeal.activity_id).limit(1)) is not None:
            return 0
        lines, count = (
            select(*Activity.__table__.columns)
            .order_by(Activity.id)
            .execution_options(yield_per=BATCH),
            0,
        )
        for batch in connection.execute(lines).partitions(BATCH):
            said = [LineFacts.by(dict(zip(COLUMNS, line, strict=True))) for line in batch]
            count += len(append(connection, said, log_id=COMMON))
    return count


def begin_keys(connection: Connection, *, now: datetime) -> bool:
    """Say in the log that from here on every seal has a key, once: where no seal has one yet.

    Seals without a key count up to this line; their chain is in it, and the heads that were noted
    tell whether that was written anew before.
    """
    keyed = select(ActivitySeal.activity_id).where(ActivitySeal.key_id != "").limit(1)
    with connection.begin_nested():
        last = last_seal(connection, COMMON)
        if last is None or connection.scalar(keyed) is not None:
            return False
        line = key_changed(connection, last, now=now, is_proved=True)
        connection.execute(insert(ActivitySeal), seals(last, [line], COMMON, last.chain)[0])
    return True


def divide(connection: Connection, *, now: datetime) -> bool:
    """Say once in the chain of all lines that from here on each organization has one of its own;
    return whether that was said. Where there are no lines from before, there is nothing to divide.
    """
    with connection.begin_nested():
        last = last_seal(connection, COMMON)
        if last is None or beginning(connection) != START:
            return False
        line = told(connection, LOG_DIVIDED, None, now, place=last.sequence, head=last.chain)
        append(connection, [line], log_id=COMMON)
    return True


def change_keys(connection: Connection, *, now: datetime) -> int:
    """Say in each chain that ends with a seal of a former key that another has begun; return in how
    many.
    """
    logs = connection.scalars(select(ActivitySeal.log_id).distinct().order_by(ActivitySeal.log_id))
    return sum(bool(append(connection, [], log_id=log_id, now=now)) for log_id in logs.all())
