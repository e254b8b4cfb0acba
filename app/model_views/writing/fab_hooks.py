"""Hooks: what Flask-AppBuilder's documentation promises a model view around its forms.

Here: which methods have routes, messages, hooks, where to go next. Not here: the verbs that call
them (model_views.writing.verbs).
"""

from __future__ import annotations

from typing import Any

from flask import request
from flask_appbuilder import ModelView as FabModelView
from werkzeug.wrappers import Response

from app.kernel.i18n import lazy
from app.model_views import declared
from app.screens.verbs import VerbsMixin

MESSAGES = {
    "add_row_message": "added",
    "edit_row_message": "saved",
    "delete_row_message": "deleted",
}
"""FAB's names of what is said afterwards, and those of the screens (screens.model_view)."""


class FabHooksMixin(VerbsMixin):
    """Routes, messages and hooks, as FAB has them."""

    limits: Any
    actions: Any
    add_row_message: Any = lazy("Added.")
    edit_row_message: Any = lazy("Saved.")
    delete_row_message: Any = lazy("Deleted.")
    add_integrity_error_message: Any = ""
    """What is said where the database refuses a new row; "" for the portal's own sentences."""
    edit_integrity_error_message: Any = ""
    delete_integrity_error_message: Any = ""
    database_error_message: Any = lazy("The database cannot keep this value.")

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        for theirs, ours in MESSAGES.items():
            if theirs in vars(cls):
                setattr(cls, ours, vars(cls)[theirs])

    def __init__(self, **words: Any) -> None:
        left = declared.offered(type(self))
        self.exclude_route_methods = {*declared.methods(type(self))} - left
        self.include_route_methods = self.base_permissions = None
        self.limits = [*(self.limits or ())]
        super().__init__(**words)
        acts = self.actions.items()
        self.actions = {name: one for name, one in acts if one.func.__name__ in left}

    # inside the transaction; a Refusal says no

    def pre_add(self, item: Any) -> None:
        """Called before a row is added."""

    def post_add(self, item: Any) -> None:
        """Called after a row was added, before it is committed."""

    def pre_update(self, item: Any) -> None:
        """Called before a row is changed."""

    def post_update(self, item: Any) -> None:
        """Called after a row was changed, before it is committed."""

    def pre_delete(self, item: Any) -> None:
        """Called before a row is deleted."""

    def post_delete(self, item: Any) -> None:
        """Called after a row was deleted, before it is committed."""

    def process_form(self, form: Any, is_created: bool) -> None:
        """Called with a form that is in order, before its values are taken."""

    def prefill_form(self, form: Any, pk: Any) -> None:
        """Called with the form of a row that is shown for the first time."""

    def values_of(self, form: Any) -> Any:
        self.process_form(form, getattr(form, "_id", None) is None)
        return super().values_of(form)

    def fill(self, form: Any, item: Any = None) -> None:
        super().fill(form, item)
        if item is not None:
            self.prefill_form(form, item.id)

    # what is said afterwards: a view's own message instead of the log's sentence

    def _write(self, form: Any, verb: Any, message: Any, *rest: Any, **more: Any) -> Any:
        own = {"said": message} if self._is_own(message) else {}
        return super()._write(form, verb, message, *rest, **(more | own))  # type: ignore[misc]

    def carry_out(self, verb: Any, **words: Any) -> bool:
        message = words.get("otherwise")
        own = {"said": message} if self._is_own(message) else {}
        done: bool = super().carry_out(verb, **(words | own))  # type: ignore[misc]
        return done

    def _is_own(self, message: Any) -> bool:
        usual = {theirs: getattr(FabHooksMixin, theirs) for theirs in MESSAGES}
        messages = [getattr(self, theirs) for theirs in MESSAGES]
        return any(message is one for one in messages if one not in usual.values())

    # where to go next

    def after_add(self, item: Any) -> Response:
        answer: Response = self.post_add_redirect()  # type: ignore[attr-defined]
        return answer

    def after_edit(self, item: Any) -> Response:
        own: Any = type(self)
        if own.post_edit_redirect is not FabModelView.post_edit_redirect:
            answer: Response = own.post_edit_redirect(self)
            return answer
        after: Response = super().after_edit(item)  # type: ignore[misc]
        return after

    def list_url(self) -> str:
        """Where its list is; the portal's start where it has none."""
        if "list" in self.exclude_route_methods:
            return f"{request.script_root}/"
        return str(super().list_url())  # type: ignore[misc]

    def show_url(self, item: Any) -> str:
        """Where a row's page is; the list where rows have none."""
        if "show" in self.exclude_route_methods:
            return self.list_url()
        return str(super().show_url(item))  # type: ignore[misc]
