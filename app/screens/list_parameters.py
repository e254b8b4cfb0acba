"""List parameters: what an address says of a list, read; anything unknown reads as the default.

Here: the values of a filter, whole numbers, the number of a page. Not here: what is done with them
(screens.list_query).
"""

from __future__ import annotations

from app.kernel.text import has_control_characters
from app.screens.list_filter import Filter

LAST_PAGE = 1_000_000
MOST_TYPED = 9_999


def offered(values: list[str], one: Filter) -> list[str]:
    if one.range is not None:
        return one.range.read(values) if values else []
    values = list(dict.fromkeys(values))
    if not values:
        return []
    if one.text:
        return [
            value
            for value in (values[0].strip()[:254],)
            if value
            and not has_control_characters(value)
            and (one.is_sensible is None or one.is_sensible(value))
        ]
    if one.number is not None:
        return [value for value in values if 0 < whole(value, 0) <= MOST_TYPED][:1]
    known = {str(value) for value, _label in one.options()}
    kept = [value for value in values if value in known]
    return kept if one.multiple else kept[:1]


def page_number(value: str) -> int:
    """The number of a page; below zero those from the end, -1 the last."""
    number = min(whole(value.removeprefix("-"), 0), LAST_PAGE)
    return -number if value.startswith("-") and number else max(number, 1)


def whole(value: str | None, default: int) -> int:
    return (
        int(value) if value and value.isascii() and value.isdigit() and len(value) < 10 else default
    )
