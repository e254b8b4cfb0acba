"""Charts of a model, in the words of Flask-AppBuilder's GroupByChartView.

Here: grouping in SQL, one statement a chart, and the numbers that a page draws. Not here: the
drawing (templates/model_views/charts.html). FAB's own reads every row and draws with scripts of
another site.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from babel.dates import format_date
from babel.numbers import format_decimal
from flask import current_app, url_for
from flask_appbuilder import BaseView, expose
from flask_appbuilder.models.group import aggregate_avg, aggregate_count, aggregate_sum
from flask_appbuilder.security.decorators import has_access
from sqlalchemy import extract, func

from app.extensions import db
from app.kernel.i18n import _, current_language, lazy
from app.model_views.columns import kinds, words_of
from app.model_views.forms.targets import with_ids
from app.model_views.names import READ, NamesMixin
from app.model_views.package_words import lazy_of, package_of
from app.model_views.reach import bounded, withheld
from app.model_views.values.kind_of import One, Several
from app.model_views.values.kinds import Day, Exact, InLanguages, Kind, Moment, Whole
from app.screens.actions import Page

MOST_GROUPS = 50
"""Of one chart; the largest, and the latest months."""
FUNCTIONS: dict[Any, tuple[Callable[[Any], Any], Any]] = {
    aggregate_count: (func.count, lazy("Number of rows")),
    aggregate_sum: (func.sum, lazy("Sum: %(column)s")),
    aggregate_avg: (func.avg, lazy("Average: %(column)s")),
}


@dataclass(frozen=True)
class Bar:
    """One group: how it is called, its number in words, its share of the largest, in percent."""

    label: str
    value: str
    share: float


@dataclass(frozen=True)
class Chart:
    """One series of one definition."""

    title: str
    bars: Sequence[Bar]


class GroupByChartView(NamesMixin, BaseView):
    """Charts: `datamodel`, `chart_title` and `definitions`, each with a `group` and its `series` of
    aggregates; a day or a moment is grouped by month.
    """

    chart_title: ClassVar[Any] = ""
    definitions: ClassVar[Sequence[Mapping[str, Any]]] = ()
    label_columns: ClassVar[Mapping[str, Any] | None] = None
    datamodel: Any = None
    default_view = "chart"
    suffix = "ChartView"

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        if cls.datamodel is not None:
            cls.route_base = f"{cls.route_base}/charts"
            cls.method_permission_name = {"chart": READ}

    @expose("/")
    @has_access
    def chart(self) -> Page:
        known = [one for one in self.definitions if self._exists(one)]
        drawn = [chart for definition in known for chart in self._charts(definition)]
        return str(
            self.render_template(
                "model_views/charts.html", title=self.chart_title, charts=drawn, tabs=self.tabs()
            )
        )

    def tabs(self) -> list[dict[str, Any]]:
        """The list of the same rows, beside its charts."""
        return tabs(self.datamodel.obj, self.endpoint)

    def _exists(self, definition: Mapping[str, Any]) -> bool:
        """Whether each of its columns exists for the reader."""
        names = {definition["group"], *(column for _of, column in definition["series"])}
        return names.isdisjoint(withheld(self.datamodel.obj))

    def _charts(self, definition: Mapping[str, Any]) -> list[Chart]:
        kind = kinds(self.datamodel.obj)[definition["group"]]
        series = definition["series"]
        rows = self._rows(definition["group"], kind, series)
        names = self._names(kind, [row[0] for row in rows])
        say = definition.get("formatter")
        called = [str(say(row[0])) if say else name for row, name in zip(rows, names, strict=True)]
        label = definition.get("label") or self._label(definition["group"])
        return [
            Chart(
                _("%(label)s: %(value)s", label=label, value=self._series(*one))
                if len(series) > 1
                else str(label),
                _bars(called, [row[place] for row in rows]),
            )
            for place, one in enumerate(series, 1)
        ]

    def _rows(self, name: str, kind: Kind, series: Sequence[Any]) -> list[Any]:
        """The groups with their numbers, in one statement."""
        model = self.datamodel.obj
        numbers = [FUNCTIONS[of][0](getattr(model, column)) for of, column in series]
        is_time = isinstance(kind, Day | Moment)
        key = getattr(model, kind.key if isinstance(kind, One) else name)
        group = extract("year", key) * 100 + extract("month", key) if is_time else key
        rows = bounded(model, self.datamodel.scoped())
        query = rows.with_only_columns(group, *numbers).group_by(group)
        order = (group.desc(),) if is_time else (numbers[0].desc(), group)
        found = db.session.execute(query.order_by(*order).limit(MOST_GROUPS)).all()
        return sorted(found, key=_by_time) if is_time else [*found]

    def _names(self, kind: Kind, values: Sequence[Any]) -> list[str]:
        none = str(lazy("none"))
        if isinstance(kind, Day | Moment):
            language = current_language()
            return [none if one is None else _month(int(one), language) for one in values]
        if isinstance(kind, One):
            rows = with_ids(kind.target, [one for one in values if one is not None])
            return [str(kind.show(rows[one])) if one in rows else none for one in values]
        return [kind.say(kind.plain(one)) for one in values]

    def _label(self, name: str) -> Any:
        own = (self.label_columns or {}).get(name)
        return own or lazy_of(package_of(type(self)), words_of(name))

    def _series(self, of: Any, column: str) -> str:
        return str(FUNCTIONS[of][1]) % {"column": self._label(column)}


def tabs(model: type[Any], current: str) -> list[dict[str, Any]]:
    """The list of a model and its charts, beside each other; none where there are no charts."""
    return [
        {
            "label": str(lazy("Charts") if isinstance(one, GroupByChartView) else lazy("List")),
            "url": url_for(f"{one.endpoint}.{one.default_view}"),
            "current": one.endpoint == current,
        }
        for one in _beside_each_other(model)
    ]


def _beside_each_other(model: type[Any]) -> Sequence[Any]:
    """The views with tabs, looked for once in this application."""
    known: dict[type[Any], Sequence[Any]] = current_app.extensions.setdefault("portal.tabs", {})
    if model not in known:
        every = current_app.extensions["appbuilder"].baseviews
        shown = [one for one in every if _is_of(one, model)]
        has_charts = any(isinstance(one, GroupByChartView) for one in shown)
        known[model] = shown if has_charts else ()
    return known[model]


def _is_of(view: Any, model: type[Any]) -> bool:
    is_list = isinstance(view, GroupByChartView) or hasattr(view, "kinds")
    return is_list and view.datamodel.obj is model


def ensure_drawable(view: type[GroupByChartView]) -> None:
    """Raise ValueError, with what to write, for a definition that cannot be drawn."""
    found = kinds(view.datamodel.obj)
    for definition in view.definitions:
        group = definition.get("group")
        if group not in found or isinstance(found[group], Several | InLanguages):
            groups = [name for name, kind in found.items() if not isinstance(kind, InLanguages)]
            raise ValueError(
                f"{view.__name__}.definitions: group {group!r} is no column of"
                f" {view.datamodel.obj.__name__} that rows can be counted by; name one of"
                f" {', '.join(groups)}."
            )
        for of, column in definition.get("series", ()):
            if of not in FUNCTIONS:
                raise ValueError(
                    f"{view.__name__}.definitions: {of!r} is none of Flask-AppBuilder's"
                    " aggregate_count, aggregate_sum, aggregate_avg."
                )
            if of is not aggregate_count and not isinstance(found.get(column), Whole | Exact):
                raise ValueError(
                    f"{view.__name__}.definitions: {column!r} is no number; write"
                    " (aggregate_count, 'id'), or name a column of numbers."
                )


def _bars(labels: Sequence[str], numbers: Sequence[Any]) -> list[Bar]:
    plain = [float(one or 0) for one in numbers]
    largest = max([*map(abs, plain), 0]) or 1.0
    return [
        Bar(label, _written(number), round(100 * abs(number) / largest, 1))
        for label, number in zip(labels, plain, strict=True)
    ]


def _by_time(row: Any) -> tuple[bool, int]:
    """Months in their order, rows without one last."""
    return row[0] is None, int(row[0] or 0)


def _month(number: int, language: str) -> str:
    """A month that is written 202611."""
    pattern = "y年M月" if language.startswith("ja") else "MMM y"
    return str(format_date(date(number // 100, number % 100, 1), pattern, locale=language))


def _written(number: float) -> str:
    return str(format_decimal(round(number, 2), locale=current_language()))
