"""Unseen columns: those that only code reads, such as JSON, and those whose name begins with “_”.

Here: what the log keeps of them, so that an undo brings them back; nobody is told. Not here: those
that people see (model_views.columns).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from typing import Any

from sqlalchemy import JSON, Column

from app.model_views.columns import OWN_COLUMNS, kinds
from app.model_views.values.kind_of import kind_of
from app.model_views.values.kinds import Kind

LONGEST = 10_000
"""Characters of one value that the log keeps."""


def unseen(model: Any) -> dict[str, Kind | None]:
    """Return the unseen columns of a model and their kinds, None for JSON; what is secret, and what
    nothing can bring back, is left out.
    """
    return _unseen(model)


@cache
def _unseen(model: Any) -> dict[str, Kind | None]:
    seen, found = kinds(model), {}
    for prop in model.__mapper__.column_attrs:
        column = prop.columns[0]
        if not isinstance(column, Column) or column.foreign_keys or column.info.get("secret"):
            continue
        if prop.key in {*seen, *OWN_COLUMNS}:
            continue
        try:
            kind = kind_of(prop)
        except TypeError:
            continue
        if kind is not None or isinstance(column.type, JSON):
            found[prop.key] = kind
    return found


def kept(item: Any) -> dict[str, Any]:
    """Return the unseen columns of a row as JSON, apart from the row."""
    found = {}
    for name, kind in unseen(type(item)).items():
        value = getattr(item, name)
        text = json.dumps(kind.plain(value) if kind is not None else value)
        if len(text) <= LONGEST:
            found[name] = json.loads(text)
    return found


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, list[Any]]:
    """Return before and after of what changed, as far as both were kept."""
    both = before.keys() & after.keys()
    return {name: [before[name], after[name]] for name in both if before[name] != after[name]}


def read(model: type[Any], plain: Mapping[str, Any]) -> dict[str, Any]:
    """Return what was kept as values of the columns."""
    known = unseen(model)
    return {
        name: kind.read(value) if (kind := known[name]) is not None else value
        for name, value in plain.items()
        if name in known
    }
