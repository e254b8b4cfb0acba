"""Writing: the verbs of a model view, where it has none of its own.

Here: adding, changing and deleting one row from typed values, FAB's hooks, a line of the log each,
two people who edit at once. Not here: forms (model_views.forms), taking back
(model_views.writing.undo).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import inspect

from app.activity import nouns
from app.activity import service as activity
from app.extensions import db
from app.http.context import organization, seat
from app.kernel.clock import utcnow
from app.model_views.columns import Column
from app.model_views.forms import targets
from app.model_views.values import unseen
from app.model_views.values.kind_of import SECRET
from app.model_views.values.kinds import Kind
from app.model_views.writing.refusing import ensure_free, in_words_of
from app.models import Account, Activity, Organization
from app.models.base import OrganizationModel
from app.models.organization_scope import OWN
from app.screens.optimistic_lock import About, State

LONGEST_KEPT = 10_000
"""Characters of one value that the log keeps."""
Values = Mapping[str, Any]


class WritingMixin:
    """The verbs of a model view."""

    datamodel: Any
    kinds: Mapping[str, Kind]
    known: Mapping[str, Column]
    word: ClassVar[str]
    tell_along: Any
    extra_fields: frozenset[str]
    """FAB's fields of forms that are no columns."""
    pre_add: Any
    post_add: Any
    pre_update: Any
    post_update: Any
    pre_delete: Any
    post_delete: Any

    def values_of(self, form: Any) -> Values:
        """What a form holds, as values of the model's columns."""
        return {
            name: self.kinds[name].read(field.data)
            if name in self.kinds and self.kinds[name].name == "choice"
            else field.data
            for name, field in form._fields.items()
            if name in self.kinds or name in self.extra_fields
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
        item = self.datamodel.obj()
        self._set(item, values)
        if number is not None:
            item.id = number
        if isinstance(item, OrganizationModel):
            item.organization_id = organization().id
        self.pre_add(item)
        ensure_free(self, item)
        db.session.add(item)
        with in_words_of(self, "add"):
            db.session.flush()
        self.post_add(item)
        verb = nouns.CREATED if number is None else nouns.RESTORED
        self._tell(verb, item, row=self.row_of(item), undoes=undoes)
        return item

    def write_set(self) -> None:
        """Write attributes of rows that an action only set, as one of Flask-AppBuilder's may: by
        `update`, with its rules, its line of the log and its undo.
        """
        model = self.datamodel.obj
        changed = [one for one in db.session.dirty if type(one) is model]
        for item in changed:
            states = inspect(item).attrs
            values = {one.key: one.value for one in states if one.history.has_changes()}
            if values:
                db.session.expire(item, [*values])
                self.update(item, targets.of_keys(self.kinds, values))

    def _update(self, item: Any, values: Values, *, undoes: Activity | None = None) -> None:
        before, hidden = self.row_of(item), unseen.kept(item)
        with db.session.no_autoflush:
            self._set(item, values)
        self.pre_update(item)
        ensure_free(self, item)
        with in_words_of(self, "edit"):
            db.session.flush()
        self.post_update(item)
        changes = activity.changes(before, self.row_of(item))
        quiet = unseen.changes(hidden, unseen.kept(item))
        if changes or quiet:
            self._tell(nouns.UPDATED, item, changes=changes, undoes=undoes, **_told(quiet))

    def _remove(self, item: Any, *, undoes: Activity | None = None) -> None:
        row, hidden = self.row_of(item), unseen.kept(item)
        self.pre_delete(item)
        self._tell(nouns.DELETED, item, row=row, undoes=undoes, **_told(hidden))
        self.tell_along(item, by=seat(), now=utcnow())
        db.session.delete(item)
        with in_words_of(self, "delete"):
            db.session.flush()
        self.post_delete(item)

    def _set(self, item: Any, values: Values) -> None:
        """Set the model's columns, and FAB's extra fields as attributes that hooks can read."""
        own = {name: value for name, value in values.items() if name in self.kinds}
        extra = {name: value for name, value in values.items() if name not in own}
        unsaid = {name: None for name in self.extra_fields if not hasattr(item, name)}
        for name, value in (unsaid | _filled(own, self.kinds) | extra).items():
            setattr(item, name, value)

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

    def tell_gone(self, item: Any, *, by: activity.Actor | Account, now: datetime) -> None:
        """Write a line about a row that goes with another one."""
        kept = {"row": self.row_of(item), **_told(unseen.kept(item))}
        self.tell(nouns.DELETED, item, by=by, now=now, **kept)

    def tell(
        self, verb: str, item: Any, *, by: activity.Actor | Account, now: datetime, **kept: Any
    ) -> None:
        """Write a line of the log about a row, in that of its organization, if it has one."""
        own = getattr(item, OWN, None)
        here = db.session.get(Organization, own) if own is not None else None
        event = nouns.NOUNS[self.word].event(verb)
        activity.record(event, now=now, by=by, organization=here, subject=item, **kept)


def _told(hidden: Values) -> Values:
    """What a line keeps of unseen columns, where there is any."""
    return {nouns.UNSEEN: hidden} if hidden else {}


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
    plain = kind.plain(value)
    if kind.is_secret:
        return SECRET if plain else None
    return plain if not isinstance(plain, str) or len(plain) <= LONGEST_KEPT else None
