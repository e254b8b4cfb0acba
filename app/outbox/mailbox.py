"""The local mailbox: where letters go while there is no mail server, one .eml file each.

Here: keeping, listing, reading and throwing away those files. Not here: showing them
(outbox.mailbox_views), when they are kept (outbox.delivery).
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from email import policy
from email.message import EmailMessage
from email.parser import BytesHeaderParser, BytesParser
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Self

from app.kernel.errors import NotFound
from app.kernel.text import search_key
from app.kernel.tokens import digest
from app.outbox.failures import Unreachable
from app.outbox.message import LetterMail, one_line

_NAME = re.compile(r"\d{20}-[0-9a-f]{12}")


@dataclass(frozen=True)
class Kept:
    """A letter as it lies in the mailbox."""

    name: str
    to: str
    subject: str
    date: datetime
    text: str
    html: str


class LocalMailbox:
    """The mailbox of one instance folder."""

    def __init__(self, instance: Path) -> None:
        self._folder = instance / "mailbox"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """There is nothing to close."""

    def carry(self, mail: LetterMail) -> None:
        """Keep a letter; the same one twice is one file."""
        name = f"{mail.written_at:%Y%m%d%H%M%S%f}-{digest(mail.message_id)[:12]}"
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._write(self._folder / f"{name}.eml", mail.as_bytes())
        except OSError as error:
            raise Unreachable(one_line(str(error))) from error

    def names(self, words: str = "") -> list[str]:
        """Return the names of the letters, newest first; with words, of those whose recipient or
        subject contains them.
        """
        wanted = search_key(words)
        return [
            path.stem
            for path in sorted(self._files(), reverse=True)
            if not wanted or wanted in _heading(path)
        ]

    def read(self, name: str) -> Kept:
        """Return one letter; raise NotFound for any other name."""
        path = self._folder / f"{name}.eml"
        if not _NAME.fullmatch(name) or not path.is_file():
            raise NotFound()
        try:
            return _read(path)
        except FileNotFoundError as error:
            raise NotFound() from error

    def some(self, names: Iterable[str]) -> list[Kept]:
        """Return the letters of these names, but for those that were thrown away meanwhile."""
        found = []
        for name in names:
            with suppress(NotFound):
                found.append(self.read(name))
        return found

    def clear(self, before: datetime | None = None) -> int:
        """Throw the letters away, or those of before a moment; return how many."""
        until = f"{before:%Y%m%d%H%M%S%f}" if before else "~"
        gone = [path for path in self._files() if path.name < until]
        for path in gone:
            path.unlink(missing_ok=True)
        return len(gone)

    def _files(self) -> Iterator[Path]:
        return (path for path in self._folder.glob("*.eml") if _NAME.fullmatch(path.stem))

    @staticmethod
    def _write(path: Path, content: bytes) -> None:
        draft = path.with_suffix(".part")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(content)
        draft.replace(path)


def _heading(path: Path) -> str:
    """What is searched of a letter; "" of one that was thrown away meanwhile."""
    try:
        mail = BytesHeaderParser(policy=policy.default).parsebytes(path.read_bytes())
    except FileNotFoundError:
        return ""
    return search_key(f"{mail['To'] or ''} {mail['Subject'] or ''}")


def _read(path: Path) -> Kept:
    mail = BytesParser(EmailMessage, policy=policy.default).parsebytes(path.read_bytes())
    date = (
        parsedate_to_datetime(mail["Date"])
        if mail["Date"]
        else datetime.fromtimestamp(path.stat().st_mtime, UTC)
    )
    return Kept(
        name=path.stem,
        to=str(mail["To"] or ""),
        subject=str(mail["Subject"] or ""),
        date=date,
        text=_part(mail, "plain"),
        html=_part(mail, "html"),
    )


def _part(mail: EmailMessage, kind: str) -> str:
    body = mail.get_body((kind,))
    return str(body.get_content()) if body is not None else ""
