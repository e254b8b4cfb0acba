"""Related rows: those of another screen that point to the row of a page.

Here: which relation leads there, the first rows, where all of them are, adding one with the parent
fixed. Not here: what becomes of them when a member goes (model_views.writing.leaving), how they
are drawn (templates/model_views/_related.html).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from flask import current_app, request, url_for
from markupsafe import Markup
from sqlalchemy import or_, select
from werkzeug.datastructures import MultiDict

from app.extensions import db
from app.kernel.errors import NotFound
from app.kernel.i18n import _, ngettext
from app.model_views.columns import kinds
from app.model_views.forms import targets
from app.model_views.values.kind_of import One, Several
from app.model_views.values.kinds import Kind
from app.models import Membership
from app.screens.frame.builder import find_view

ROWS = 10
"""Rows of a child on its parent's page; all of them are behind a link."""
ROWS_OF_MEMBER, MOST_OF_MEMBER = 5, 8
"""Rows of a list on a member's page, and lists there."""


@dataclass(frozen=True)
class RelatedList:
    """The first rows of one screen that point somewhere, as a page shows them."""

    view: Any
    rows: Sequence[Any]
    columns: Sequence[str]
    links: Sequence[tuple[Any, str]]
    """Where all of them are, where these are not all."""
    add_url: str = ""

    def draw(self) -> Markup:
        """Its rows, as its own list draws them."""
        drawn: Markup = self.view.drawn(self.rows, self.columns, bulk=False, has_menu=False)
        return drawn


class RelatedMixin:
    """What a model view shows of others, and takes from the page that it was opened from."""

    datamodel: Any
    kinds: Mapping[str, Kind]
    endpoint: str
    related_views: Any
    related_by: ClassVar[str] = ""
    """Which relation leads to the parent, where several lead to its model."""

    def related(self, item: Any) -> list[RelatedList]:
        """The lists on the page of a row."""
        found = []
        for cls in self.related_views or ():
            child = find_view(cls)
            if not child.offers_list():
                continue
            name = relation_to(self.datamodel.obj, cls)
            if not child.visible([name]):
                continue
            add_url = ""
            if child.can_add() and isinstance(child.kinds[name], One):
                back = request.full_path.rstrip("?")
                add_url = url_for(f"{child.endpoint}.add", **{name: item.id}, next=back)
            found.append(_list(child, [name], item.id, most=ROWS, add_url=add_url))
        return found

    def consequences(self, item: Any) -> list[tuple[str, str]]:
        """The rows that go with a row, for the page that asks first."""
        counted = ((child, len(rows)) for child, rows in going_along(item).items())
        return [
            (
                str(child.list_title),
                ngettext("%(num)s, will be deleted", "%(num)s, will be deleted", count),
            )
            for child, count in counted
            if count
        ]

    def tell_along(self, item: Any, *, by: Any, now: datetime) -> None:
        """Write a line of the log about each row that goes with one, for each can be taken back."""
        for child, rows in going_along(item).items():
            for row in rows:
                child.tell_gone(row, by=by, now=now)

    def fill(self, form: Any, item: Any = None) -> None:
        """Begin a new form with what the address says of its columns."""
        if item is not None:
            return
        for name, field in form._fields.items():
            if name not in self.kinds or name not in request.args:
                continue
            if isinstance(self.kinds[name], One):
                field.data = self._asked(name)
            else:
                field.process(MultiDict(request.args), None)

    def offer_rows(self, form: Any) -> None:
        """Let relations be picked; one that the address names is the parent's, and stays."""
        for name, field in form._fields.items():
            if isinstance(self.kinds.get(name), One):
                which: dict[str, Any] = {"which": "edit"} if getattr(form, "_id", None) else {}
                address = url_for(f"{self.endpoint}.pick", name=name, **which)
                field.render_kw = (field.render_kw or {}) | {"data-suggest": address}
            if type(self.kinds.get(name)) is One and name in request.args:
                field.render_kw = {"readonly": True}

    def _asked(self, name: str) -> Any:
        """The rows that the address names for a relation. Raises NotFound for any that is none."""
        kind: Any = self.kinds[name]
        texts = request.args.getlist(name)[: Several.most]
        numbers = [targets.number_in(text) for text in texts]
        found = targets.with_ids(kind.target, [one for one in numbers if one is not None])
        if len(found) < len(set(numbers)):
            raise NotFound()
        rows = [*found.values()]
        return rows if isinstance(kind, Several) else rows[0]


