"""The file of a model view: its rows as CSV and JSON, by the columns of its model.

Here: the columns, and the door, made for each view. Not here: how a file is written (exchange).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from app.activity import events
from app.exchange.columns import BY_NAME, Column
from app.exchange.files import File
from app.exchange.views import ExportView
from app.kernel.i18n import lazy
from app.model_views import declared
from app.model_views.columns import column_of, eager, kinds, words_of
from app.model_views.package_words import lazy_of, package_of
from app.model_views.values.kind_of import One, Several, called
from app.model_views.values.kinds import InLanguages, Kind


@cache
def file_of(view: Any) -> type[ExportView]:
    """Return the door of a view's files."""
    model, name = view.datamodel.obj, f"{view.__name__.removesuffix('View')}Export"
    every = kinds(model)
    found = {key: every[key] for key in declared.shown_columns(view)}
    package, own_labels = package_of(view), view.label_columns or {}
    columns = [Column("id", lazy("Number"), lambda row: row.id)]
    for key, kind in found.items():
        label = own_labels.get(key) or lazy_of(package, words_of(key))
        permission = view.column_permission_name.get(key)
        needs = (permission, view.class_permission_name) if permission else None
        own = declared.retold(view).get(key)
        value = own.plain if own is not None else _value(key, kind)
        columns.append(Column(key, label, value, BY_NAME, needs))
    along = eager(model, [column_of(model, key, kind, "") for key, kind in found.items()])
    return type(
        name,
        (ExportView,),
        {
            "__doc__": f"{view.__name__} as a file.",
            "__module__": view.__module__,
            "file": File(
                view.word, model, columns, events.CATALOGUE[f"{view.word}_exported"], along
            ),
            "route_base": view.route_base,
            "class_permission_name": view.class_permission_name,
            "method_permission_name": ExportView.method_permission_name
            | {"export": view.method_permission_name["list"]},
        },
    )


def _value(key: str, kind: Kind) -> Callable[[Any], Any]:
    """The raw value of a column: related rows by name, texts of several languages by their code."""
    if isinstance(kind, Several):
        return lambda row: [called(one) for one in getattr(row, key)]
    if isinstance(kind, One):
        return lambda row: called(getattr(row, key)) or None
    if isinstance(kind, InLanguages):
        return lambda row: getattr(row, key) or None
    return lambda row: kind.plain(getattr(row, key))
