"""Filters: how a list is narrowed by a column, by its kind.

Here: one filter for each kind that has one. Not here: reading them from the address
(screens.list_query), words in the search box (model_views.search).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from sqlalchemy import false, select
from wtforms import ValidationError

from app.kernel.clock import end_of_day, start_of_day
from app.kernel.i18n import lazy
from app.model_views.forms import targets
from app.model_views.forms.fields import read_day, read_decimal
from app.model_views.forms.pickers import everything
from app.model_views.search import rows_called
from app.model_views.values.kind_of import One, Several, called
from app.model_views.values.kinds import Chosen, Day, Exact, Flag, Kind, Moment, Whole
from app.model_views.values.written import written_day
from app.screens.list_filter import Filter, Range
from app.screens.moments.calendar import zone

NONE, NONE_WORD = "-", lazy("none")
"""The choice of rows in which the column is empty."""
Query = Any


def filter_of(
    name: str, label: Any, kind: Kind, model: Any, narrow: targets.Narrow = everything
) -> Filter | None:
    """Return the filter of a column; None where the search box is enough."""
    if isinstance(kind, Chosen):
        return _choices(name, label, kind, getattr(model, name))
    if isinstance(kind, Flag):
        return _yes_no(name, label, getattr(model, name))
    if isinstance(kind, One):
        return _related(name, label, kind, model, narrow)
    ranges: dict[type[Kind], Callable[..., Filter]] = {
        Day: _days,
        Moment: _moments,
        Whole: _numbers,
        Exact: _numbers,
    }
    made = next((make for of, make in ranges.items() if isinstance(kind, of)), None)
    return made(name, label, kind, getattr(model, name)) if made else None


def _choices(name: str, label: Any, kind: Chosen, column: Any) -> Filter:
    empty = [(NONE, NONE_WORD)] if kind.is_nullable else []

    def apply(query: Query, values: Sequence[str]) -> Query:
        words = [kind.read(one) for one in values if one != NONE]
        found = column.in_(words)
        return query.where(found | column.is_(None) if NONE in values else found)

    return Filter(name, label, lambda: [*kind.labels.items(), *empty], apply, multiple=True)


def _yes_no(name: str, label: Any, column: Any) -> Filter:
    def apply(query: Query, values: Sequence[str]) -> Query:
        return query.where(column.is_(values[0] == "yes"))

    return Filter(name, label, lambda: [("yes", lazy("Yes")), ("no", lazy("No"))], apply)


def _related(name: str, label: Any, kind: One, model: Any, narrow: targets.Narrow) -> Filter:
    """By the name of the other row, or by its number: #12."""
    relation, target = getattr(model, name), kind.target

    def apply(query: Query, values: Sequence[str]) -> Query:
        number = targets.number_in(values[0]) if "#" in values[0] else None
        if number is None and not targets.may_look(target):
            return query.where(false())
        if number and narrow is everything and not isinstance(kind, Several):
            return query.where(getattr(model, kind.key) == number)
        is_it = target.id == number if number else rows_called(target, values[0])
        found = narrow(select(target.id).where(is_it))
        if isinstance(kind, Several):
            return query.where(relation.any(target.id.in_(found)))
        return query.where(getattr(model, kind.key).in_(found))

    def told(text: str) -> str:
        may_look = targets.may_look(target)
        number = targets.number_in(text) if "#" in text and may_look else None
        row = targets.with_ids(target, [number]).get(number) if number else None
        return called(row) or text

    return Filter(name, label, list, apply, text=True, told=told)


def _days(name: str, label: Any, _kind: Kind, column: Any) -> Filter:
    def apply(query: Query, values: Sequence[str]) -> Query:
        first, last = (read_day(one) if one else None for one in values)
        return _between(query, column, first, last)

    return Filter(name, label, list, apply, range=Range("date", _is_day, _told_day))


def _moments(name: str, label: Any, _kind: Kind, column: Any) -> Filter:
    def apply(query: Query, values: Sequence[str]) -> Query:
        first, last = (read_day(one) if one else None for one in values)
        query = query.where(column >= start_of_day(first, zone())) if first else query
        return query.where(column < end_of_day(last, zone())) if last else query

    return Filter(name, label, list, apply, range=Range("date", _is_day, _told_day))


def _numbers(name: str, label: Any, kind: Any, column: Any) -> Filter:
    def read(text: str) -> Any:
        if isinstance(kind, Whole):
            least, most = kind.bounds
            number = int(text)
            if not least <= number <= most:
                raise ValidationError()
            return number
        return read_decimal(text, kind)

    def is_number(text: str) -> bool:
        try:
            read(text)
        except (ValueError, ValidationError):
            return False
        return True

    def apply(query: Query, values: Sequence[str]) -> Query:
        least, most = (read(one) if one else None for one in values)
        return _between(query, column, least, most)

    return Filter(name, label, list, apply, range=Range("number", is_number, str))


def _between(query: Query, column: Any, least: Any, most: Any) -> Query:
    query = query.where(column >= least) if least is not None else query
    return query.where(column <= most) if most is not None else query


def _is_day(text: str) -> bool:
    try:
        day = read_day(text)
    except ValidationError:
        return False
    return date(1, 1, 2) < day < date(9999, 12, 30)


def _told_day(text: str) -> str:
    return written_day(read_day(text))
