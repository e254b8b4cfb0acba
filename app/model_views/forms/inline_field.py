"""The field of a form that holds rows of another screen: the lines of a contract in its form.

Here: a small form for each row, which of them count, writing them by their own view's verbs. Not
here: which views stand in a form (model_views.forms.inline), how it looks
(templates/model_views/_inline.html).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from flask import render_template
from markupsafe import Markup
from wtforms import BooleanField, Field, RadioField, SelectField

from app.extensions import db
from app.kernel.errors import Forbidden, Refusal
from app.kernel.i18n import lazy
from app.model_views.related import points_to

MOST = 100
"""Rows of one field; more are changed on their own list."""
PLACE = re.compile(r"-([0-9]{1,4})-id")
"""What follows the field's name where a row is sent."""
MEND = lazy("Some of these rows need correcting.")


class RowsNeedCorrecting(Refusal):
    """A verb refused a row, which says why at its own field."""

    status = 422
    text = MEND


@dataclass
class InlineRow:
    """One row of the field, as it is shown and typed."""

    form: Any
    place: int
    item: Any = None
    """The row of the database; None for a new one."""
    is_removed: bool = False
    is_empty: bool = False
    """Whether it is a new one in which nothing was typed."""

    @property
    def counts(self) -> bool:
        """Whether what stands in it is to be kept."""
        return not (self.is_removed or self.is_empty)


def _draw(field: InlineField, **_options: Any) -> Markup:
    return Markup(render_template("model_views/_inline.html", field=field))


class InlineField(Field):
    """Rows of a child's view, which belong to the row of the form."""

    widget = staticmethod(_draw)

    def __init__(self, label: Any = None, *, relation: str, child: Any, **options: Any) -> None:
        super().__init__(label, **options)
        self.relation, self.child_class = relation, child
        self.child: Any = None
        self.rows: list[InlineRow] = []
        self.hidden_rows = False
        """Whether there are more than are shown."""
        self.asks_for_more = False
        """Whether a further row was asked for, and nothing else."""

    def process(self, formdata: Any, data: Any = None, extra_filters: Any = None) -> None:
        """Read nothing yet: which rows there are follows from the parent (`take`)."""
        self.data, self.raw_data, self.process_errors = None, (), ()

    def take(self, child: Any, parent: Any, sent: Any) -> None:
        """Take the rows that belong to a parent, or what was sent of them."""
        self.child = child
        found = self._rows_of(parent)
        self.hidden_rows = len(found) > MOST
        if sent is None:
            self.rows = [self._row(place, one, None) for place, one in enumerate(found[:MOST])]
            if not self.rows:
                self.add_empty()
            return
        known = {str(one.id): one for one in found[:MOST]}
        self.rows = [
            self._row(place, known.get(sent.get(f"{self._prefix(place)}id", "")), sent)
            for place in self._places(sent)
        ]
        self.asks_for_more = f"{self.name}-more" in sent

    def add_empty(self) -> None:
        """Offer one more row, where the reader may add one."""
        if self.can_add and len(self.rows) < MOST:
            place = max((row.place for row in self.rows), default=-1) + 1
            self.rows.append(self._row(place, None, None))

    @property
    def can_add(self) -> bool:
        return bool(self.child.can_add())

    def can_remove(self, row: InlineRow) -> bool:
        """Whether a row can be taken away: a new one always can."""
        return row.item is None or bool(self.child.can_delete(row.item))

    def validate(self, form: Any, extra_validators: Any = ()) -> bool:
        """Check every row that counts, each at its own fields."""
        in_order = [row.form.validate() for row in self.rows if row.counts]
        self.errors = [] if all(in_order) else [str(MEND)]
        return all(in_order)

    def write(self, parent: Any) -> None:
        """Delete, change and add rows by the verbs of their view. Raises RowsNeedCorrecting."""
        for row in sorted(self.rows, key=lambda one: not one.is_removed):
            try:
                self._write(row, parent)
            except Refusal as refusal:
                for one in refusal.each():
                    row.form.refuse_for(one)
                raise RowsNeedCorrecting(field=self.short_name) from refusal

    def _write(self, row: InlineRow, parent: Any) -> None:
        if row.item is not None and row.is_removed:
            self._ensure(self.can_remove(row))
            self.child.remove(row.item)
            return
        if not row.counts:
            return
        values = self.child.values_of(row.form)
        if row.item is None:
            self._ensure(self.can_add)
            self.child.create({**values, self.relation: parent})
        elif any(getattr(row.item, name, None) != value for name, value in values.items()):
            self.child.update(row.item, values)

    @staticmethod
    def _ensure(is_allowed: bool) -> None:
        if not is_allowed:
            raise Forbidden()

    def _rows_of(self, parent: Any) -> list[Any]:
        if parent is None:
            return []
        model, defined = self.child.datamodel.obj, self.child.definition
        where = points_to(self.child, [self.relation], parent.id)
        query = self.child.datamodel.scoped().where(where).order_by(model.id).limit(MOST + 1)
        return [*db.session.scalars(query.options(*defined.eager)).unique()]

    def _places(self, sent: Mapping[str, str]) -> list[int]:
        """The places of the rows that were sent, in their order."""
        own = (key.removeprefix(self.name) for key in sent if key.startswith(self.name))
        found = (PLACE.fullmatch(rest) for rest in own)
        return sorted(int(match[1]) for match in found if match)[:MOST]

    def _prefix(self, place: int) -> str:
        return f"{self.name}-{place}-"

    def _row(self, place: int, item: Any, sent: Any) -> InlineRow:
        form = self._small_form(place, item, sent)
        row = InlineRow(form, place, item)
        if sent is not None:
            row.is_removed = f"{self._prefix(place)}remove" in sent
            fresh = self._small_form(place, None, None) if item is None else None
            row.is_empty = fresh is not None and all(
                _is_untouched(*two) for two in _both(form, fresh)
            )
        return row

    def _small_form(self, place: int, item: Any, sent: Any) -> Any:
        child = self.child
        of = child.add_form if item is None else child.edit_form
        more = {"obj": item} if item is not None and sent is None else {}
        form = child.begin(
            of, formdata=sent, prefix=self._prefix(place), meta={"csrf": False}, **more
        )
        for name in [*form._fields]:
            if name == self.relation or isinstance(form._fields[name], InlineField):
                del form[name]
        if item is not None:
            form._id = item.id
        child.prepare(form, item)
        if item is not None and sent is None:
            child.fill(form, item)
        child.offer_rows(form)
        return form


def _both(form: Any, fresh: Any) -> Iterator[tuple[Any, Any]]:
    return ((field, fresh[name]) for name, field in form._fields.items())


def _is_untouched(field: Any, fresh: Any) -> bool:
    """Whether a field was sent as it stands in a new row."""
    sent = [str(one) for one in field.raw_data or () if one]
    if isinstance(fresh, BooleanField):
        return bool(sent) == bool(fresh.data)
    if isinstance(fresh, SelectField):
        choices = [*fresh.iter_choices()]
        usual = [str(one[0]) for one in choices if one[2]]
        if not usual and not isinstance(fresh, RadioField):
            usual = [str(one[0]) for one in choices[:1]]
        return sent in ([], [one for one in usual if one])
    return not sent or (hasattr(fresh, "_value") and sent == [str(fresh._value())])
