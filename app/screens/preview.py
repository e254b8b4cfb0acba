"""Preview: an edit that is shown before it is saved, where its view says that it should be asked
about.

Here: the way from the form to the page that asks, on to saving, or back to the form as it was
typed; without script. Not here: what is asked about (access.difference), what the pages say (each
feature's preview).
"""

from __future__ import annotations

from typing import Any, ClassVar, Protocol

from flask import request
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access

from app.http.paths import asked_next
from app.kernel.errors import Refusal
from app.screens.actions import Page
from app.screens.model_view import ServiceModelView
from app.screens.optimistic_lock import is_changed

SURE, AGAIN, LOOK = "sure", "again", "look"
"""What the buttons send: save it, back to the form, show first what would change."""


class Preview(Protocol):
    """What an edit would do."""

    @property
    def asks(self) -> bool:
        """Whether it is asked about, whoever saves."""


class PreviewingModelView(ServiceModelView):
    """A model view whose edits may be shown before they are saved."""

    preview_template: ClassVar[str]

    def preview(self, item: Any, form: Any) -> Preview:
        """Say what an edit would do; raise what the verb would refuse."""
        raise NotImplementedError

    @expose("/edit/<pk>", methods=["GET", "POST"])
    @has_access
    def edit(self, pk: str) -> Page:
        """Edit; a POST without `sure` is answered by the page that asks, where there is something
        to ask.
        """
        asked = self._first(pk) if request.method == "POST" and SURE not in request.form else None
        if asked is not None:
            return asked
        page: Page = super().edit(pk)
        return page

    def typed(self) -> list[tuple[str, str]]:
        """What was typed, for the page that asks to carry along."""
        left_out = {SURE, AGAIN, LOOK, "csrf_token"}
        return [
            (name, value)
            for name, values in request.form.lists()
            if name not in left_out
            for value in values
        ]

    def _first(self, pk: str) -> Page | None:
        item = self.load(pk)
        form = self.make_form(self.edit_form, item)
        form._id = item.id
        if AGAIN in request.form:
            self.ensure_may_change(item)
            self.fill(
                self.make_form(self.edit_form, item), item
            )  # refuses whom the form is not shown to
            return self._edit_page(form, item)
        if not form.validate() or is_changed(self.watched(item) or {}):
            return None
        try:
            shown = self.preview(item, form)
        except Refusal:
            return None
        if not (shown.asks or LOOK in request.form):
            return None
        cancel_url = asked_next(self.show_url(item))
        return self.page(
            self.preview_template,
            title=self.edit_title,
            item=item,
            shown=shown,
            typed=self.typed(),
            cancel_url=cancel_url,
        )
