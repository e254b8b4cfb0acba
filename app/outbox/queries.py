"""How many letters: in each state, and for which reason they wait.

Here: reading. Not here: changing (outbox.service).
"""

from __future__ import annotations

from sqlalchemy import func, select

from app.extensions import db
from app.models import Letter, LetterState


def counts() -> dict[LetterState, int]:
    """How many letters there are in each state."""
    rows = db.session.execute(select(Letter.state, func.count(Letter.id)).group_by(Letter.state))
    return dict.fromkeys(LetterState, 0) | dict(rows.all())


def complaints(limit: int = 3) -> list[tuple[str, int]]:
    """Why letters wait, the most frequent reason first, and how many wait for it."""
    many = func.count(Letter.id)
    return [
        (reason, count)
        for reason, count in db.session.execute(
            select(Letter.reason, many)
            .where(Letter.state == LetterState.WAITING, Letter.reason != "")
            .group_by(Letter.reason)
            .order_by(many.desc())
            .limit(limit)
        )
    ]
