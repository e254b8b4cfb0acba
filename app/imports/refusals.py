"""Why a whole file cannot be read: one plain sentence each.

Here: refusals of files. Not here: what is wrong with one cell (imports.problems).
"""

from __future__ import annotations

from typing import ClassVar

from app.kernel.errors import Refusal
from app.kernel.i18n import lazy
from config import MAX_FILE

MOST_BYTES = MAX_FILE
MOST_ROWS, MOST_COLUMNS, MOST_CHARACTERS = 100_000, 200, 1_000


class FileRefused(Refusal):
    """A file that cannot be read; nothing of it is kept."""

    status: ClassVar[int] = 422
    field = "file"


class EmptyFile(FileRefused):
    """Nothing at all."""

    text = lazy("The file is empty.")


class NoRows(FileRefused):
    """A header and nothing below it, such as an untouched template."""

    text = lazy("The file has column names, but no rows below them.")


class NoKnownColumn(FileRefused):
    """Whatever it is, no list of members."""

    text = lazy(
        "None of the first 10 lines has a column name that is known here, such as “Login ID” or"
        " “E-mail address”. Download the template and fill it in."
    )


class NotATable(FileRefused):
    """A document of another kind, whatever its name ends with."""

    text = lazy(
        "This is a %(kind)s file, not a table. Choose a CSV file, a tab-separated file or an Excel"
        " workbook."
    )


class FileTooLarge(FileRefused):
    """More bytes than are read."""

    status = 413
    text = lazy("The file is larger than %(most)d MB. Split it into several files.")


class TooManyRows(FileRefused):
    """More rows than are read."""

    text = lazy("The file has more than %(most)s rows. Split it into several files.")


class TooManyColumns(FileRefused):
    """More columns than are read."""

    text = lazy("The file has more than %(most)d columns. Delete those that are not needed.")


class HeaderTwice(FileRefused):
    """Two columns that mean the same."""

    text = lazy("Columns %(first)s and %(second)s both mean “%(label)s”. Keep one of them.")


class OpenQuote(FileRefused):
    """A quotation mark that swallows the rest of the file."""

    text = lazy("A quotation mark opens in line %(line)d and is not closed.")


class Protected(FileRefused):
    """A workbook that only opens with a password."""

    text = lazy("The workbook is protected by a password. Save it without one, then choose it.")


class NoWorkbook(FileRefused):
    """A workbook that is damaged, or made to do harm."""

    text = lazy("The workbook cannot be read. Save it again in Excel, or save the sheet as CSV.")


class WorkbookTooLarge(FileRefused):
    """A workbook that unpacks to far more than it seems to be."""

    text = lazy("The workbook is too large when unpacked. Save the sheet as CSV instead.")


class NoSuchSheet(FileRefused):
    """A sheet that is not, or no longer, in the workbook."""

    text = lazy("The workbook has no sheet “%(sheet)s”.")


class UnknownColumns(FileRefused):
    """Columns that nobody knows and that hold something: nothing is ignored silently."""

    text = lazy("These columns are not known: %(columns)s. Say what they are, or leave them out.")
