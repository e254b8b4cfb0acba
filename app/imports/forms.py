"""Forms: choosing a file and what it may do; reading it otherwise.

Here: fields. Not here: whether the file can be read (imports.reading).
"""

from __future__ import annotations

from typing import Any

from flask_wtf.file import FileField
from wtforms import BooleanField, RadioField, SelectField, TextAreaField
from wtforms.validators import Optional

from app.imports.decoding import LABELS, OFFERED
from app.imports.verdicts import Mode, New
from app.kernel.i18n import lazy
from app.screens.forms import PortalForm


class FileForm(PortalForm):
    """A file, or cells that were copied, and what it may do (S2-22)."""

    file = FileField(
        lazy("File"),
        render_kw={"accept": ".csv,.tsv,.txt,.xlsx,.xlsm,.xlsb,.xls,.ods,text/csv"},
    )
    pasted = TextAreaField(
        lazy("Cells copied from a spreadsheet"),
        validators=[Optional()],
        render_kw={"rows": 4, "spellcheck": "false"},
        description=lazy("With the row of column names."),
    )
    new = RadioField(
        lazy("People who are no members"),
        choices=[
            (New.REGISTER, lazy("Register")),
            (New.INVITE, lazy("Invite")),
            (New.LEAVE_OUT, lazy("Leave out")),
        ],
        default=New.REGISTER,
    )
    existing = RadioField(
        lazy("People who are members"),
        choices=[("change", lazy("Change")), ("leave_out", lazy("Leave out"))],
        default="change",
    )
    removes = BooleanField(
        lazy("This file may remove people"),
        description=lazy("Where the column “Action” says “remove”."),
    )
    sets_passwords = BooleanField(lazy("Also set passwords of existing members"))

    @property
    def mode(self) -> Mode:
        return Mode(
            New(self.new.data),
            self.existing.data == "change",
            bool(self.removes.data),
            bool(self.sets_passwords.data),
        )

    @property
    def content(self) -> tuple[bytes, str]:
        """The bytes of what was given, and the name of the file."""
        given: Any = self.file.data
        if given is not None and given.filename:
            return given.read(), str(given.filename)[:200]
        return (self.pasted.data or "").encode(), ""


class ReadingForm(PortalForm):
    """How a file is read, where the guess is wrong."""

    encoding = SelectField(
        lazy("Encoding"), choices=[("", lazy("Guess")), *((one, LABELS[one]) for one in OFFERED)]
    )
    delimiter = SelectField(
        lazy("Separator"),
        choices=[
            ("", lazy("Guess")),
            (",", lazy("Comma")),
            ("\t", lazy("Tab")),
            (";", lazy("Semicolon")),
            ("|", "|"),
        ],
    )
    sheet = SelectField(lazy("Sheet"), choices=[], validate_choice=False)
