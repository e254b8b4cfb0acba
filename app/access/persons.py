"""Persons: what only people do, and service accounts never.

Here: the refusal, and the check. Not here: what a service account may (access.policy).
"""

from __future__ import annotations

from app.kernel.errors import Refusal
from app.kernel.i18n import lazy
from app.models import Account


class NotAPerson(Refusal):
    """What only people do: signing in, holding a password, running an organization."""

    status = 409
    text = lazy(
        "A service account is no person: it has API keys, and neither a password nor letters."
    )


def ensure_person(account: Account) -> None:
    """Raise NotAPerson for a service account."""
    if account.is_service:
        raise NotAPerson()
