"""Reach: what the views of a model keep from whoever comes to its rows from elsewhere: pickers,
filters by a relation, dotted columns.

Here: which columns and rows of a model do not exist for the reader. Not here: a view's own list
(model_views.lists).
"""

from __future__ import annotations

from typing import Any

from flask import current_app
from sqlalchemy import or_, select

from app.access.context import current_seat
from app.access.policy import may


def views_of(model: type[Any]) -> list[Any]:
    """Return the model views of this application that show rows of a model."""
    every = current_app.extensions["appbuilder"].baseviews
    return [
        one
        for one in every
        if hasattr(one, "column_permission_name") and one.datamodel.obj is model
    ]


def withheld(model: type[Any]) -> frozenset[str]:
    """Return the columns of a model that some view of it withholds from the reader."""
    reader = current_seat()
    return frozenset(
        name
        for view in views_of(model)
        for name, permission in view.column_permission_name.items()
        if not may(reader, permission, view.class_permission_name)
    )


def bounded(model: type[Any], query: Any) -> Any:
    """Keep of a query for rows of a model what some view of it shows: `base_filters` hide rows
    everywhere, unless another view has none.
    """
    views = views_of(model)
    if not views or any(one.datamodel.filters is None for one in views):
        return query
    if len(views) == 1:
        return views[0].datamodel.bounded(query)
    shown = [model.id.in_(one.datamodel.bounded(select(model.id))) for one in views]
    return query.where(or_(*shown))
