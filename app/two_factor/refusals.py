"""Refusals of the second step.

Here: sentences and statuses. Not here: when they are raised (two_factor.service).
"""

from __future__ import annotations

from app.kernel.errors import Refusal
from app.kernel.i18n import lazy, lazy_n
from app.two_factor.steps import CodeUsed


class WrongCode(Refusal):
    """Not the code; the try counts."""

    status = 422
    field = "code"
    keep_changes = True

    def __init__(self, *, left: int) -> None:
        super().__init__(num=left)
        self.left = left

    def __str__(self) -> str:
        return str(
            lazy_n(
                "That is not the code. You have %(num)s try left.",
                "That is not the code. You have %(num)s tries left.",
                self.left,
            )
        )


class UsedCode(WrongCode):
    """A code of the app that opened something before; the try counts all the same."""

    def __str__(self) -> str:
        return str(CodeUsed())


class CodeOver(Refusal):
    """The code expired, was used or replaced, or this browser waits for none."""

    status = 410
    text = lazy("This code no longer works. Sign in again to get a new one.")


class CodeReplaced(CodeOver):
    """Somebody signed in with the account elsewhere meanwhile."""

    text = lazy(
        "This code no longer works: somebody signed in with this account in another browser or"
        " window after you did. If that was you, go on there, or sign in again here. If not, change"
        " your password."
    )


class CodeSpent(CodeOver):
    """The last try was wrong, too; that it was taken must be remembered."""

    keep_changes = True
    text = lazy(
        "That was not the code either, and it was the last try. Sign in again to get a new one."
    )


class TooSoon(Refusal):
    """Another code was asked for within a minute."""

    status = 429

    def __init__(self, *, seconds: int) -> None:
        super().__init__(num=seconds)
        self.seconds = seconds

    def __str__(self) -> str:
        return str(
            lazy_n(
                "You can ask for another code in %(num)s second.",
                "You can ask for another code in %(num)s seconds.",
                self.seconds,
            )
        )
