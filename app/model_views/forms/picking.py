"""Picking: rows offered for a relation while somebody types.

Here: the door. Not here: the fields (model_views.forms.pickers), which rows there are
(model_views.forms.targets).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar

from flask import request
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access

from app.kernel.errors import NotFound
from app.kernel.text import has_control_characters
from app.model_views.forms import targets
from app.model_views.values.kind_of import One, called
from app.model_views.values.kinds import Kind
from app.screens.actions import Page


class PickingMixin:
    """The picker of a model view."""

    kinds: Mapping[str, Kind]
    add_form: Any
    edit_form: Any
    page: Callable[..., str]
    column_permission_name: ClassVar[Mapping[str, str]]
    visible: Callable[[Sequence[str]], list[str]]

    @expose("/pick/<name>")
    @expose("/pick/<name>/<which>")
    @has_access
    def pick(self, name: str, which: str = "add") -> Page:
        """Offer rows for a relation of the form for adding, or editing."""
        kind = self.kinds.get(name)
        forms = {"add": self.add_form, "edit": self.edit_form}
        field = self.begin(forms[which])._fields.get(name) if which in forms else None
        if not isinstance(kind, One) or field is None:
            raise NotFound()
        words = request.args.get("q", "").strip()[:200]
        words = "" if has_control_characters(words) else words
        narrow = getattr(field, "narrow", None) or (lambda query: query)
        found = targets.offered(kind.target, words, narrow) if words else []
        return self.page(
            "model_views/_suggestions.html", found=found, called=called, written=targets.written
        )

    def begin(self, form: Any, **more: Any) -> Any:
        """Return a form without the columns that do not exist for the reader."""
        made = form(**more)
        for name in [name for name in self.column_permission_name if name in made]:
            if not self.visible([name]):
                del made[name]
        return made
