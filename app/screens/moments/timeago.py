"""Relative moments: 3 minutes ago, yesterday, in 3 days.

Here: seconds to words. Not here: dates, and which moments are told so (screens.formatters).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from app.kernel.i18n import _, current_language, ngettext

PAST: tuple[tuple[int, int, Callable[[int], str]], ...] = (
    (60, 60, lambda _num: _("just now")),
    (3600, 60, lambda num: ngettext("%(num)s minute ago", "%(num)s minutes ago", num)),
    (86_400, 3600, lambda num: ngettext("%(num)s hour ago", "%(num)s hours ago", num)),
    (2 * 86_400, 86_400, lambda _num: _("yesterday")),
    (14 * 86_400, 86_400, lambda num: ngettext("%(num)s day ago", "%(num)s days ago", num)),
    (60 * 86_400, 7 * 86_400, lambda num: ngettext("%(num)s week ago", "%(num)s weeks ago", num)),
    (
        730 * 86_400,
        30 * 86_400,
        lambda num: ngettext("%(num)s month ago", "%(num)s months ago", num),
    ),
    (2**63, 365 * 86_400, lambda num: ngettext("%(num)s year ago", "%(num)s years ago", num)),
)
"""Until how many seconds ago, in which unit (seconds), in which words."""


def said(seconds: float) -> str:
    """Say how long ago something was; how far off it is, where that is negative."""
    return _past(seconds) if seconds >= 0 else _future(-seconds)


def _past(seconds: float) -> str:
    place, unit = next(
        (place, unit) for place, (until, unit, _words) in enumerate(PAST) if seconds < until
    )
    return _said(place, int(seconds // unit), current_language())


@lru_cache(maxsize=4096)
def _said(place: int, num: int, _language: str) -> str:
    return PAST[place][2](num)


def _future(seconds: float) -> str:
    minutes, hours, days = (
        max(1, round(seconds / 60)),
        round(seconds / 3600),
        round(seconds / 86400),
    )
    if minutes < 60:
        return ngettext("in %(num)s minute", "in %(num)s minutes", minutes)
    if hours < 48:
        return ngettext("in %(num)s hour", "in %(num)s hours", hours)
    return ngettext("in %(num)s day", "in %(num)s days", days)
