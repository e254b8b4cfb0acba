"""Rows: what each row of a list offers, and how it stands out.

Here: the menu of a row. Not here: which rows there are (screens.list_view), what their cells show
(each feature).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from flask import url_for

from app.kernel.i18n import lazy


@dataclass(frozen=True)
class RowVerb:
    """One entry of the menu that every row of a list has."""

    name: str
    label: Any
    icon: str
    danger: bool = False
    modal: bool = False


class RowsMixin:
    """The rows of a model view's list: their menu and their looks."""

    endpoint: str
    actions: dict[str, Any]
    edit_title: Any
    exclude_route_methods: ClassVar[Any]
    delete_label: ClassVar[Any]
    delete_icon: ClassVar[str] = "trash"
    _may_act: Callable[[Any], bool]
    _offers: Callable[[str], bool]

    def row_menu(self) -> Sequence[RowVerb]:
        """What the menu of a row leads to; the page that opens asks and refuses."""
        has_page = "show" not in self.exclude_route_methods
        verbs = [RowVerb("show", lazy("Details"), "eye")] if has_page else []
        if self._offers("edit"):
            verbs.append(RowVerb("edit", self.edit_title, "pencil", modal=True))
        verbs += [_verb_of(action) for action in self.row_actions() if not _is_end(action)]
        if self._offers("delete"):
            verbs.append(
                RowVerb("delete", self.delete_label, self.delete_icon, danger=True, modal=True)
            )
        return verbs + [_verb_of(action) for action in self.row_actions() if _is_end(action)]

    def row_actions(self) -> Sequence[Any]:
        """The actions that the menu of a row leads to: those declared as verbs of a service."""
        declared = (action for action in self.actions.values() if hasattr(action.func, "is_end"))
        return [action for action in declared if action.single and self._may_act(action)]

    def row_url(self, verb: RowVerb) -> str:
        """Where a verb leads, for row 0; the row's own id takes its place."""
        if verb.name in self.actions:
            return url_for(f"{self.endpoint}.action", name=verb.name, pk=0)
        return url_for(f"{self.endpoint}.{verb.name}", pk=0)

    def row_locks(self, item: Any) -> str:
        """The names of verbs that a row does not have, separated by spaces."""
        return " ".join(sorted(self.locked(item)))

    def locked(self, item: Any) -> frozenset[str]:
        """The verbs that this reader does not have for a row."""
        return frozenset()

    def row_class(self, item: Any) -> str:
        """How a row stands out: "due", "off", or not at all."""
        return ""


def _verb_of(action: Any) -> RowVerb:
    return RowVerb(action.name, action.text, action.icon, danger=_is_end(action), modal=True)


def _is_end(action: Any) -> bool:
    """Whether the row is gone afterwards."""
    return bool(action.func.is_end)
