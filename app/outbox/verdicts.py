"""Verdicts: what became of an attempt to hand a letter over, as an exception with its reason.

Here: the three kinds. Not here: what follows from them (outbox.delivery), how a server's answers
are read (outbox.smtp).
"""

from __future__ import annotations


class Undelivered(Exception):
    """A letter did not leave; the text says why, in the server's words."""


class Unreachable(Undelivered):
    """The server cannot be reached or does not take our mail: no letter's fault."""


class NotNow(Undelivered):
    """The server asks to try this letter later."""


class Rejected(Undelivered):
    """The server will never take this letter."""
