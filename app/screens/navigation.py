"""Navigation: the organization and the entries beside every page.

Here: what the reader may open; on pages of no organization (profile, invitations to oneself) that
of the one that was open last.
Not here: the entries themselves (app.portal), who may (access.policy).
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from flask import current_app, g, request
from flask_appbuilder import AppBuilder
from flask_appbuilder.menu import MenuItem

from app.access.roles import BUILT_IN
from app.access.seat import Seat, current_seat
from app.access.two_factor import verdict_of
from app.kernel.clock import utcnow
from app.kernel.i18n import _, current_language, listed
from app.models import Membership, Organization
from app.screens.counts import menu_counts


def place() -> Organization | None:
    """Return the organization whose navigation is shown."""
    seat, last = current_seat(), _left()
    return last.organization if last else seat.organization if seat else None


def menu() -> list[dict[str, Any]]:
    """The side navigation: sections of the entries this reader may open."""
    allowed, counts = _offered()
    with _back_there():
        drawn = [
            {
                "label": section.label,
                "name": section.name,
                "items": [_entry(item, counts) for item in section.childs if item.name in allowed],
            }
            for section in _sections()
        ]
    return [
        section
        for section in drawn
        if section["items"] and not (section["name"] == "organization" and _is_withheld())
    ]


def counted(name: str) -> str:
    """One of the small numbers (screens.counts); empty where there is none."""
    count = _offered()[1].get(name, "0")
    return "" if count == "0" else count


def page_frame(reader: Seat | None) -> Hashable:
    """All that the top bar and the side navigation show a reader, but for tokens and the way back:
    they are drawn once for it.
    """
    language, current = current_language(), place()
    common = language, request.blueprint
    if reader is None:
        return common
    account, (allowed, counts) = reader.account, _offered()
    return (
        *common,
        account.id,
        account.family_name,
        account.given_name,
        account.login_id,
        account.email,
        reader.invites_waiting,
        tuple(
            (one.id, one.code, one.name_in(language))
            for one in ([current] if current else []) + reader.organizations
        ),
        tuple(standings(reader).items()),
        current is not None,
        allowed,
        tuple(counts.items()),
        _is_withheld(),
    )


def standings(reader: Seat) -> dict[int, str]:
    """What the reader is in each organization to switch to: power user, or the roles."""
    return {
        one.organization_id: _("Power user")
        if one.is_power
        else listed(
            str(BUILT_IN[role.key].name) if role.key in BUILT_IN else role.name
            for role in one.roles
        )
        for one in reader.open_memberships
    }


def _builder() -> AppBuilder:
    builder: AppBuilder = current_app.appbuilder  # type: ignore[attr-defined]
    return builder


def _sections() -> list[MenuItem]:
    sections: list[MenuItem] = _builder().menu.get_list()
    return sections


def _offered() -> tuple[frozenset[str], dict[str, str]]:
    """The names of the entries this reader may open, and the numbers beside them; asked for once in
    a request.
    """
    if "offered" not in g:
        with _back_there():
            names = [item.name for section in _sections() for item in section.childs]
            allowed = frozenset(_builder().sm.get_user_menu_access(names))
            seat = current_seat()
            g.offered = allowed, menu_counts(seat, allowed) if seat else {}
    offered: tuple[frozenset[str], dict[str, str]] = g.offered
    return offered


@contextmanager
def _back_there() -> Iterator[None]:
    """While the entries are drawn, be where the reader was last; they ask the seat and the address
    as on its own pages.
    """
    seat, last = current_seat(), _left()
    if seat is None or last is None:
        yield
        return
    g.seat, g.organization_code = (
        replace(seat, organization=last.organization, membership=last),
        last.organization.code,
    )
    try:
        yield
    finally:
        g.seat = seat
        g.pop("organization_code")


def _left() -> Membership | None:
    """The membership of the organization that was open last in this session, on a page of none."""
    seat = current_seat()
    if (
        seat is None
        or seat.session is None
        or seat.organization is not None
        or "organization_code" in g
    ):
        return None
    session = seat.session
    return next(
        (
            one
            for one in seat.memberships
            if one.organization_id == session.organization_id and one.admits(session.created_at)
        ),
        None,
    )


def _is_withheld() -> bool:
    """Whether the organization whose navigation is shown withholds its pages; none of them can be
    opened, so none is offered.
    """
    if "withheld" not in g:
        seat, last = current_seat(), _left()
        g.withheld = (
            seat is not None
            and last is not None
            and verdict_of(seat, now=utcnow(), organization=last.organization).withholds
        )
    return bool(g.withheld)


def _entry(item: MenuItem, counts: dict[str, str]) -> dict[str, Any]:
    here = request.blueprint
    return {
        "name": item.name,
        "label": item.label,
        "icon": item.icon,
        "url": item.get_url(),
        "count": counts.get(item.name),
        "current": item.baseview is not None and here == item.baseview.endpoint,
    }
