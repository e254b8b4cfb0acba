"""Navigation: the organization and the entries beside every page.

Here: what the reader may open; on pages of no organization (profile, invitations to oneself) that of the one that was open last.
Not here: the entries themselves (app.portal), who may (access.policy).
"""
from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from flask import current_app, g, request
from flask_appbuilder.menu import MenuItem

from app.access.seat import current_seat
from app.access.two_factor import verdict_of
from app.kernel.clock import utcnow
from app.models import Membership, Organization
from app.web.counts import menu_counts


def place() -> Organization | None:
    """Return the organization whose navigation is shown."""
    seat, last = current_seat(), _left()
    return last.organization if last else seat.organization if seat else None


def menu() -> list[dict[str, Any]]:
    """The side navigation: sections of the entries this reader may open."""
    with _back_there():
        builder = current_app.appbuilder  # type: ignore[attr-defined]
        sections = builder.menu.get_list()
        allowed = builder.sm.get_user_menu_access([item.name for section in sections for item in section.childs])
        seat = current_seat()
        counts = menu_counts(seat, allowed) if seat else {}
        drawn = [
            {"label": section.label, "name": section.name, "items": [_entry(item, counts) for item in section.childs if item.name in allowed]}
            for section in sections
        ]
    return [section for section in drawn if section["items"] and not (section["name"] == "organization" and _is_withheld())]


@contextmanager
def _back_there() -> Iterator[None]:
    """While the entries are drawn, be where the reader was last; they ask the seat and the address as on its own pages."""
    seat, last = current_seat(), _left()
    if seat is None or last is None:
        yield
        return
    g.seat, g.organization_code = replace(seat, organization=last.organization, membership=last), last.organization.code
    try:
        yield
    finally:
        g.seat = seat
        g.pop("organization_code")


def _left() -> Membership | None:
    """The membership of the organization that was open last in this session, on a page of none."""
    seat = current_seat()
    if seat is None or seat.session is None or seat.organization is not None or "organization_code" in g:
        return None
    session = seat.session
    return next((one for one in seat.memberships if one.organization_id == session.organization_id and one.admits(session.created_at)), None)


def _is_withheld() -> bool:
    """Whether the organization whose navigation is shown withholds its pages; none of them can be opened, so none is offered."""
    if "withheld" not in g:
        seat, last = current_seat(), _left()
        g.withheld = seat is not None and last is not None and verdict_of(seat, now=utcnow(), organization=last.organization).withholds
    return bool(g.withheld)


def _entry(item: MenuItem, counts: dict[str, str]) -> dict[str, Any]:
    here = request.blueprint
    return {
        "name": item.name, "label": item.label, "icon": item.icon, "url": item.get_url(), "count": counts.get(item.name),
        "current": item.baseview is not None and here == item.baseview.endpoint,
    }
