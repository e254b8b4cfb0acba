"""The archive: one zip with a file of rows for each table, and a manifest of what is in it.

Here: writing it so that only a whole one has its name, checking it before anything is read. Not
here: where rows come from and go to (backup.saving, backup.restoring).
"""

from __future__ import annotations

import json
import os
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile

from app.backup.refusals import FileThere, NotABackup, NotWritable
from app.kernel.i18n import _

FORMAT, MANIFEST = 1, "manifest.json"
CHUNK = 1 << 20
Archive = ZipFile


@dataclass
class TableFile:
    """The rows of one table: its columns with their kinds, how many rows, their checksum."""

    columns: list[list[str]]
    rows: int = 0
    sha256: str = ""


@dataclass
class Manifest:
    """What a backup is of, and what is in it."""

    format: int
    version: str
    made_at: str
    engine: str
    revision: str
    key: str
    """The name of the SECRET_KEY it belongs to, which tells nothing of the key."""
    packages: dict[str, str | None] = field(default_factory=dict)
    """At which version the tables of each package are; None for one without migrations."""
    package_tables: dict[str, list[str]] = field(default_factory=dict)
    tables: dict[str, TableFile] = field(default_factory=dict)
    last_ids: dict[str, int] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)
    """Files of the instance folder, as text."""

    @property
    def rows(self) -> int:
        return sum(table.rows for table in self.tables.values())


@contextmanager
def created(path: Path) -> Iterator[ZipFile]:
    """Write an archive under another name and give it its own once it is whole. Raises FileThere,
    NotWritable.
    """
    if path.exists():
        raise FileThere(path=path)
    part = path.with_name(f"{path.name}.part")
    try:
        descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with (
            os.fdopen(descriptor, "wb") as file,
            ZipFile(file, "w", ZIP_DEFLATED, compresslevel=1) as archive,
        ):
            yield archive
        part.replace(path)
    except OSError as error:
        raise NotWritable(path=path, reason=error.strerror or str(error)) from error
    finally:
        with suppress(OSError):
            part.unlink()


def add_rows(archive: ZipFile, name: str, table: TableFile, rows: Iterator[list[Any]]) -> None:
    """Write the rows of a table, one JSON line each, as they come."""
    digest = sha256()
    with archive.open(_place(name), "w", force_zip64=True) as file:
        for row in rows:
            line = json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
            file.write(line)
            digest.update(line)
            table.rows += 1
    table.sha256 = digest.hexdigest()


def add_manifest(archive: ZipFile, manifest: Manifest) -> None:
    archive.writestr(MANIFEST, json.dumps(asdict(manifest), ensure_ascii=False, indent=1))


@contextmanager
def opened(path: Path) -> Iterator[tuple[ZipFile, Manifest]]:
    """Open an archive after reading all of it once. Raises NotABackup."""
    try:
        with ZipFile(path) as archive:
            manifest = _manifest(archive)
            for name, table in manifest.tables.items():
                if _checksum(archive, name) != (table.sha256, table.rows):
                    raise ValueError(_("the rows of %(table)s are damaged", table=name))
            yield archive, manifest
    except (BadZipFile, zlib.error, EOFError, KeyError, TypeError, ValueError) as error:
        raise NotABackup(path=path, reason=_reason(error)) from error
    except OSError as error:
        raise NotABackup(path=path, reason=error.strerror or str(error)) from error


def rows_of(archive: ZipFile, name: str) -> Iterator[list[Any]]:
    """Read the rows of a table, one at a time."""
    with archive.open(_place(name)) as file:
        for line in file:
            yield json.loads(line)


def _manifest(archive: ZipFile) -> Manifest:
    said = json.loads(archive.read(MANIFEST))
    if said["format"] != FORMAT:
        raise ValueError(_("it has another format (%(format)s)", format=said["format"]))
    said["tables"] = {name: TableFile(**table) for name, table in said["tables"].items()}
    return Manifest(**said)


def _checksum(archive: ZipFile, name: str) -> tuple[str, int]:
    digest, lines = sha256(), 0
    with archive.open(_place(name)) as file:
        read: Callable[[], bytes] = lambda: file.read(CHUNK)  # noqa: E731
        for chunk in iter(read, b""):
            digest.update(chunk)
            lines += chunk.count(b"\n")
    return digest.hexdigest(), lines


def _reason(error: Exception) -> str:
    if isinstance(error, ValueError) and not isinstance(error, json.JSONDecodeError | UnicodeError):
        return str(error)
    return _("it is damaged, or something else")


def _place(name: str) -> str:
    return f"tables/{name}.jsonl"
