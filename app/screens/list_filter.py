"""Filters of a list: what it can be narrowed by.

Here: a filter, as a feature declares it; those of a column's values, a search in columns. Not here:
reading them from the address (screens.list_query), what columns bring along (model_views.filters).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from inspect import signature
from typing import Any

from marshmallow import fields
from sqlalchemy import Select, or_

from app.kernel.clock import utcnow
from app.kernel.i18n import lazy

Choices = Sequence[tuple[str, Any]]
RANGE = ".."
"""What stands between the least and the most of a range in an address: 2026-01-01..2026-03-31."""


@dataclass(frozen=True)
class Range:
    """From something up to something, either of which may be left out: which input a browser
    shows, whether a text is sensible, how it reads.
    """

    input: str
    is_sensible: Callable[[str], bool]
    told: Callable[[str], str]

    def read(self, values: Sequence[str]) -> list[str]:
        """Return the two ends, as one value that an address holds; nothing for nonsense."""
        least, most = values[:2] if len(values) > 1 else values[0].partition(RANGE)[::2]
        ends = [one.strip()[:40] for one in (least, most)]
        if not any(ends) or not all(self.is_sensible(one) for one in ends if one):
            return []
        joined = RANGE.join(ends)
        return [joined] if joined.split(RANGE) == ends else []

    def words(self, value: str) -> str:
        """Return how a range reads."""
        least, _between, most = value.partition(RANGE)
        return f"{self.told(least) if least else ''} – {self.told(most) if most else ''}".strip()


@dataclass(frozen=True)
class Filter:
    """A choice that narrows a list; `apply` gets the query and what was chosen."""

    name: str
    label: Any
    options: Callable[[], Choices]
    apply: Callable[[Select[Any], Sequence[str]], Select[Any]]
    multiple: bool = False
    always: bool = False
    """Whether `apply` also runs with nothing chosen: for what is hidden until asked for."""
    text: bool = False
    """Whether it is typed, word for word, instead of chosen."""
    is_sensible: Callable[[str], bool] | None = None
    """Whether what was typed can mean anything; what cannot is left out."""
    everything: Any = ""
    """The label of a switch that chooses every option at once: for what is hidden until asked for.
    """
    number: Callable[[int], Any] | None = None
    """How a number of one's own reads, where one may be typed beside the options."""
    needs: tuple[str, str] | None = None
    """The permission and its view without which nobody narrows by it; None: whoever sees the list.
    """
    told: Callable[[str], str] = str
    """How what was typed reads."""
    quiet: bool = False
    """Whether it is offered only while it narrows: for links from other pages."""
    about: Any = None
    """What programs are told of it, where its label does not say it."""
    field: fields.Field | None = None
    """How programs ask for it, where its options do not say it."""
    range: Range | None = None
    """Whether it is a range with two ends; `apply` then gets both, "" for one that is open."""


def one_of(
    name: str, label: Any, words: Mapping[Any, Any], column: Any, *, multiple: bool = True
) -> Filter:
    """A filter of a column by its values, each with its word."""

    def narrow(query: Select[Any], chosen: Sequence[str]) -> Select[Any]:
        return query.where(column.in_([value for value in words if str(value) in chosen]))

    return Filter(name, label, options=lambda: list(words.items()), apply=narrow, multiple=multiple)


def by_state(
    words: Mapping[str, Any],
    apply: Callable[..., Select[Any]],
    *,
    name: str = "status",
    **more: Any,
) -> Filter:
    """A filter by the states of rows, each with its word, that hides some of them until they are
    asked for; what it is at this moment decides where `apply` takes `now`.
    """
    asks_now = "now" in signature(apply).parameters

    def narrow(query: Select[Any], chosen: Sequence[str]) -> Select[Any]:
        return apply(query, chosen, **({"now": utcnow()} if asks_now else {}))

    return Filter(
        name,
        lazy("State"),
        lambda: list(words.items()),
        narrow,
        multiple=True,
        always=True,
        **more,
    )


def containing(*columns: Any) -> Callable[[Select[Any], str], Select[Any]]:
    """A search: rows in which one of some columns contains what was typed."""

    def narrow(query: Select[Any], words: str) -> Select[Any]:
        return query.where(or_(*(column.icontains(words, autoescape=True) for column in columns)))

    return narrow
