"""Offered: what of a model view the reader is offered, which templates ask.

Here: adding, editing, deleting, the actions of a page. Not here: who may (access.policy), whether a
row can be changed (screens.verbs).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, ClassVar


class OfferedMixin:
    """What the reader may do with a model view's rows."""

    actions: dict[str, Any]
    appbuilder: Any
    class_permission_name: Any
    exclude_route_methods: ClassVar[Any]
    get_method_permission: Callable[[str], str]
    locked: Callable[[Any], frozenset[str]]
    why_not: Callable[[Any], str]
    _may_act: Callable[[Any], bool]

    def can_add(self) -> bool:
        """Whether the reader may add here; the templates ask."""
        return self._offers("add")

    def can_edit(self, item: Any) -> bool:
        """Whether the reader may edit this item."""
        return self._offers("edit") and not self.why_not(item)

    def can_delete(self, item: Any) -> bool:
        """Whether the reader may delete this item."""
        return self._offers("delete") and not self.why_not(item)

    def allowed_actions(self, item: Any) -> Sequence[Any]:
        """The actions offered on the page of one item."""
        allowed = (one for one in self.actions.values() if one.single and self._may_act(one))
        locked = self.locked(item)
        return [action for action in allowed if action.name not in locked]

    def _offers(self, method: str) -> bool:
        if method in self.exclude_route_methods:
            return False
        return bool(
            self.appbuilder.sm.has_access(
                f"can_{self.get_method_permission(method)}", self.class_permission_name
            )
        )
