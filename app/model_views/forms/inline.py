"""Rows of other screens in a row's own form: `inline_views`.

Here: which views stand in the forms of a view, their rows written in the transaction of the form.
Not here: the field and its rows (model_views.forms.inline_field), rows shown on a page
(model_views.related).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, ClassVar

from flask import request
from sqlalchemy import select

from app.extensions import db
from app.model_views.forms.inline_field import InlineField
from app.model_views.related import points_to, relation_to
from app.screens.frame.builder import find_view


class InlineMixin:
    """The rows of children in the forms of a model view."""

    datamodel: Any
    inline_views: ClassVar[Sequence[type[Any]]] = ()
    """Views whose rows belong to a row of this one, and are added, changed and deleted in its form:
    FAB has no word for it.
    """
    add_form: Any
    edit_form: Any
    add_fieldsets: Any
    edit_fieldsets: Any
    _offers: Callable[[str], bool]

    def _init_inline(self) -> None:
        """Give the forms a field for each of them, at their end."""
        made = {f"{child.word}_rows": child for child in self.inline_views}
        for which in ("add", "edit"):
            own = getattr(self, f"{which}_form")
            fields = {name: self._inline_field(child) for name, child in made.items()}
            if fields:
                setattr(self, f"{which}_form", type(own.__name__, (own,), fields))
            if sets := getattr(self, f"{which}_fieldsets"):
                more = [(child.list_title, {"fields": [name]}) for name, child in made.items()]
                setattr(self, f"{which}_fieldsets", [*sets, *more])

    def _inline_field(self, child: Any) -> Any:
        relation = relation_to(self.datamodel.obj, child)
        return InlineField(child.list_title, relation=relation, child=child)

    def make_form(self, form: Any, item: Any = None, **more: Any) -> Any:
        """Return a form with the rows of those children that the reader may edit."""
        made = super().make_form(form, item, **more)  # type: ignore[misc]
        sent = request.form if request.method == "POST" else None
        for name, field in [*_inline(made)]:
            child = find_view(field.child_class)
            if child.offers_edit() and child.visible([field.relation]):
                field.take(child, item, sent)
            else:
                del made[name]
        return made

    def offers_edit(self) -> bool:
        """Whether the reader may edit rows of it."""
        return bool(self._offers("edit"))

    def watched(self, item: Any) -> Mapping[str, Any] | None:
        """A row, and the rows in its form: somebody else may change either."""
        state: Mapping[str, Any] | None = super().watched(item)  # type: ignore[misc]
        found = {child.word: self._versions(child, item) for child in self.inline_views}
        return {**state, **found} if state is not None and found else state

    def _versions(self, child: Any, item: Any) -> list[list[int]]:
        model, relation = child.datamodel.obj, relation_to(self.datamodel.obj, child)
        where = points_to(find_view(child), [relation], item.id)
        query = select(model.id, model.version).where(where).order_by(model.id)
        return [[*one] for one in db.session.execute(query)]

    def _write(self, form: Any, verb: Callable[[], Any], *rest: Any, **words: Any) -> Any:
        """Write the rows with what they belong to; or only offer a further one."""
        fields = [field for _name, field in _inline(form)]
        asking = [field for field in fields if field.asks_for_more]
        for field in asking:
            field.add_empty()
        if asking:
            again = rest[1]
            return again(form)

        def written() -> Any:
            item = verb()
            for field in fields:
                field.write(item)
            return item

        return super()._write(form, written if fields else verb, *rest, **words)  # type: ignore[misc]


def _inline(form: Any) -> Iterator[tuple[str, InlineField]]:
    """The fields of a form that hold rows."""
    every = form._fields.items()
    return ((name, field) for name, field in every if isinstance(field, InlineField))
