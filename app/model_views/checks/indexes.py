"""Indexes that a large list of an added screen lacks, for `flask portal check`.

Here: which orders of a list no index serves once an organization has many rows. Not here: making
indexes, which is the package's own migration.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flask import Flask
from sqlalchemy import func, inspect, select

from app.extensions import db
from app.kernel.i18n import _
from app.models.organization_scope import OWN

LARGE = 10_000
"""Rows of one organization, from which on an order without an index is felt."""


def complaints(app: Flask, *, large: int = LARGE) -> Iterator[str]:
    """Name each index to add, as it is written in the model."""
    for view in app.extensions["appbuilder"].baseviews:
        if hasattr(view, "kinds") and hasattr(view, "definition"):
            yield from _of(view, large)


def _of(view: Any, large: int) -> Iterator[str]:
    model = view.datamodel.obj
    table = model.__table__
    if OWN not in table.c or not inspect(db.engine).has_table(table.name):
        return
    served = {tuple(column.name for column in index.columns)[:2] for index in table.indexes}
    wanted = [
        name
        for name, order in view.definition.order_columns.items()
        if name in model.__mapper__.columns
        and getattr(order, "key", None) == name
        and (OWN, name) not in served
    ]
    largest = select(func.count()).group_by(table.c[OWN]).order_by(func.count().desc()).limit(1)
    if not wanted or (db.session.scalar(largest.select_from(table)) or 0) < large:
        return
    for name in wanted:
        yield _(
            "The list %(list)s is ordered by %(column)s without an index, and has over %(rows)d"
            " rows. Add to %(model)s: %(index)s",
            list=str(view.list_title),
            column=name,
            rows=large,
            model=model.__name__,
            index=f'Index("ix_{table.name}_{name}", "{OWN}", "{name}", "id")',
        )
