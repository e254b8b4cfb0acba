"""What a database needs so that entries are found by index, beyond the table of entries.

Here: PostgreSQL's index of trigrams, which a role may be kept from making. Not here: the tables
(migrations), entries themselves (models.search_entry).
"""

from __future__ import annotations

from sqlalchemy import Connection, inspect, text
from sqlalchemy.exc import DBAPIError

TRIGRAMS = "ix_search_entry_words"
_EXTENSION = "CREATE EXTENSION IF NOT EXISTS pg_trgm"
_INDEX = (
    "CREATE INDEX IF NOT EXISTS ix_search_entry_words ON search_entry"
    " USING gin (words gin_trgm_ops)"
)


def make_trigrams(connection: Connection) -> bool:
    """Make the index of trigrams where it is not there; return whether it is."""
    if has_trigrams(connection):
        return True
    try:
        with connection.begin_nested():
            connection.execute(text(_EXTENSION))
            connection.execute(text(_INDEX))
    except DBAPIError:
        return False
    return True


def has_trigrams(connection: Connection) -> bool:
    """Whether words are found by index; SQLite's full-text table is always there."""
    if connection.dialect.name != "postgresql":
        return True
    return any(one["name"] == TRIGRAMS for one in inspect(connection).get_indexes("search_entry"))
