"""Rate limit storage: counts in the database, for every process alike, where there is no Redis.

Here: Flask-Limiter's storage `database://`, each count in a short transaction of its own. On SQLite
there is one writer at a time, so a limit is asked before the request has written anything. Not
here: the limits themselves.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from datetime import timedelta
from functools import lru_cache
from typing import Any, ClassVar

from limits.storage import Storage
from sqlalchemy import BindParameter, Connection, Insert, bindparam, case, delete, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import SQLAlchemyError

from app.extensions import db
from app.kernel.clock import utcnow
from app.kernel.tokens import digest
from app.models import Rate


class DatabaseStorage(Storage):
    """Fixed windows in the table of rates.

    Keys are kept as digests: they may hold addresses, and be long.
    """

    STORAGE_SCHEME: ClassVar[list[str]] = ["database"]

    @property
    def base_exceptions(self) -> type[Exception] | tuple[type[Exception], ...]:
        return SQLAlchemyError

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Count `amount` more under a key, in a transaction of its own; a window that is over
        starts again.
        """
        with db.engine.begin() as connection:
            return self.count(connection, [key], expiry, amount)

    def count(self, connection: Connection, keys: Iterable[str], expiry: int, amount: int) -> int:
        """Count `amount` more under each key, within a transaction; return the highest count."""
        now = utcnow()
        words = {"count": amount, "now": now, "ends_at": now + timedelta(seconds=expiry)}
        counting = _counting(db.engine.dialect.name)
        counted = (connection.scalar(counting, words | {"key": digest(key)}) for key in keys)
        return max(map(int, counted), default=0)

    def get(self, key: str) -> int:
        """Return the count of a window that is not over, 0 for none."""
        with db.engine.connect() as connection:
            return (
                connection.scalar(
                    select(Rate.count).where(Rate.key == digest(key), Rate.ends_at > utcnow())
                )
                or 0
            )

    def get_expiry(self, key: str) -> float:
        """Return when a window ends, in seconds of the epoch; the present moment for none."""
        with db.engine.connect() as connection:
            ends_at = connection.scalar(select(Rate.ends_at).where(Rate.key == digest(key)))
        return max(ends_at.timestamp(), time.time()) if ends_at else time.time()

    def check(self) -> bool:
        """Whether the table can be read."""
        try:
            with db.engine.connect() as connection:
                connection.execute(select(func.count()).select_from(Rate).limit(1))
        except SQLAlchemyError:
            return False
        return True

    def reset(self) -> int | None:
        """Forget every count."""
        with db.engine.begin() as connection:
            return connection.execute(delete(Rate)).rowcount

    def clear(self, key: str) -> None:
        """Forget one count."""
        with db.engine.begin() as connection:
            connection.execute(delete(Rate).where(Rate.key == digest(key)))


@lru_cache(maxsize=2)
def _counting(dialect: str) -> Insert:
    """The statement that counts, made once: it takes longer to write than to do."""
    insert: Any = postgresql.insert if dialect == "postgresql" else sqlite.insert
    count: BindParameter[int] = bindparam("count")
    ends_at = bindparam("ends_at", type_=Rate.ends_at.type)
    is_over = Rate.ends_at <= bindparam("now", type_=Rate.ends_at.type)
    counting: Insert = (
        insert(Rate)
        .values(key=bindparam("key"), count=count, ends_at=ends_at)
        .on_conflict_do_update(
            index_elements=[Rate.key],
            set_={
                "count": case((is_over, count), else_=Rate.count + count),
                "ends_at": case((is_over, ends_at), else_=Rate.ends_at),
            },
        )
        .returning(Rate.count)
    )
    return counting


def register() -> None:
    """Make `database://` known to Flask-Limiter; importing this module did."""