def of_member(member: Membership) -> list[RelatedList]:
    """The lists on a member's page: of each screen that the reader may see, one statement each."""
    found: list[RelatedList] = []
    for child in one_of_each_model(screens()):
        names = child.visible(relations_to(Membership, child.kinds)) if child.offers_list() else ()
        if names and len(found) < MOST_OF_MEMBER:
            found.append(_list(child, names, member.id, most=ROWS_OF_MEMBER))
    return [one for one in found if one.rows]


def screens() -> list[Any]:
    """The model views of this application, in the order of its map."""
    views = current_app.extensions["appbuilder"].baseviews
    return [one for one in views if isinstance(one, RelatedMixin)]


def one_of_each_model(views: Iterable[Any]) -> list[Any]:
    """Of several screens with the same rows, the first."""
    first: dict[Any, Any] = {}
    for view in views:
        first.setdefault(view.datamodel.obj, view)
    return [*first.values()]


def relations_to(model: type[Any], kinds: Mapping[str, Kind]) -> list[str]:
    """The names of the relations that lead to exactly this model."""
    return [name for name, kind in kinds.items() if isinstance(kind, One) and kind.target is model]


def going_along(item: Any) -> dict[Any, list[Any]]:
    """Return the rows that are deleted with a row, those that go with them among them, by their
    views; parents come first.
    """
    found: dict[Any, list[Any]] = {}
    seen, parents = {item}, [item]
    while parents:
        parent = parents.pop(0)
        for child in one_of_each_model(screens()):
            names = relations_to(type(parent), child.kinds)
            names = [name for name in names if goes_along(child.kinds[name])]
            if not names:
                continue
            query = select(child.datamodel.obj).where(points_to(child, names, parent.id))
            rows = [row for row in db.session.scalars(query).unique() if row not in seen]
            seen.update(rows)
            parents.extend(rows)
            found.setdefault(child, []).extend(rows)
    return found


def goes_along(kind: Any) -> bool:
    """Whether a row goes with the one that it points to."""
    if isinstance(kind, Several):
        return False
    return {key.ondelete for key in kind.column.foreign_keys} == {"CASCADE"}


def relation_to(model: type[Any], child: Any) -> str:
    """The relation by which the rows of a child's view belong to a row of this model.

    Raises TypeError, with what to write, where there is none, or more than one.
    """
    found = relations_to(model, kinds(child.datamodel.obj))
    if child.related_by in found or len(found) == 1:
        return str(child.related_by or found[0])
    name = model.__name__
    raise TypeError(
        f"{child.__name__} has several relations to {name}: write related_by = {found[0]!r} in it"
        if found
        else f"{child.__name__} has no relation to {name}, so it cannot be among its related_views"
    )


def points_to(child: Any, names: Sequence[str], number: int) -> Any:
    """The condition that a row points to the row of this number by one of these relations."""
    model, conditions = child.datamodel.obj, []
    for name in names:
        kind = child.kinds[name]
        if isinstance(kind, Several):
            conditions.append(getattr(model, name).any(kind.target.id == number))
        else:
            conditions.append(getattr(model, kind.key) == number)
    return or_(*conditions)


def _list(
    child: Any, names: Sequence[str], number: int, *, most: int, add_url: str = ""
) -> RelatedList:
    defined, listing = child.definition, child.read_listing(MultiDict())
    query = child.datamodel.scoped().where(points_to(child, names, number))
    ordered = listing.order(query, defined.key).limit(most + 1).options(*defined.eager)
    rows = db.session.scalars(ordered).unique().all()
    links = []
    if len(rows) > most:
        labels = [_("Show all")] if len(names) == 1 else [child.label_of(one) for one in names]
        addresses = [f"{child.list_url()}?{one}=%23{number}" for one in names]
        links = [*zip(labels, addresses, strict=True)]
    columns = [one for one in child.offered_columns() if one not in names or len(names) > 1]
    return RelatedList(child, rows[:most], columns or child.offered_columns(), links, add_url)
