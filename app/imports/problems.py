"""Problems: what is wrong with one cell, and what to do about it.

Here: a problem and its place, and the refusals that only files have. Not here: what the verbs
refuse (each beside its verb), whole files (imports.refusals).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from app.imports.refusals import MOST_CHARACTERS
from app.kernel.errors import Refusal
from app.kernel.i18n import lazy


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing about one line: where, what stands there, and a sentence; a warning never
    blocks.
    """

    line: int
    column: str
    value: str
    refusal: Refusal
    place: str = ""

    @property
    def code(self) -> str:
        """Its name, for machines."""
        return self.refusal.name

    @property
    def sentence(self) -> str:
        """Its words, for people."""
        return str(self.refusal)


class CellRefused(Refusal):
    """A cell that cannot be used as it is."""

    status: ClassVar[int] = 422


class Unreadable(CellRefused):
    text = lazy("This cannot be read as %(encoding)s. Choose another encoding, or type it anew.")


class OtherEncoding(CellRefused):
    text = lazy(
        "This line is in another encoding (%(other)s) than the first lines (%(encoding)s). Save the"
        " whole file in one encoding."
    )


class UserDefined(CellRefused):
    text = lazy(
        "This contains a user-defined character (gaiji), which exists on one computer only. Use"
        " another character."
    )


class LineBreak(CellRefused):
    text = lazy("This cell contains a line break. Delete it.")


class CellTooLong(CellRefused):
    text = lazy("A cell has at most %(max)d characters.", max=MOST_CHARACTERS)


class ErrorInCell(CellRefused):
    text = lazy("The workbook shows an error here. Correct the formula, or type the value.")


class CannotBeEmptied(CellRefused):
    text = lazy("This cannot be emptied. Leave the cell blank to keep what is there.")


class NotANumber(CellRefused):
    text = lazy("This is the number from the export. Leave it blank for somebody new.")


class NotOneOf(CellRefused):
    text = lazy("Write one of these: %(words)s.")


class UnknownRole(CellRefused):
    text = lazy("There is no role “%(name)s”.")


class UnknownRoleLike(CellRefused):
    text = lazy("There is no role “%(name)s”. Did you mean “%(meant)s”?")


class UnknownAuthority(CellRefused):
    text = lazy("There is no authority or authority preset “%(name)s”.")


class UnknownAuthorityLike(CellRefused):
    text = lazy("There is no authority or authority preset “%(name)s”. Did you mean “%(meant)s”?")


class OpenQuoteInList(CellRefused):
    text = lazy("A quotation mark in this list is not closed.")


# what is only said


class NotSplit(CellRefused):
    text = lazy("The name has no space, so all of it is taken as the family name.")


class MaybeDamaged(CellRefused):
    text = lazy("This may be damaged: “%(sign)s” often stands for a character that was lost.")


class Rounded(CellRefused):
    text = lazy("The spreadsheet shortened this number. Format the column as text, type it anew.")


class Mojibake(CellRefused):
    text = lazy("This looks like text that was read in the wrong encoding.")


class NumberAsText(CellRefused):
    text = lazy(
        "This is a number in the workbook, so leading zeros that the spreadsheet shows are not in"
        " the file."
    )


def not_one_of(words: Any) -> NotOneOf:
    """A word that a column does not know, with those that it does."""
    return NotOneOf(words=words)
