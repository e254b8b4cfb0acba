"""Why somebody is not added, or does not join.

Here: the sentences. Not here: when they are said (bindings.service).
"""

from __future__ import annotations

from app.http.rate_limit import TooManyTries
from app.kernel.errors import Refusal
from app.kernel.i18n import lazy


class AlreadyAdded(Refusal):
    """Nobody is asked twice at once."""

    status = 409
    field = "who"
    text = lazy("This person was added already, and joins at the next sign-in.")


class BindingOver(Refusal):
    """One that was answered, cancelled or became void takes no action."""

    status = 410
    text = lazy("This addition has been answered or cancelled already. Add the person again.")


class BindingVoid(Refusal):
    """Whoever added somebody has gone, or may give less than then."""

    status = 410
    keep_changes = True
    text = lazy(
        "Whoever added you may not do so any more, so nothing was changed. The organization’s"
        " administrators can add you again."
    )


class MemberAlready(Refusal):
    """They have joined in another way meanwhile."""

    status = 409
    keep_changes = True
    text = lazy("You are a member of this organization already, so nothing was changed.")


class TooManyForPerson(TooManyTries):
    """One person is added and added again."""

    text = lazy(
        "This person was added too many times today. Wait %(wait)s, then try again, or speak to the"
        " person first."
    )
