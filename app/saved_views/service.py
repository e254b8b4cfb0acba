"""Saved views' verbs: save, delete.

Here: names, how many there may be. Not here: what a list understands (screens.list_view), who may
(access.policy).
"""

from __future__ import annotations

from datetime import datetime

from app.access.locks import lock_organization
from app.access.seat import Seat
from app.activity import events
from app.activity import service as activity
from app.extensions import db
from app.kernel.errors import Refusal
from app.kernel.i18n import lazy
from app.kernel.unique import unless_taken
from app.models import Organization, SavedView
from app.models.saved_view import QUERY_LENGTH
from app.saved_views import queries

MOST_VIEWS = 50


class ViewNameTaken(Refusal):
    """Should the view of this name be replaced?"""

    status = 409
    field = "name"
    text = lazy("There is already a view with this name. Choose a different one, or replace it.")


class TooManyViews(Refusal):
    """More views than one finds one's way in."""

    text = lazy("A list can have %(limit)s saved views. Delete one first.")


class NothingToSave(Refusal):
    """The list as everybody finds it."""

    status = 422
    text = lazy("This is the list as it always opens. Search, filter or sort it first.")


class TooLongToSave(Refusal):
    """More parameters than an address carries well."""

    status = 422
    text = lazy("This view is too long to be saved. Use a shorter search or fewer filters.")


def save(
    organization: Organization,
    *,
    screen: str,
    name: str,
    query: str,
    replacing: str = "",
    by: Seat,
    now: datetime,
) -> SavedView:
    """Keep a list's parameters under a name; one of the same name is replaced where `replacing` is
    its id.

    Raises NothingToSave, TooLongToSave, ViewNameTaken, TooManyViews.
    """
    _ensure_worth(query)
    lock_organization(organization.id)
    taken = queries.named(organization, screen, name)
    if taken is not None:
        return _replace(
            taken, organization, name=name, query=query, replacing=replacing, by=by, now=now
        )
    if queries.count(organization, screen) >= MOST_VIEWS:
        raise TooManyViews(limit=MOST_VIEWS)
    view = SavedView(
        organization_id=organization.id,
        screen=screen,
        name=name,
        query=query,
        created_by_id=by.account.id,
        created_at=now,
    )
    db.session.add(view)
    _flush()
    activity.record(
        events.VIEW_SAVED, now=now, by=by, organization=organization, subject=view, screen=screen
    )
    return view


def delete(view: SavedView, organization: Organization, *, by: Seat, now: datetime) -> None:
    """Delete a saved view; the list stays as it is."""
    activity.record(
        events.VIEW_DELETED,
        now=now,
        by=by,
        organization=organization,
        subject=view,
        screen=view.screen,
    )
    db.session.delete(view)
    db.session.flush()


def _replace(
    view: SavedView,
    organization: Organization,
    *,
    name: str,
    query: str,
    replacing: str,
    by: Seat,
    now: datetime,
) -> SavedView:
    if str(view.id) != replacing:
        raise ViewNameTaken()
    view.name, view.query, view.created_by_id, view.created_at = name, query, by.account.id, now
    _flush()
    activity.record(
        events.VIEW_REPLACED,
        now=now,
        by=by,
        organization=organization,
        subject=view,
        screen=view.screen,
    )
    return view


def _ensure_worth(query: str) -> None:
    if not query:
        raise NothingToSave()
    if len(query) > QUERY_LENGTH:
        raise TooLongToSave()


def _flush() -> None:
    """Write; where somebody took the name between our look and our write, the database says so and
    we say it in words.
    """
    with unless_taken(name_key=ViewNameTaken):
        db.session.flush()
