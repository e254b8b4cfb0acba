"""The process in which a workbook is opened: with so much memory and time, and nothing of ours.

Here: from bytes on standard input to rows on standard output, a line of JSON each; the first line
names the sheets. It is run by its path, and imports nothing of the portal. Not here: what is
checked before (imports.workbooks).
"""

from __future__ import annotations

import json
import resource
import sys
from datetime import date, datetime, time, timedelta
from io import BytesIO
from typing import Any

MEMORY, SECONDS = 512 * 1024 * 1024, 60
FAILED, PROTECTED = 3, 4


def plain(value: Any) -> Any:
    """A cell as JSON has it: a number as a list of one, an error as an object."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return [str(int(value)) if value == int(value) else repr(value)]
    if isinstance(value, datetime):
        return (value.date() if value.time() == time() else value).isoformat()
    if isinstance(value, date | time | timedelta):
        return str(value)
    if isinstance(value, str) and value.startswith("#") and value.isupper():
        return {"error": value}
    return value


def main(name: str, most_rows: int, most_columns: int) -> int:
    """Write the rows of a sheet, the first one where none is named."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError

    try:
        book = CalamineWorkbook.from_filelike(BytesIO(sys.stdin.buffer.read()))
        names = book.sheet_names
        chosen = name if name in names else next(iter(names), "")
        out = sys.stdout
        out.write(json.dumps({"sheets": names, "sheet": chosen}) + "\n")
        if chosen:
            sheet = book.get_sheet_by_name(chosen)
            first = (sheet.start or (0, 0))[0]
            for number, row in enumerate(sheet.iter_rows(), 1):
                if any(value != "" for value in row):
                    out.write(json.dumps([number, [plain(one) for one in row[: most_columns + 1]]]))
                    out.write("\n")
                if number - first > most_rows + 20:
                    break
    except PasswordError:
        return PROTECTED
    except (CalamineError, MemoryError, ValueError):
        return FAILED
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])))
