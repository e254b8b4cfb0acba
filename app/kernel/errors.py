"""Refusals: a "no" with a sentence.

Here: the base of every refusal and of a refused start, asking a check why it refuses, refusing a
row that is not among some. Not here: the refusals themselves (each beside its verb) and how they
are shown (http.errors).
"""

from __future__ import annotations

import sys
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

    def each(self) -> tuple[Refusal, ...]:
        """The refusals to show, each at its field."""
        return (self,)


class StartRefused(SystemExit):
    """A start that cannot work: one sentence on standard error, and the status at which gunicorn
    ends instead of starting the process again.
    """

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.code = 4
        sys.stderr.write(f"{sentence}\n")


class Several(Refusal):
    """Everything that is wrong with what was typed, said at once."""

    status = 422

    def __init__(self, refusals: Iterable[Refusal]) -> None:
        super().__init__()
        self.refusals = tuple(refusals)
        self.problems = {one.field: str(one) for one in self.refusals if one.field}

    def __str__(self) -> str:
        return "\n".join(map(str, self.refusals))

    def each(self) -> tuple[Refusal, ...]:
        return self.refusals


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


def all_at_once(*checks: Callable[[], object]) -> None:
    """Make every check, and raise all that they refuse: the first refusal of each field."""
    found: dict[str | None, Refusal] = {}
    for check in checks:
        try:
            check()
        except Refusal as refusal:
            for one in refusal.each():
                found.setdefault(one.field, one)
    if len(found) > 1:
        raise Several(found.values())
    for one in found.values():
        raise one


def obstacle(check: Callable[[], object]) -> str:
    """Why a check refuses, in its own sentence; "" where it does not: what a page says instead of
    showing a button.
    """
    try:
        check()
    except Refusal as refusal:
        return str(refusal)
    return ""
