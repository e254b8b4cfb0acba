"""Targets: the rows that a relation may point to, for this request.

Here: which exist, which are called so, which one is meant. Not here: the field (model_views.
pickers), the check when a row is written (models.organization_scope).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import Select, false, select
from sqlalchemy.orm import contains_eager

from app.access.context import current_seat
from app.access.policy import may
from app.extensions import db
from app.kernel.errors import NotFound
from app.kernel.text import has_control_characters
from app.model_views import reach
from app.model_views.search import rows_called
from app.model_views.values.kind_of import One, called
from app.models import Account, Membership
from app.models.base import OrganizationModel, PlatformModel
from app.models.organization_scope import OWN

OFFERED = 20
MAX_ID = 2**31 - 1
Narrow = Callable[[Select[Any]], Select[Any]]


def is_shared(model: type[Any]) -> bool:
    """Whether rows of a model can be offered: an organization's own, or everybody's."""
    return issubclass(model, OrganizationModel | PlatformModel | Membership)


def rows(model: type[Any]) -> Select[Any]:
    """Return the query for the rows of a model that may be pointed to in this request."""
    query, seat = select(model), current_seat()
    if OWN in model.__table__.c:
        if seat is None or seat.organization is None:
            return query.where(false())
        query = query.where(getattr(model, OWN) == seat.organization.id)
    query = reach.bounded(model, query)
    if issubclass(model, Membership):
        query = query.join(Membership.account).options(contains_eager(Membership.account))
        return query.order_by(Account.sort_key, Account.id)
    return query.order_by(model.id)


def may_look(model: type[Any]) -> bool:
    """Whether the reader may look for such rows: members only with the authority to see them."""
    return not issubclass(model, Membership) or may(current_seat(), "read", "Member")


def offered(model: type[Any], words: str, narrow: Narrow) -> list[Any]:
    """Return the first rows that are called so, for somebody who types."""
    if not may_look(model) or has_control_characters(words):
        return []
    query = narrow(rows(model))
    query = query.where(rows_called(model, words)) if words else query
    return [*db.session.scalars(query.limit(OFFERED)).unique()]


def meant(model: type[Any], text: str, narrow: Narrow) -> Any:
    """Return the one row that is meant by “Name #12”, 12, or words that only it is called; None
    where there is none, or more than one.
    """
    number = number_in(text)
    if number is not None:
        query = narrow(rows(model)).where(model.id == number)
        found = db.session.scalars(query).unique().one_or_none()
        if found is not None:
            return found
    if not may_look(model) or has_control_characters(text):
        return None
    several = db.session.scalars(narrow(rows(model)).where(rows_called(model, text)).limit(2))
    matching = several.unique().all()
    return matching[0] if len(matching) == 1 else None


def number_in(text: str) -> int | None:
    """Return the number that a text ends with: 12, #12, Name #12; None for any other text."""
    last = text.split()[-1].removeprefix("#") if text.split() else ""
    is_number = last.isascii() and last.isdigit() and len(last) <= len(str(MAX_ID))
    return int(last) if is_number and 0 < int(last) <= MAX_ID else None


def of_keys(kinds: Mapping[str, Any], values: Mapping[str, Any]) -> dict[str, Any]:
    """Return values of columns, those of keys as the relations that they stand for. Raises NotFound
    for a key that leads nowhere.
    """
    relations = {kind.key: name for name, kind in kinds.items() if type(kind) is One}
    found = {name: value for name, value in values.items() if name not in relations}
    for key in relations.keys() & values.keys():
        target = kinds[relations[key]].target
        rows = with_ids(target, [] if values[key] is None else [values[key]])
        if values[key] is not None and not rows:
            raise NotFound()
        found.setdefault(relations[key], next(iter(rows.values()), None))
    return found


def with_ids(
    model: type[Any], ids: Sequence[int], narrow: Narrow = lambda query: query
) -> dict[int, Any]:
    """Return the rows with these ids that may be pointed to."""
    known = [one for one in ids if 0 < one <= MAX_ID]
    query = narrow(rows(model)).where(model.id.in_(known))
    found = db.session.scalars(query).unique() if known else ()
    return {row.id: row for row in found}


def written(row: Any) -> str:
    """How a row stands in a field: its name and its number, which is what counts."""
    return f"{called(row)} #{row.id}"
