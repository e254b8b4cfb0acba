"""Ending: role bindings that wait, and whose maker goes or may give less, or whose person came in
another way.

Here: ending them. Not here: one that is cancelled by hand (bindings.service), when these are called
(bindings.hooks).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import selectinload

from app.access.seat import Seat
from app.activity import binding_events
from app.bindings.service import record
from app.extensions import db
from app.models import Account, BindingStatus, RoleBinding


def waiting(*which: ColumnElement[bool]) -> list[RoleBinding]:
    """The role bindings that wait and for which these conditions hold."""
    query = select(RoleBinding).where(RoleBinding.status == BindingStatus.WAITING, *which)
    return list(db.session.scalars(query.options(selectinload(RoleBinding.roles))))


def void(bindings: Iterable[RoleBinding], *, now: datetime) -> None:
    """End role bindings whose ground is gone; the list says so, and nobody is asked (D-C11)."""
    for binding in bindings:
        binding.settle(BindingStatus.VOID, now=now)
        record(binding_events.BINDING_VOID, binding, by=None, now=now)


def withdraw(bindings: Iterable[RoleBinding], *, by: Seat | Account, now: datetime) -> None:
    """Take role bindings back that wait for somebody who became a member another way: whoever is
    removed afterwards does not let themselves in again by them.
    """
    for binding in bindings:
        binding.settle(BindingStatus.CANCELLED, now=now)
        record(binding_events.BINDING_CANCELLED, binding, by=by, now=now)
