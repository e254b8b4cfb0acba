"""Columns: everything a list, a page, a file or a program can be told of a row.

Here: one column, and those that follow from a model. Not here: kinds
(model_views.values.kinds), which of them a view shows (model_views.view).
"""

from __future__ import annotations

from collections.abc import Callable, Container, Sequence
from dataclasses import dataclass, field
from functools import cache
from operator import attrgetter
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from app.model_views.values.kind_of import One, Several, called, kind_of
from app.model_views.values.kinds import Kind
from app.models import Account, Membership
from app.models.base import naming_columns, written_order
from app.models.organization_scope import OWN
from app.screens.list_filter import Filter

NAMES = (Account.last_name, Account.first_name, Account.username)
"""What a member is called by (screens.formatters.display_name)."""
OWN_COLUMNS = frozenset({"id", "organization_id", "version"})


@dataclass(frozen=True)
class Column:
    """A column of a list. One that is no column of the model says at least its `value`.

    `order` is what a list is ordered by, `needs` the relations that its value reads; `cell` draws
    the value in the list and on the row's page.
    """

    name: str
    label: Any = ""
    value: Callable[[Any], Any] | None = None
    cell: Callable[[Any], Any] | None = None
    order: Any = None
    filter: Filter | None = None
    needs: Sequence[str] = ()
    kind: Kind | None = field(default=None, repr=False)

    def of(self, row: Any) -> Any:
        """The value of a row."""
        return self.value(row) if self.value else getattr(row, self.name)

    def shown(self, row: Any) -> Any:
        """The value as people read it."""
        value = self.of(row)
        if self.cell is not None:
            return self.cell(value)
        return self.kind.show(value) if self.kind else value

    def plain(self, row: Any) -> Any:
        """The value as JSON has it."""
        value = self.of(row)
        if self.kind is not None:
            return self.kind.plain(value)
        return value if isinstance(value, str | int | bool | None) else str(value)


@cache
def kinds(model: type[Any]) -> dict[str, Kind]:
    """Return the kinds of a model's columns and relations, in the order in which they were
    written; worked out once, and changed by nobody. Raises TypeError, with what to write, for what
    no screen can hold.
    """
    mapper, found = model.__mapper__, {}
    keys = {name for name, column in mapper.columns.items() if column.foreign_keys}
    for name in written_order(model):
        prop = mapper.attrs[name]
        over = {one.key for one in getattr(prop, "local_columns", ())}
        if name in OWN_COLUMNS or name in keys or name.startswith("_") or over == {OWN}:
            continue
        try:
            kind = kind_of(prop)
        except TypeError as error:
            raise TypeError(f"{model.__name__}.{name}: {error}") from error
        if kind is not None:
            found[name] = kind
    return found


def column_of(model: type[Any], name: str, kind: Kind | None, label: Any) -> Column:
    """Return the column of a mapped attribute, of a dotted name such as `holder.type`, or of a
    method or property of the model.
    """
    if kind is not None:
        order = kind.order(model)
        if type(kind) is One and (order := _order_of(model, kind)) is None:
            order = getattr(model, kind.key)
        return Column(name, label, order=order, kind=kind)
    if "." in name:
        return Column(name, label, value=lambda row: _dotted(row, name))
    attribute = getattr(model, name)
    if callable(attribute) and not isinstance(attribute, property):
        rendered = getattr(attribute, "_col_name", None)
        is_column = isinstance(rendered, str) and rendered in model.__mapper__.columns
        order = getattr(model, str(rendered)) if is_column else None
        return Column(name, label, value=lambda row: getattr(row, name)(), order=order)
    return Column(name, label, value=attrgetter(name))


def eager(model: type[Any], shown: Sequence[Column], *, whole: Container[str] = ()) -> list[Any]:
    """What is read along with the rows of a page, so that no row costs a statement of its own; of a
    member that is only named, the name. `whole`: columns whose row is read whole.
    """
    named = {
        column.name: column.name not in whole for column in shown if isinstance(column.kind, One)
    }
    for column in shown:
        first = [column.name.partition(".")[0]] if "." in column.name else []
        named |= dict.fromkeys([*column.needs, *first], False)
    relations = model.__mapper__.relationships
    return [
        _path(model, relations[name], is_named)
        for name, is_named in named.items()
        if name in relations
    ]


def _path(model: type[Any], relation: Any, is_named: bool) -> Any:
    load = selectinload if relation.uselist else joinedload
    path = load(getattr(model, relation.key))
    if not issubclass(relation.mapper.class_, Membership):
        return path
    if not is_named:
        return path.joinedload(Membership.account)
    member = path.load_only(Membership.account_id, Membership.organization_id)
    return member.joinedload(Membership.account).load_only(*NAMES)


def words_of(name: str) -> str:
    """A name as a label: lent_on → Lent on."""
    return name.replace(".", " ").replace("_", " ").strip().capitalize()


def _dotted(row: Any, name: str) -> Any:
    """The value at the end of a dotted name; None where something on the way is none."""
    for part in name.split("."):
        row = getattr(row, part) if row is not None else None
        row = row() if callable(row) else row
    return called(row) if isinstance(row, Membership) else row


def _order_of(model: type[Any], kind: One) -> Any:
    """A relation is ordered by how its rows are called: members as their list is, others by their
    first text.
    """
    if isinstance(kind, Several):
        return None
    target, key = kind.target, getattr(model, kind.key)
    texts = naming_columns(target)
    name = "sort_key" if issubclass(target, Membership) else str(next(iter(texts), ""))
    if not name:
        return None
    found = select(getattr(target, name)).where(target.id == key).correlate(model)
    return found.scalar_subquery()
