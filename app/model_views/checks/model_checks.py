"""Checks of models: what no screen, log or organization could work with.

Here: keys, versions, types, where relations lead. Not here: views (model_views.checks.view_checks).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Integer, UniqueConstraint
from sqlalchemy.orm import RelationshipDirection

from app.model_views.columns import kinds
from app.model_views.forms.targets import is_shared
from app.models.base import OrganizationModel, PlatformModel
from app.models.organization_scope import OWN
from app.screens.interface import OrganizationInterface

OURS = "app."
POINTED = {"membership": "SET NULL", "ab_user": "SET NULL"}


def complaints(view: type[Any]) -> Iterator[str]:
    """Say what is wrong with the model of a view."""
    model = view.datamodel.obj
    yield from _ownership(view, model)
    yield from _keys(model)
    yield from _foreign_keys(model)
    yield from _uniqueness(model)
    yield from _relations(model)
    try:
        found = kinds(model)
    except TypeError as error:
        yield str(error)
        return
    if not found:
        yield f"{model.__name__} has no column that people could read: add one"


def _ownership(view: type[Any], model: type[Any]) -> Iterator[str]:
    name, has_own = model.__name__, OWN in model.__table__.c
    is_bounded = isinstance(view.datamodel, OrganizationInterface)
    if is_bounded and not has_own:
        yield (
            f"{name} has no organization_id: derive it from OrganizationModel, or write datamodel ="
            f" PlatformInterface({name}) for rows of the whole portal"
        )
    if has_own and not is_bounded and not getattr(view, "all_organizations", False):
        yield (
            f"{name} belongs to organizations, and PlatformInterface shows the rows of all of them:"
            f" write datamodel = OrganizationInterface({name}), or all_organizations = True"
        )


def _keys(model: type[Any]) -> Iterator[str]:
    name, mapper = model.__name__, model.__mapper__
    key = [*mapper.primary_key]
    if len(key) != 1 or key[0].key != "id" or not isinstance(key[0].type, Integer):
        yield (
            f"{name} is not numbered by one column `id`: leave its primary key out and derive it"
            " from OrganizationModel"
        )
    if model.__module__.startswith(OURS):
        return
    if not issubclass(model, OrganizationModel | PlatformModel):
        yield f"{name} has no version: derive it from OrganizationModel or PlatformModel"
    elif mapper.version_id_col is None:
        yield (
            f"the __mapper_args__ of {name} leave out the version, without which two people write"
            ' over one another: add "version_id_col": version to them'
        )


def _foreign_keys(model: type[Any]) -> Iterator[str]:
    for key in sorted(model.__table__.foreign_keys, key=lambda one: one.parent.key):
        column, table = f"{model.__name__}.{key.parent.key}", key.column.table.name
        if table == "organization" and (key.ondelete or "").upper() != "CASCADE":
            yield (
                f"{column} would keep an organization from being deleted: write"
                " ForeignKey('organization.id', ondelete='CASCADE')"
            )
        if (
            table in POINTED
            and (key.ondelete or "").upper() not in ("", "CASCADE")
            and not key.parent.nullable
        ):
            yield (
                f"{column} could not be emptied when a person goes: write Mapped[int | None], or"
                f" ForeignKey('{key.target_fullname}', ondelete='CASCADE')"
            )
        if table in POINTED and not key.ondelete:
            yield (
                f"{column} would keep a person from being deleted: write"
                f" ForeignKey('{key.target_fullname}', ondelete='{POINTED[table]}')"
            )


def _uniqueness(model: type[Any]) -> Iterator[str]:
    """What is unique over all organizations would tell one what another has."""
    if not issubclass(model, OrganizationModel):
        return
    table = model.__table__
    constraints = (one for one in table.constraints if isinstance(one, UniqueConstraint))
    indexes = (index for index in table.indexes if index.unique)
    for unique in (*constraints, *indexes):
        names = [column.key for column in unique.columns]
        targets = [key.column.table for column in unique.columns for key in column.foreign_keys]
        if OWN not in names and not any(OWN in target.c for target in targets):
            listed = ", ".join(f'"{name}"' for name in names)
            yield (
                f"{model.__name__}.{names[0]} is unique over all organizations, so that one would"
                f" learn what another has: write __table_args__ = (UniqueConstraint("
                f'"{OWN}", {listed}),) instead'
            )


def _relations(model: type[Any]) -> Iterator[str]:
    for relation in model.__mapper__.relationships:
        target = relation.mapper.class_
        if relation.direction is RelationshipDirection.ONETOMANY or is_shared(target):
            continue
        if model.__module__.startswith(OURS):
            continue
        if target.__table__.name == "organization" and OWN in {
            one.key for one in relation.local_columns
        }:
            continue
        yield (
            f"{model.__name__}.{relation.key} leads to {target.__name__}, whose rows are neither an"
            " organization's nor everybody's: point to Membership for people, or derive"
            f" {target.__name__} from OrganizationModel or PlatformModel"
        )
