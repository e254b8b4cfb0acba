"""Failures: why a letter has not arrived: as an exception with its reason, as the outbox keeps it
and as people read it.

Here: three kinds of failure, our own sentences by their key; anything else is the mail server's
answer and stays as it was said. Not here: what follows from them (outbox.delivery), how a server's
answers are read (outbox.smtp).
"""

from __future__ import annotations

from typing import Any

from app.kernel.i18n import _, lazy, ngettext

TIMEOUT = "timeout"
UNWRITABLE = "unwritable"
STALE = "stale"
WITHDRAWN = "withdrawn"
SETTINGS = "settings"
SENDER = "sender"

SENTENCES: dict[str, Any] = {
    TIMEOUT: lazy("The mail server took too long to answer."),
    UNWRITABLE: lazy("The letter cannot be written as a mail."),
    STALE: lazy("Out of date before it could be sent."),
    WITHDRAWN: lazy("Withdrawn: its link no longer works."),
    SETTINGS: lazy(
        "The mail server’s name, the user name or the password cannot be used as it is written."
        " Correct MAIL_SERVER, MAIL_USERNAME or MAIL_PASSWORD."
    ),
    SENDER: lazy("The sender’s address cannot be used. Correct MAIL_DEFAULT_SENDER."),
}

NOT_THEIRS = frozenset({SETTINGS, SENDER})
"""What only the operator can mend, and others need not read."""


def for_others(reason: str) -> str:
    """Return a kept reason for those who do not run the portal."""
    if reason in NOT_THEIRS:
        return _("The mail server isn’t accepting email at the moment.")
    return spoken(reason)


def spoken(reason: str) -> str:
    """Return a kept reason as a sentence for the reader."""
    return str(SENTENCES.get(reason, reason))


def counted(reason: str, count: int) -> str:
    """Return for how many letters a kept reason holds."""
    return ngettext(
        "%(num)s letter: %(reason)s",
        "%(num)s letters: %(reason)s",
        count,
        reason=spoken(reason),
    )


class Undelivered(Exception):
    """A letter did not leave; the text says why, in the server's words."""


class Unreachable(Undelivered):
    """The server cannot be reached or does not take our mail: no letter's fault."""


class NotNow(Undelivered):
    """The server asks to try this letter later."""


class Rejected(Undelivered):
    """The server will never take this letter."""
