"""Verbs: what a feature says of the rows of its model view.

Here: writing, and what is asked before and watched meanwhile; each is overridden where it means
something. Not here: the screens that call them (screens.model_view).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, ClassVar

from app.http.context import seat
from app.kernel.clock import utcnow
from app.kernel.errors import NotFound, obstacle
from app.kernel.i18n import lazy
from app.kernel.signals import HookSignal
from app.models import Model
from app.screens.optimistic_lock import About, State


class VerbsMixin:
    """The verbs of a model view; what a feature does not say is refused, or says nothing."""

    item_name: Callable[[Any], str]
    service: Any = None
    """The module of the feature's verbs, for `look_again(item, by=…)`."""
    event_prefix: ClassVar[str | tuple[str, ...]] = ""
    """How the events begin that tell of a row's changes; several, where they do otherwise."""
    event_subject: ClassVar[str] = "id"
    """The column with the number of whom or what they concern."""
    ends_with: ClassVar[HookSignal | None] = None
    """The signal that tells what goes along when a row is removed."""
    watched_columns: ClassVar[Sequence[str]] = ()
    """What a form shows of a row, so that it shows when somebody else changed it meanwhile."""
    delete_asks: ClassVar[Any] = lazy("Delete %(name)s?")

    def values_of(self, form: Any) -> Any:
        """What a form holds, as the verbs take it."""
        return form

    def create(self, form: Any) -> Any:
        """Make what the form describes; return it."""
        raise NotFound()

    def update(self, item: Any, form: Any) -> None:
        """Change an item as the form says."""
        raise NotFound()

    def remove(self, item: Any) -> None:
        """Remove an item."""
        raise NotFound()

    def ensure_may_change(self, item: Any) -> None:
        """Raise what editing and removing an item would refuse, before a page offers either."""

    def why_not(self, item: Any) -> str:
        """Why the reader can neither edit nor remove an item, "" where they can."""
        return obstacle(lambda: self.ensure_may_change(item))

    def ensure_deletable(self, item: Any) -> None:
        """Raise what removing would refuse, before a page asks about it."""
        self.ensure_may_change(item)

    def consequences(self, item: Any) -> list[tuple[str, str]]:
        """What goes with an item when it is removed, for the page that asks first."""
        if self.ends_with is None:
            return []
        return self.ends_with.consequences([item], now=utcnow())

    def delete_words(self, item: Any, form: Any) -> dict[str, Any]:
        """What that page tells besides, by the names in its template."""
        return {}

    def delete_question(self, item: Any) -> str:
        """The question of that page."""
        return str(self.delete_asks) % {"name": self.item_name(item)}

    def prepare(self, form: Any, item: Any = None) -> None:
        """Say what a form offers to choose, each time before it is shown or read."""

    def fill(self, form: Any, item: Any = None) -> None:
        """Prepare a form that is shown for the first time."""

    def show_words(self, item: Any) -> dict[str, Any]:
        """What the page of an item tells beside the item itself, by the names in its template."""
        return {}

    def watched(self, item: Any) -> State | None:
        """What a form shows of an item, so that it shows when somebody else changed it meanwhile;
        None where nobody looks.
        """
        if not self.watched_columns:
            return None
        return {name: _plain(getattr(item, name)) for name in self.watched_columns}

    def look_again(self, item: Any) -> None:
        """Wait for every other change to an item, then read it as it is now."""
        self.service.look_again(item, by=seat())

    def about(self, item: Any) -> About:
        """Which lines of the log tell of its changes."""
        begin = self.event_prefix
        return About(
            getattr(item, self.event_subject),
            (begin,) if isinstance(begin, str) else begin,
            getattr(item, "organization_id", None),
        )


def _plain(value: Any) -> Any:
    """A value as it is compared: sets in order, related rows by number."""
    if isinstance(value, frozenset | set):
        return sorted(value)
    if isinstance(value, list):
        return sorted(row.id if isinstance(row, Model) else row for row in value)
    return value
