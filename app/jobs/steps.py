"""Steps: work that is committed piece by piece, so that much of it keeps nobody else from writing.

Here: one loop. Not here: the pieces (each feature).
"""

from __future__ import annotations

from collections.abc import Callable

from app.extensions import db


def until_done(step: Callable[[], int]) -> int:
    """Run a step and commit, again and again, until it says that nothing was left to do; return how
    much it did in all.
    """
    done = 0
    while count := step():
        db.session.commit()
        done += count
    db.session.commit()  # what a last look has locked is free again
    return done
