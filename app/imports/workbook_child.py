"""The process in which a workbook is opened: with so much memory and time, and nothing of ours.

Here: from bytes on standard input to rows on standard output, a line of JSON each; the first line
names the sheets. It is run by its path, and imports nothing of the portal. Not here: what is
checked before (imports.workbooks).
"""

from __future__ import annotations

import json
import re
import resource
import sys
import zipfile
from datetime import date, datetime, time, timedelta
from io import BytesIO
from typing import Any

MEMORY, SECONDS = 512 * 1024 * 1024, 60
FAILED, PROTECTED = 3, 4


def plain(value: Any) -> Any:
    """A cell as JSON has it: a number as a list of one."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return [str(int(value)) if value == int(value) else repr(value)]
    if isinstance(value, datetime):
        return (value.date() if value.time() == time() else value).isoformat()
    if isinstance(value, date | time | timedelta):
        return str(value)
    return value


_ERROR = re.compile(rb'<c (?=[^>]*t="e")[^>]*r="([A-Z]+)([0-9]+)"')
_SHEET = re.compile(rb'<sheet [^>]*?name="([^"]*)"[^>]*?r:id="([^"]*)"')
_TARGET = re.compile(rb'Target="(?:/xl/)?([^"]*)"')


def errors_in(data: bytes, name: str) -> set[tuple[int, int]]:
    """Where a sheet of an xlsx shows an error: line and place; the library reads those as blank."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            book, related = (
                archive.read(part) for part in ("xl/workbook.xml", "xl/_rels/workbook.xml.rels")
            )
            ids = dict(_SHEET.findall(book))
            wanted = b'Id="%s"' % ids.get(name.encode(), b"?")
            found = next(one for one in related.split(b"<Relationship ") if wanted in one)
            target = _TARGET.search(found)
            inside = archive.read(f"xl/{target[1].decode()}") if target else b""
    except (zipfile.BadZipFile, KeyError, StopIteration):
        return set()
    return {(int(line), _place(letters)) for letters, line in _ERROR.findall(inside)}


def _place(letters: bytes) -> int:
    """The number of a column, from 0: A, B … Z, AA."""
    place = 0
    for letter in letters:
        place = place * 26 + letter - 64
    return place - 1


def main(name: str, most_rows: int, most_columns: int) -> int:
    """Write the rows of a sheet, the first one where none is named."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError

    try:
        data = sys.stdin.buffer.read()
        book = CalamineWorkbook.from_filelike(BytesIO(data))
        names = book.sheet_names
        chosen = name if name in names else next(iter(names), "")
        sys.stdout.write(json.dumps({"sheets": names, "sheet": chosen}) + "\n")
        if chosen:
            errors = errors_in(data, chosen)
            write_rows(book.get_sheet_by_name(chosen), errors, most_rows, most_columns)
    except PasswordError:
        return PROTECTED
    except (CalamineError, MemoryError, ValueError):
        return FAILED
    return 0


def write_rows(sheet: Any, errors: set[tuple[int, int]], most_rows: int, most_columns: int) -> None:
    """Write every row in which something stands, with the number of its line; a cell that shows an
    error is an object.
    """
    first = (sheet.start or (0, 0))[0]
    wrong: dict[int, list[int]] = {}
    for line, place in errors:
        wrong.setdefault(line, []).append(place)
    for number, row in enumerate(sheet.iter_rows(), 1):
        cells = [plain(one) for one in row[: most_columns + 1]]
        for place in wrong.get(number, []):
            cells += [""] * (place + 1 - len(cells))
            cells[place] = {"error": True}
        if any(cell != "" for cell in cells):
            sys.stdout.write(json.dumps([number, cells]) + "\n")
        if number - first > most_rows + 20:
            break


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])))
