"""Scope: a row of an organization points only to rows of the same organization.

Here: checking that whenever a row is written, whoever writes it. Not here: what is offered and
found (screens.interface). Statements that bypass the session's objects, such as Core inserts and
`bulk_save_objects`, are not seen here.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, FromClause, Select, event, inspect, select
from sqlalchemy.orm import Mapper, ORMExecuteState, RelationshipDirection, Session, UOWTransaction

from app.kernel.errors import NotFound
from app.models.base import OrganizationModel
from app.models.membership import Membership

OWN = "organization_id"
UNSCOPED = "unscoped"


class OtherOrganization(NotFound):
    """A row would point into another organization, or move there."""


@event.listens_for(OrganizationModel, "before_insert", propagate=True)
@event.listens_for(OrganizationModel, "before_update", propagate=True)
def _stays_inside(mapper: Mapper[Any], connection: Connection, row: OrganizationModel) -> None:
    """Raise OtherOrganization where a key leads out; every key is set by now, whichever side of
    the relation was written.
    """
    state: Any = inspect(row)
    if state.persistent and state.attrs[OWN].history.deleted:
        raise OtherOrganization()
    for key in mapper.local_table.foreign_keys:
        if key.parent.name == OWN or OWN not in key.column.table.c:
            continue
        attribute = mapper.get_property_by_column(key.parent).key
        value = getattr(row, attribute)
        is_same = state.persistent and not state.attrs[attribute].history.has_changes()
        if value is None or is_same:
            continue
        target = key.column.table
        found = connection.scalar(_there(target).where(key.column == value))
        if found != row.organization_id:
            raise OtherOrganization()


def _there(target: FromClause) -> Select[int]:
    """Which organization a row belongs to; a member only as long as the membership lives, and it
    does not end before this is committed.
    """
    found = select(target.c[OWN])
    if target is not Membership.__table__:
        return found
    return found.where(target.c.ended_at.is_(None)).with_for_update(read=True)


@event.listens_for(Session, "before_flush")
def _links_stay_inside(session: Session, _context: UOWTransaction, _instances: Any) -> None:
    """The same for rows that are linked many to many, which have no row of their own."""
    for row in (*session.new, *session.dirty):
        if isinstance(row, OrganizationModel):
            for relation in inspect(type(row)).relationships:
                if relation.direction is RelationshipDirection.MANYTOMANY:
                    _ensure_same(row, inspect(row).attrs[relation.key].history.added or ())


def _ensure_same(row: OrganizationModel, others: Any) -> None:
    own = row.organization_id
    if any(getattr(other, OWN, own) != own for other in others):
        raise OtherOrganization()


@event.listens_for(Session, "do_orm_execute")
def _no_bulk(state: ORMExecuteState) -> None:
    """Refuse statements that write many rows at once: they raise no version, tell no log, and
    nothing above sees them. `execution_options(unscoped=True)` says that this is known.
    """
    if not (state.is_update or state.is_insert or state.is_delete) or state.execution_options.get(
        UNSCOPED
    ):
        return
    mapper = state.bind_mapper
    if mapper is not None and issubclass(mapper.class_, OrganizationModel):
        raise TypeError(
            f"{mapper.class_.__name__}: change rows one by one, so that their organization, version"
            " and log are kept; execution_options(unscoped=True) says that you see to that yourself"
        )
