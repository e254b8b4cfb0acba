"""Finding: which rows are called so, by index.

Here: asking the entries. Not here: what an entry says (search_index.entries), reading what was
typed (search_index.question).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Join, Select, Text, and_, cast, literal_column, select
from sqlalchemy import column as named
from sqlalchemy import table as table_named
from sqlalchemy.dialects.postgresql import ARRAY, array
from sqlalchemy.ext.compiler import compiles

from app.extensions import db
from app.models.search_entry import SearchEntry
from app.search_index.entries import place
from app.search_index.question import Wanted, wanted

ENTRY = SearchEntry.__table__
_PIECES = literal_column("string_to_array(search_entry.pieces, ' ')", ARRAY(Text))
"""As PostgreSQL's index has it."""
MANY = 1_000
"""Rows that a search shows at most, in order: whoever finds more narrows the search."""


NO_ROW = -1


class InThisOrder(Join):
    """A join that SQLite does in the order in which it is written: its planner would ask the
    full-text index once for each row on the other side.
    """

    inherit_cache = False


@compiles(InThisOrder)
def _join(element: InThisOrder, compiler: Any, **options: Any) -> str:
    return str(compiler.visit_join(element, **options))


@compiles(InThisOrder, "sqlite")
def _cross_join(element: InThisOrder, compiler: Any, **options: Any) -> str:
    return str(compiler.visit_join(element, **options)).replace(" JOIN ", " CROSS JOIN ", 1)


def hits(kind: str, typed: str, *, organization_id: int | None = None) -> Select[Any] | None:
    """The query for the ids of the rows of a table that contain every word, as `row_id`; None
    where nothing was asked. An organization finds only what is found in it.
    """
    words = wanted(typed)
    if not words:
        return None
    where = "" if organization_id is None else place(organization_id)
    is_it = and_(ENTRY.c.kind == kind, *(_contains(word) for word in words))
    row_id = (ENTRY.c.row_id + 0).label("row_id")
    if db.session.get_bind().dialect.name == "postgresql":
        kept = {one for word in words for one in word.pieces} | ({where} - {""})
        has = _PIECES.op("@>")(cast(array(sorted(kept)), ARRAY(Text)))
        return select(row_id).where(is_it, *([has] if kept else []))
    return select(row_id).select_from(_full_text(words, where)).where(is_it)


def _contains(word: Wanted) -> ColumnElement[bool]:
    return ENTRY.c.words.contains(word.within, autoescape=True)


def _full_text(words: Sequence[Wanted], where: str) -> Any:
    """The entries that a full-text table of SQLite's finds; all of them where no word is long
    enough.
    """
    pieces = sorted({one for word in words for one in word.pieces})
    trigrams = sorted({one for word in words for one in word.trigrams})
    name = "search_pieces" if pieces else "search_words"
    terms = [one for one in (where, *(pieces or trigrams)) if one]
    if not terms:
        return ENTRY
    asked = " AND ".join(chr(34) + one.replace(chr(34), chr(34) * 2) + chr(34) for one in terms)
    index = table_named(name, named("rowid"), named(name))
    found = select(index.c.rowid.label("entry_id")).where(index.c[name].op("MATCH")(asked))
    return InThisOrder(found.subquery(), ENTRY, literal_column("entry_id") == ENTRY.c.id)


def narrow(query: Select[Any], key: Any, kind: str, typed: str, organization_id: int | None) -> Any:
    """Narrow a query to rows whose `key` the index finds: it is asked first, and no further than
    the query needs.
    """
    found = hits(kind, typed, organization_id=organization_id)
    if found is None:
        return query.where(key == NO_ROW)
    inner = found.subquery("hits")
    return query.select_from(InThisOrder(inner, key.class_.__table__, inner.c.row_id == key))


def is_found(
    key: Any, kind: str, typed: str, *, organization_id: int | None = None
) -> ColumnElement[bool]:
    """The condition that the index finds a row by its key."""
    found = hits(kind, typed, organization_id=organization_id)
    return key == NO_ROW if found is None else key.in_(found)
