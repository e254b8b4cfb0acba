"""Writing: the verbs of a model view, where it has none of its own.

Here: adding, changing and deleting one row from typed values, FAB's hooks, a line of the log each,
two people who edit at once. Not here: forms (model_views.forms), taking back (model_views.undo).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import UniqueConstraint, inspect, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError

from app.activity import nouns
from app.activity import service as activity
from app.extensions import db
from app.http.context import organization, seat
from app.kernel.clock import utcnow
from app.kernel.errors import Conflict, Refusal
from app.kernel.i18n import lazy
from app.model_views.columns import Column
from app.model_views.kinds import Kind
from app.models import Account, Activity, Organization
from app.models.base import OrganizationModel
from app.models.organization_scope import OWN
from app.screens.optimistic_lock import About, State

LONGEST_KEPT = 10_000
"""Characters of one value that the log keeps."""
Values = Mapping[str, Any]


class Taken(Refusal):
    """A value that only one row may have."""

    status = 409
    text = lazy("There is one with this value already: %(label)s.")


class StillUsed(Refusal):
    """A row that others point to, and that the database therefore keeps."""

    status = 409
    text = lazy("Something else still refers to this, so it cannot be deleted.")


class WritingMixin:
    """The verbs of a model view."""

    datamodel: Any
    kinds: Mapping[str, Kind]
    known: Mapping[str, Column]
    word: str
    delete_integrity_error_message: ClassVar[Any]

    def values_of(self, form: Any) -> Values:
        """What a form holds, as values of the model's columns."""
        return {
            name: self.kinds[name].read(field.data)
            if self.kinds[name].name == "choice"
            else field.data
            for name, field in form._fields.items()
            if name in self.kinds
        }

    def create(self, values: Values) -> Any:
        """Add a row."""
        return self._create(values)

    def update(self, item: Any, values: Values) -> None:
        """Change a row; a value that is left out stays."""
        self._update(item, values)

    def remove(self, item: Any) -> None:
        """Delete a row."""
        self._remove(item)

    def _create(
        self, values: Values, *, number: int | None = None, undoes: Activity | None = None
    ) -> Any:
        """Add a row; one that comes back gets its `number` again."""
        item = self.datamodel.obj(**_filled(values, self.kinds))
        if number is not None:
            item.id = number
        if isinstance(item, OrganizationModel):
            item.organization_id = organization().id
        self.pre_add(item)
        self._ensure_free(item)
        db.session.add(item)
        db.session.flush()
        self.post_add(item)
        verb = nouns.CREATED if number is None else nouns.RESTORED
        self._tell(verb, item, row=self.row_of(item), undoes=undoes)
        return item

    def _update(self, item: Any, values: Values, *, undoes: Activity | None = None) -> None:
        before = self.row_of(item)
        with db.session.no_autoflush:
            for name, value in _filled(values, self.kinds).items():
                setattr(item, name, value)
        self.pre_update(item)
        self._ensure_free(item)
        try:
            db.session.flush()
        except StaleDataError as error:
            raise Conflict() from error
        self.post_update(item)
        changes = activity.changes(before, self.row_of(item))
        if changes:
            self._tell(nouns.UPDATED, item, changes=changes, undoes=undoes)

    def _remove(self, item: Any, *, undoes: Activity | None = None) -> None:
        row = self.row_of(item)
        self.pre_delete(item)
        self._tell(nouns.DELETED, item, row=row, undoes=undoes)
        db.session.delete(item)
        try:
            db.session.flush()
        except IntegrityError as error:
            raise StillUsed() from error
        self.post_delete(item)

    # Flask-AppBuilder's hooks, inside the transaction; a Refusal says no

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

    def take_back(
        self, verb: str, item: Any, values: Values | None = None, *, undoes: Activity
    ) -> None:
        """Do the opposite of what a line of the log tells: delete a row, give it the values it had,
        or bring a deleted one, by its number, back.
        """
        if verb == nouns.DELETED:
            self._remove(item, undoes=undoes)
        elif verb == nouns.UPDATED:
            self._update(item, values or {}, undoes=undoes)
        else:
            self._create(values or {}, number=item, undoes=undoes)

    # two people at once

    def watched(self, item: Any) -> State | None:
        return {"version": item.version}

    def look_again(self, item: Any) -> None:
        db.session.refresh(item, with_for_update={"of": type(item)})

    def about(self, item: Any) -> About:
        return About(item.id, (f"{self.word}_",), getattr(item, OWN, None))

    # what the log keeps

    def row_of(self, item: Any) -> dict[str, Any]:
        """A row as the log keeps it: every column by its kind, and what is secret unsaid."""
        return {name: _kept(kind, getattr(item, name)) for name, kind in self.kinds.items()}

    def _tell(self, verb: str, item: Any, *, undoes: Activity | None = None, **kept: Any) -> None:
        self.tell(verb, item, by=seat(), now=utcnow(), undoes=undoes, **kept)

    def tell(
        self, verb: str, item: Any, *, by: activity.Actor | Account, now: datetime, **kept: Any
    ) -> None:
        """Write a line of the log about a row, in that of its organization, if it has one."""
        own = getattr(item, OWN, None)
        here = db.session.get(Organization, own) if own is not None else None
        event = nouns.NOUNS[self.word].event(verb)
        activity.record(event, now=now, by=by, organization=here, subject=item, **kept)

    def _ensure_free(self, item: Any) -> None:
        """Raise Taken, at its field, where another row has a value that only one may have."""
        model = type(item)
        for names in unique_names(model):
            own = [name for name in names if name != OWN]
            values = {name: getattr(item, name) for name in names}
            if len(own) != 1 or any(value is None for value in values.values()):
                continue
            same = [getattr(model, name) == value for name, value in values.items()]
            other = select(model.id).where(*same, model.id.is_distinct_from(item.id))
            with db.session.no_autoflush:
                is_taken = db.session.scalar(other.limit(1)) is not None
            if is_taken:
                raise Taken(field=own[0], label=self.known[own[0]].label)


def unique_names(model: type[Any]) -> list[tuple[str, ...]]:
    """Return the names of the columns that are unique, alone or together."""
    table = model.__table__
    found: list[tuple[Any, ...]] = [(column.key,) for column in table.c if column.unique]
    found += [
        tuple(column.key for column in constraint.columns)
        for constraint in table.constraints
        if isinstance(constraint, UniqueConstraint)
    ]
    attributes = {column.key: name for name, column in inspect(model).columns.items()}
    return list(dict.fromkeys(tuple(attributes[one] for one in names) for names in found))


def _filled(values: Values, kinds: Mapping[str, Kind]) -> dict[str, Any]:
    """The values as the columns take them: a text that cannot be none is empty instead, and what
    was left out gets the column's default.
    """
    filled = dict(values)
    for name, value in values.items():
        kind = kinds[name]
        if value in (None, "") and not kind.is_nullable and kind.name != "relations":
            if kind.name in ("text", "long_text", "link"):
                filled[name] = value or ""
            elif kind.name == "translated":
                filled[name] = {}
            elif not kind.is_required:
                del filled[name]
        elif value == "" and kind.is_nullable:
            filled[name] = None
    return filled


def _kept(kind: Kind, value: Any) -> Any:
    info = getattr(kind.column, "info", {}) if kind.column is not None else {}
    plain = kind.plain(value)
    if info.get("secret"):
        return "•" if plain else None
    return plain if not isinstance(plain, str) or len(plain) <= LONGEST_KEPT else None
