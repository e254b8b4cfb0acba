"""What is wrong with the search index, for `flask portal check`.

Here: rows that no search finds, searches that read every row. Not here: mending it
(search_index.writing).
"""

from __future__ import annotations

from collections.abc import Iterator

from app.extensions import db
from app.kernel.i18n import _
from app.search_index import schema, writing


def complaints() -> Iterator[str]:
    """One sentence for each."""
    if kinds := writing.incomplete():
        yield _(
            "Searches do not find every row of: %(tables)s. Run: flask portal reindex",
            tables=", ".join(kinds),
        )
    if not schema.has_trigrams(db.session.connection()):
        yield without_trigrams()


def without_trigrams() -> str:
    """What to do where the role of the portal may not make PostgreSQL's extension."""
    return _(
        "The portal’s role may not make the extension pg_trgm, so searches read every row. Have"
        " somebody who may run CREATE EXTENSION pg_trgm; and then run: flask portal upgrade"
    )
