"""Refusals: a "no" with a sentence.

Here: the base of every refusal, asking a check why it refuses, refusing a row that is not among
some. Not here: the refusals themselves (each beside its verb) and how they are shown (web.errors).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, ClassVar, Protocol, TypeVar

from app.kernel.i18n import lazy


class Refusal(Exception):
    """A verb's "no", said in the reader's language.

    The keywords it is raised with are the named words of its sentence. `field` names the form field
    the sentence belongs to; `keep_changes` asks the door to commit what led here (a wrong code
    counts).
    """

    status: ClassVar[int] = 400
    text: ClassVar[Any] = lazy("That is not possible.")
    field: str | None = None
    keep_changes: ClassVar[bool] = False

    def __init__(self, *, field: str | None = None, **words: Any) -> None:
        super().__init__()
        self.words = words
        if field is not None:
            self.field = field

    def __str__(self) -> str:
        return str(self.text) % self.words if self.words else str(self.text)

    @property
    def name(self) -> str:
        """The refusal's name, for machines."""
        return type(self).__name__


class NotFound(Refusal):
    """Nothing here by that name, or nothing that this reader may know of."""

    status = 404
    text = lazy("We cannot find that. It may have been removed, or belong to another organization.")


class Forbidden(Refusal):
    """The reader may not do this."""

    status = 403
    text = lazy("You do not have the authority for this.")


class Conflict(Refusal):
    """Somebody else was faster."""

    status = 409
    text = lazy(
        "Somebody changed this at the same moment. Look at it again and repeat what you wanted."
    )


class Numbered(Protocol):
    """Whatever has an id."""

    @property
    def id(self) -> Any: ...


Row = TypeVar("Row", bound=Numbered)


def pick(rows: Iterable[Row], row_id: str) -> Row:
    """Return the row with this id, as addresses and forms spell it, among those that may be chosen.
    Raises NotFound.
    """
    found = next((one for one in rows if str(one.id) == row_id), None)
    if found is None:
        raise NotFound()
    return found


def obstacle(check: Callable[[], object]) -> str:
    """Why a check refuses, in its own sentence; "" where it does not: what a page says instead of
    showing a button.
    """
    try:
        check()
    except Refusal as refusal:
        return str(refusal)
    return ""
