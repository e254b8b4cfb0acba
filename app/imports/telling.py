"""Telling: a check in words, for its page.

Here: equal problems as one line, changes as before and after, how many letters leave. Not here:
what is found (imports.checking), HTML.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from app.access.authorities import CATALOGUE
from app.access.roles import BUILT_IN
from app.imports.columns import BY_KEY
from app.imports.problems import Problem
from app.imports.verdicts import Outcome, Verdict, Verdicts
from app.kernel.i18n import _, in_language, lazy, listed, ngettext
from app.models import Batch, MemberRole, MemberType, RowState
from app.screens.formatters import language_name

MOST = 100
"""Lines of a section; the file of the errors has all."""
LINES_SHOWN = 12
OUTCOMES: dict[Outcome, Any] = {
    Outcome.ADD: lazy("To register"),
    Outcome.INVITE: lazy("To invite"),
    Outcome.COME_BACK: lazy("Coming back"),
    Outcome.CHANGE: lazy("To change"),
    Outcome.SUSPEND: lazy("To suspend"),
    Outcome.REINSTATE: lazy("To reinstate"),
    Outcome.REMOVE: lazy("To remove"),
    Outcome.UNCHANGED: lazy("Unchanged"),
    Outcome.SKIP: lazy("Left out"),
}
_STATES: dict[Any, Any] = {"active": lazy("Active"), "suspended": lazy("Suspended")}
_TYPES: dict[Any, Any] = {MemberType.GENERAL: lazy("General"), MemberType.POWER: lazy("Power")}


@dataclass(frozen=True)
class Group:
    """One problem, wherever it stands."""

    lines: tuple[int, ...]
    place: str
    value: str
    sentence: str

    @property
    def shown(self) -> str:
        """The first of its lines."""
        first = listed(self.lines[:LINES_SHOWN])
        return f"{first} …" if len(self.lines) > LINES_SHOWN else first


def grouped(problems: Iterable[Problem]) -> list[Group]:
    """Equal problems together, in the order of the file."""
    found: dict[tuple[str, str, str], list[int]] = {}
    for one in problems:
        found.setdefault((one.place, one.value, one.sentence), []).append(one.line)
    return [Group(tuple(lines), *key) for key, lines in found.items()]


def errors(verdicts: Verdicts) -> list[Group]:
    return grouped(problem for one in verdicts.errors for problem in one.problems)


def warnings(verdicts: Verdicts) -> list[Group]:
    """What never blocks, of rows that have no error."""
    fine = (one for one in verdicts.rows if one.outcome is not Outcome.ERROR)
    return grouped(warning for one in fine for warning in one.warnings)


def sums(verdicts: Verdicts) -> list[tuple[Any, int, str]]:
    """Label, number, look: all rows, then each outcome that there is."""
    counts: Counter[Outcome] = verdicts.counts
    found = [(label, counts[one], "") for one, label in OUTCOMES.items() if counts[one]]
    wrong = [(_("Errors"), counts[Outcome.ERROR], "bad")] if counts[Outcome.ERROR] else []
    return [(_("Rows read"), len(verdicts.rows), ""), *found, *wrong]


def of_outcome(verdicts: Verdicts, *outcomes: Outcome) -> list[Verdict]:
    return [one for one in verdicts.rows if one.outcome in outcomes]


def changed(verdict: Verdict) -> list[tuple[Any, str, str]]:
    """What changes of one person: label, before, after."""
    return [
        (BY_KEY[key].label, in_words(key, before), in_words(key, after))
        for key, (before, after) in verdict.changes.items()
    ]


def in_words(key: str, value: Any) -> str:
    """A value of a column as people read it."""
    if key == "password":
        return "••••••"
    if value is None or value == "":
        return "–"
    if isinstance(value, bool):
        return _("On") if value else _("Off")
    if key == "authorities":
        return listed(CATALOGUE[one].name for one in sorted(value) if one in CATALOGUE) or "–"
    if key == "roles":
        names = (one.name if isinstance(one, MemberRole) else one for one in value)
        return listed(_built_in().get(name, name) for name in names) or "–"
    if key == "language":
        return language_name(value)
    words: dict[Any, Any] = {"type": _TYPES, "state": _STATES}.get(key, {})
    return str(words.get(value, value))


def _built_in() -> dict[str, Any]:
    """The built-in roles, by the name that their rows have."""
    with in_language("en"):
        named = {str(role.name): role for role in BUILT_IN.values()}
    return {name: role.name for name, role in named.items()}


def letters(verdicts: Verdicts) -> int:
    """How many letters of a first sign-in or an invitation leave at least."""
    counts = verdicts.counts
    return counts[Outcome.ADD] + counts[Outcome.INVITE]


def result(batch: Batch) -> str:
    """What became of a file, as the title of its page."""
    done, failed = batch.count(RowState.DONE), batch.count(RowState.INVALID, RowState.REFUSED)
    if not batch.is_over:
        return _(
            "Importing: %(done)s of %(total)s rows",
            done=batch.total - batch.count(RowState.PLANNED),
            total=batch.total,
        )
    if batch.is_whole and failed and not done:
        return _("Nothing was imported.")
    return ngettext("%(num)s row was imported.", "%(num)s rows were imported.", done)
