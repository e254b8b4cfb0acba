"""Verbs: what a feature says of the rows of its model view.

Here: writing, and what is asked before and watched meanwhile; each is overridden where it means
something. Not here: the screens that call them (screens.model_view).
"""

from __future__ import annotations

from typing import Any

from app.kernel.errors import NotFound
from app.kernel.i18n import _
from app.screens.optimistic_lock import About, State


class VerbsMixin:
    """The verbs of a model view; what a feature does not say is refused, or says nothing."""

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

    def ensure_deletable(self, item: Any) -> None:
        """Raise what removing would refuse, before a page asks about it."""

    def consequences(self, item: Any) -> list[tuple[str, str]]:
        """What goes with an item when it is removed, for the page that asks first."""
        return []

    def delete_question(self, item: Any) -> str:
        """The question of that page."""
        return _("Delete %(name)s?", name=str(item))

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
        return None

    def look_again(self, item: Any) -> None:
        """Wait for every other change to an item, then read it as it is now."""
        raise NotImplementedError

    def about(self, item: Any) -> About:
        """Which lines of the log tell of its changes."""
        raise NotImplementedError
