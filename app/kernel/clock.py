"""Clock: the present moment, for doors. Verbs take `now` as an argument instead.

Here: one function. Not here: how moments are written (web.formatters).
"""

from datetime import UTC, datetime


def utcnow() -> datetime:
    """Return this moment, aware, in UTC."""
    return datetime.now(UTC)
