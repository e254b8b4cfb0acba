"""Drawing the rows of a list in one go: whatever is the same in every row is worked out once.

Here: markup of rows. Not here: single cells (model_views.drawing.cells), which rows and columns
(model_views.lists).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from markupsafe import Markup, escape

from app.kernel.i18n import _, current_language
from app.model_views.drawing.cells import NOTHING, cell_of, link_to
from app.model_views.values.kind_of import One, Several, called
from app.model_views.values.kinds import Chosen, Flag
from app.screens.frame.theme import drawing

Draw = Callable[[Any], Markup]
NAME = "\x00"
"""Stands for a row's name in a sentence that is said once for all rows."""


class RowDrawing:
    """The rows of one page, for one reader."""

    def __init__(self, view: Any, names: Sequence[str], *, bulk: bool, has_menu: bool) -> None:
        self.view, self.bulk, self.has_menu = view, bulk, has_menu
        self.address = escape(view.door_of_rows())
        self.has_page = "show" not in view.exclude_route_methods
        self.first, *rest = [drawer(view, name) for name in names]
        self.rest = [*zip(_opened(view, tuple(names[1:])), rest, strict=True)]
        self.select = _around_name(_("Select %(name)s", name=NAME))
        self.actions = _around_name(_("Actions for %(name)s", name=NAME))
        self.dots = drawing("three-dots")

    def draw(self, row: Any) -> str:
        """One row; every part of it is escaped."""
        look, locks = self.view.row_class(row), self.view.row_locks(row)
        pk, name = row.id, escape(called(row))
        parts = ["<tr"]
        parts += [f' class="{escape(look)}"'] if look else []
        parts += [f' data-locks="{escape(locks)}"'] if locks else []
        parts.append(">")
        if self.bulk:
            before, after = self.select
            parts.append(
                '<td class="c-check"><input class="form-check-input" type="checkbox" name="rowid"'
                f' value="{pk}" aria-label="{before}{name}{after}"></td>'
            )
        parts.append(f'<th scope="row" class="fw-normal">{self.head(pk, row)}</th>')
        parts += [f"{opened}{draw(row)}</td>" for opened, draw in self.rest]
        if self.has_menu:
            before, after = self.actions
            parts.append(
                f'<td class="c-menu"><a class="btn btn-icon btn-sm" href="{self.address}{pk}"'
                f' aria-label="{before}{name}{after}">{self.dots}</a></td>'
            )
        return "".join([*parts, "</tr>"])

    def head(self, pk: int, row: Any) -> Markup:
        """The first cell, which leads to the row's page."""
        shown = self.first(row)
        if "<a " in shown or not self.has_page:
            return shown
        return link_to(f"{self.address}{pk}", shown or f"#{pk}", "fw-semibold")


def drawer(view: Any, name: str) -> Draw:
    """Return what draws one column."""
    column, formatter = view.known[name], (view.formatters_columns or {}).get(name)
    if formatter is not None:
        return lambda row: escape(formatter(column.of(row)))
    if column.cell is not None or column.kind is None:
        return lambda row: cell_of(column.shown(row))
    if isinstance(column.kind, Chosen):
        return _choice(column)
    if isinstance(column.kind, Flag):
        ticks = {value: cell_of(value) for value in (None, False, True)}
        return lambda row: ticks[column.kind.show(column.of(row))]
    if isinstance(column.kind, One) and not isinstance(column.kind, Several):
        return _related(column, escape(view.address_of(column.kind.target)))
    return lambda row: cell_of(column.shown(row))


def _opened(view: Any, names: tuple[str, ...]) -> Sequence[str]:
    """How the cells of these columns begin; said once in each language."""
    known = view.cells_opened
    key = current_language(), names
    if key not in known:
        labels = (escape(str(view.label_columns[name])) for name in names)
        known[key] = [f'<td data-label="{label}">' for label in labels]
    return known[key]


def _around_name(sentence: str) -> tuple[Markup, Markup]:
    """What a sentence says before a row's name, and after it."""
    before, _name, after = sentence.partition(NAME)
    return escape(before), escape(after)


def _choice(column: Any) -> Draw:
    words = {word: escape(str(label)) for word, label in column.kind.labels.items()}
    plain = column.kind.plain
    return lambda row: words.get(plain(column.of(row)), NOTHING)


def _related(column: Any, address: str) -> Draw:
    def draw(row: Any) -> Markup:
        target = column.of(row)
        if target is None:
            return NOTHING
        shown = called(target)
        return link_to(f"{address}{target.id}", shown) if address else escape(shown)

    return draw
