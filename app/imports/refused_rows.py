"""Refused rows: those of a file that were not imported, as a file that imports again once mended.

Here: the columns as they were read, in front the line and the reason; passwords empty. Not here:
which rows were refused (imports.drafts).
"""

from __future__ import annotations

import csv
from datetime import datetime
from io import StringIO

from app.batches import values
from app.exchange.writing import BOM, safe
from app.imports import drafts
from app.imports.columns import BY_KEY
from app.models import Batch


def written(batch: Batch, *, now: datetime) -> str:
    """Return the file. Cells stand as they did in the one before, and are no formulas."""
    rows = drafts.refused(batch)
    cells = {row.number: values.read(row.sealed_values, now=now) for row in rows}
    keys = [key for key in BY_KEY if any(key in one for one in cells.values())]
    out = StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([str(BY_KEY[key].label) for key in ("line", "reason", *keys)])
    for row in rows:
        said = " ".join(str(one["message"]) for one in row.problems)
        kept = (_cell(key, cells[row.number].get(key, "")) for key in keys)
        writer.writerow([row.line, safe(said), *kept])
    return BOM + out.getvalue()


def _cell(key: str, raw: str) -> str:
    """A cell as it stood; one that was a formula's text before is guarded already."""
    if key == "password":
        return ""
    return raw if raw.startswith("'") else safe(raw)
