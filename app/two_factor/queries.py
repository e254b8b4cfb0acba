"""What became of the letter with the code.

Here: reading. Not here: sending (two_factor.service).
"""

from __future__ import annotations

from enum import StrEnum

from app.models import LetterState, LoginCode


class Trouble(StrEnum):
    """Why the letter has not left: the mail server takes none now, or will not take this one."""

    WAITS = "waits"
    DEAD = "dead"


def trouble(code: LoginCode) -> Trouble | None:
    """Return what keeps the letter from arriving, None where nothing is known to."""
    letter = code.letter
    if letter is None or letter.state is LetterState.SENT:
        return None
    if letter.state in (LetterState.DEAD, LetterState.DROPPED):
        return Trouble.DEAD
    return Trouble.WAITS if letter.reason else None
