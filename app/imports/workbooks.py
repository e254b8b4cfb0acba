"""Workbooks: an Excel or OpenDocument file as rows of cells.

Here: the guard in front (what it unpacks to, whatever it says of itself), and the process that
opens it. Not here: what happens in that process (imports.workbook_child), what the cells mean.
"""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
import zlib
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

from app.imports import workbook_child
from app.imports.cells import ErrorCell, Number
from app.imports.refusals import (
    MOST_COLUMNS,
    MOST_ROWS,
    NoSuchSheet,
    NoWorkbook,
    Protected,
    WorkbookTooLarge,
)
from app.imports.splitting import Record

MOST_UNPACKED, MOST_ENTRIES, MOST_RATIO, SMALL = 100 * 1024 * 1024, 2_000, 200, 1024 * 1024
PIECE = 64 * 1024
SECONDS = 60
_SEALED = "EncryptedPackage".encode("utf-16-le")
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"


@dataclass(frozen=True)
class Workbook:
    """One sheet of a workbook, and the names of all."""

    sheet: str
    sheets: tuple[str, ...]
    rows: tuple[Record, ...]


def is_workbook(data: bytes) -> bool:
    """Whether these are the first bytes of a workbook."""
    return data.startswith((_ZIP, _OLE))


def open_workbook(data: bytes, *, sheet: str = "") -> Workbook:
    """Read one sheet. Raises NoWorkbook, WorkbookTooLarge, Protected, NoSuchSheet."""
    if data.startswith(_ZIP):
        _ensure_harmless(data)
    elif _SEALED in data:
        raise Protected()
    program = str(Path(workbook_child.__file__))
    command = [sys.executable, "-I", program, sheet, str(MOST_ROWS), str(MOST_COLUMNS)]
    try:
        answer = subprocess.run(  # noqa: S603
            command, input=data, capture_output=True, timeout=SECONDS, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise WorkbookTooLarge() from error
    if answer.returncode == workbook_child.PROTECTED:
        raise Protected()
    if answer.returncode:
        raise NoWorkbook()
    head, *lines = answer.stdout.decode().splitlines()
    said = json.loads(head)
    if sheet and said["sheet"] != sheet:
        raise NoSuchSheet(sheet=sheet)
    return Workbook(said["sheet"], tuple(said["sheets"]), tuple(map(_record, lines)))


def _record(line: str) -> Record:
    number, row = json.loads(line)
    return number, [_cell(value) for value in row]


def _cell(value: Any) -> str:
    if isinstance(value, list):
        return Number(value[0])
    return ErrorCell("#") if isinstance(value, dict) else str(value)


def _ensure_harmless(data: bytes) -> None:
    """Read every entry through, and count: what an archive says of its own sizes is not
    believed.
    """
    total = 0
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            entries = archive.infolist()
            if len(entries) > MOST_ENTRIES:
                raise WorkbookTooLarge()
            if any(entry.flag_bits & 1 for entry in entries):
                raise Protected()
            for entry in entries:
                total += _unpacked(archive, entry, MOST_UNPACKED - total)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, ValueError) as error:
        raise NoWorkbook() from error


def _unpacked(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, most: int) -> int:
    """How many bytes an entry has. Raises WorkbookTooLarge."""
    count = 0
    with archive.open(entry) as opened:
        while piece := opened.read(PIECE):
            count += len(piece)
            is_bomb = count > SMALL and count > MOST_RATIO * max(entry.compress_size, 1)
            if count > most or is_bomb:
                raise WorkbookTooLarge()
    return count
