"""Statistics: what the database knows of its tables' sizes, by which it chooses indexes.

Here: taking them anew. Not here: when (app.schedule, and whoever has written very many rows).
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import text

from app.extensions import db

JOB = "statistics"
LOOK_AT_SOME = "PRAGMA analysis_limit = 1000"
"""Rows of each index, on SQLite: enough to tell a rare value from a frequent one, in milliseconds.
"""


def refresh(_now: datetime | None = None) -> None:
    """Take the statistics anew, in a transaction of its own."""
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if connection.dialect.name == "sqlite":
            connection.execute(text(LOOK_AT_SOME))
        connection.execute(text("ANALYZE"))
