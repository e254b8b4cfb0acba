"""Exporting: a page of a list, or everything that matches, as a file in pieces.

Here: the two verbs. Not here: which rows a list shows (the lists' views), who may (access.policy).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from app.access.policy import may
from app.access.seat import Seat
from app.activity import service as activity
from app.exchange import queries
from app.exchange.files import File
from app.exchange.writing import Format
from app.extensions import db
from app.http.rate_limit import Limit
from app.models import Organization

EXPORTS = Limit("exports", "60 per hour")


def some(file: File, ids: Sequence[int], *, form: Format, by: Seat | None) -> Iterator[str]:
    """Write the rows with these ids, in their order (S3-23…S3-25), in the columns that the reader
    may read; nobody's seat is the operator's.
    """
    columns = [
        one.read_by(by)
        for one in file.columns
        if by is None or one.needs is None or may(by, *one.needs)
    ]
    return form.write(columns, queries.batches(file, ids, columns, db.engine))


def everything(
    file: File,
    ids: Sequence[int],
    *,
    form: Format,
    narrowed: str,
    organization: Organization | None,
    by: Seat | None,
    now: datetime,
) -> Iterator[str]:
    """Write all rows that match, after a line in the log that says who took how many, narrowed by
    what; nobody's seat is the operator's.

    Raises TooManyTries.
    """
    if by is not None:
        EXPORTS.spend(by.account.id)
    activity.record(
        file.event,
        now=now,
        by=by,
        organization=organization,
        rows=len(ids),
        format=form.name,
        filter=narrowed,
    )
    return some(file, ids, form=form, by=by)
