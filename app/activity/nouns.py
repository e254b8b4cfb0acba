"""Nouns: what the log tells of things that no feature of the portal's own tells of.

Here: one table of what screens were added, how their columns are called and said; their four
events. Not here: sentences put together (activity_log.rendering), the screens (model_views).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from app.access.policy import may
from app.access.seat import Seat
from app.activity import events, results, words
from app.activity import queries as activities
from app.activity.events import Event
from app.kernel.i18n import _, lazy
from app.models import Activity

CREATED, UPDATED, DELETED, RESTORED = "created", "updated", "deleted", "restored"
EXPORTED, UNSEEN = "exported", "unseen"
FILE = lazy("%(actor)s exported %(rows)s rows of %(list)s as %(format)s.")
SENTENCES: dict[str, Any] = {
    CREATED: lazy("%(actor)s added %(subject)s to %(list)s."),
    UPDATED: lazy("%(actor)s edited %(subject)s in %(list)s."),
    DELETED: lazy("%(actor)s deleted %(subject)s from %(list)s."),
    RESTORED: lazy("%(actor)s brought %(subject)s back to %(list)s."),
}
DONE: dict[str, Any] = {
    CREATED: lazy("%(subject)s was added."),
    UPDATED: lazy("%(subject)s was changed."),
    DELETED: lazy("%(subject)s was deleted."),
    RESTORED: lazy("%(subject)s is back."),
}


@dataclass(frozen=True)
class Noun:
    """The things of one list: its word and title, how a column is called and its values said."""

    word: str
    label: Any
    column_label: Callable[[str], str]
    say: Callable[[str, Any], str]
    withheld: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    """By column: the permission and its view without which it is not told."""

    def event(self, verb: str) -> Event:
        """One of its four events."""
        return events.CATALOGUE[f"{self.word}_{verb}"]

    def tells(self, column: str, reader: Seat | None) -> bool:
        """Whether a column exists for the reader."""
        return column not in self.withheld or may(reader, *self.withheld[column])


NOUNS: dict[str, Noun] = {}
TABLES: tuple[dict[str, Any], ...] = (words.GROUPS, words.NOUNS, activities.KINDS)
_before: dict[str, tuple[Any, ...]] = {}
"""What stood in these tables under a word: a refused screen may have borne one of the portal's."""


def enter(noun: Noun) -> None:
    """Let the log tell of these things; the same list once more takes the place of the first."""
    for verb, sentence in SENTENCES.items():
        name = f"{noun.word}_{verb}"
        if name not in events.CATALOGUE:
            events.declare(name, sentence, "row", "changes", UNSEEN)
        results.RESULTS[name] = DONE[verb]
    if f"{noun.word}_{EXPORTED}" not in events.CATALOGUE:
        events.declare(f"{noun.word}_{EXPORTED}", FILE, *events.EXPORTED)
    _before.setdefault(noun.word, tuple(table.get(noun.word) for table in TABLES))
    NOUNS[noun.word] = noun
    words.GROUPS[noun.word] = (noun.label, (f"{noun.word}_",))
    words.NOUNS[noun.word] = noun.label
    activities.KINDS[noun.word] = (f"{noun.word}_",)


def leave(word: str) -> None:
    """Forget the things of a list that was entered; the portal's own words stay."""
    if word not in NOUNS:
        return
    for verb in (*SENTENCES, EXPORTED):
        events.CATALOGUE.pop(f"{word}_{verb}", None)
        results.RESULTS.pop(f"{word}_{verb}", None)
    NOUNS.pop(word)
    for table, former in zip(TABLES, _before.pop(word), strict=True):
        if former is None:
            table.pop(word, None)
        else:
            table[word] = former


def noun_of(line: Activity) -> Noun | None:
    """The noun a line tells of, None for the portal's own; for a list that is gone, one that tells
    values as they were kept.
    """
    word, _between, verb = line.event.rpartition("_")
    if verb not in SENTENCES and verb != EXPORTED:
        return None
    if word in NOUNS or line.event in events.CATALOGUE or not tells_row(line):
        return NOUNS.get(word)
    return Noun(word, _as_words(word), _as_words, _as_kept)


def sentence_of(line: Activity) -> Any:
    """The sentence of a line about a list that is gone; None for any other."""
    is_gone = line.event not in events.CATALOGUE and noun_of(line) is not None
    return SENTENCES.get(line.event.rpartition("_")[2]) if is_gone else None


def _as_words(name: str) -> str:
    return name.replace("_", " ").capitalize()


def _as_kept(_name: str, plain: Any) -> str:
    if isinstance(plain, list):
        return ", ".join(_as_kept("", value) for value in plain)
    if isinstance(plain, dict):
        return str(plain.get("name") or next(iter(plain.values()), ""))
    if isinstance(plain, bool):
        return _("Yes") if plain else _("No")
    return str(plain) if plain not in (None, "") else _("none")


def tells_row(line: Activity) -> bool:
    """Whether a line holds a row, or what changed of one."""
    return not {"row", "changes"}.isdisjoint(line.details or {})


def kept_for(line: Activity, reader: Seat) -> Mapping[str, Any]:
    """What a line keeps, without columns that do not exist for the reader, or for nobody."""
    noun, kept = noun_of(line), line.details or {}
    if noun is not None:
        kept = {part: value for part, value in kept.items() if part != UNSEEN}
    if noun is None or not noun.withheld or not tells_row(line):
        return kept
    return kept | {
        part: {name: value for name, value in kept[part].items() if noun.tells(name, reader)}
        for part in ("row", "changes")
        if part in kept
    }


def facts(line: Activity) -> Mapping[str, tuple[Any, Any]]:
    """What a line says of each column: before and after."""
    kept = line.details or {}
    if "changes" in kept:
        return {name: (before, after) for name, (before, after) in kept["changes"].items()}
    return {name: (None, value) for name, value in (kept.get("row") or {}).items()}
