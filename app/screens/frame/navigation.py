"""Navigation: the organization and the entries beside every page.

Here: what the reader may open; on pages of no organization (profile, invitations to oneself) what
they may open in the one that was open last. Not here: the entries themselves (app.menu), who may
(access.policy).
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import replace
from typing import Any

from flask import current_app, request, url_for
from flask_appbuilder.menu import MenuItem

from app.access.context import context, current_seat
from app.access.roles import BUILT_IN
from app.access.seat import Seat
from app.access.two_factor import verdict_of
from app.kernel.clock import utcnow
from app.kernel.i18n import _, current_language, listed
from app.models import Membership, Organization
from app.screens.counts import menu_counts
from app.screens.frame.builder import PortalBuilder


def seat_shown(reader: Seat) -> Seat:
    """Return the reader's seat in the organization whose navigation is shown."""
    last = _last_membership(reader)
    return replace(reader, organization=last.organization, membership=last) if last else reader


def organization_shown(reader: Seat) -> Organization | None:
    """Return the organization whose navigation is shown."""
    return seat_shown(reader).organization


def menu(reader: Seat) -> list[dict[str, Any]]:
    """The side navigation: sections of the entries this reader may open."""
    names, counts = _entries(reader)
    organization = organization_shown(reader)
    drawn = [
        {
            "label": section.label,
            "name": section.name,
            "items": [
                _entry(item, organization, counts) for item in section.childs if item.name in names
            ],
        }
        for section in _sections()
    ]
    return [
        section
        for section in drawn
        if section["items"] and not (section["name"] == "organization" and _is_withheld(reader))
    ]


def counted(name: str) -> str:
    """One of the small numbers (screens.counts); empty where there is none."""
    reader = current_seat()
    count = _entries(reader)[1].get(name, "0") if reader else "0"
    return "" if count == "0" else count


def page_frame(reader: Seat | None) -> Hashable:
    """All that the top bar and the side navigation show a reader, but for tokens and the way back:
    they are drawn once for it.
    """
    language = current_language()
    common = language, request.blueprint
    if reader is None:
        return common
    account, current, (names, counts) = (
        reader.account,
        organization_shown(reader),
        _entries(reader),
    )
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
        tuple(roles_by_organization(reader).items()),
        current is not None,
        names,
        tuple(counts.items()),
        _is_withheld(reader),
    )


def roles_by_organization(reader: Seat) -> dict[int, str]:
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


def _builder() -> PortalBuilder:
    builder: PortalBuilder = current_app.appbuilder  # type: ignore[attr-defined]
    return builder


def _sections() -> list[MenuItem]:
    sections: list[MenuItem] = _builder().menu.get_list()
    return sections


def _entries(reader: Seat) -> tuple[frozenset[str], dict[str, str]]:
    """The names of the entries this reader may open, and the numbers beside them; asked for once in
    a request.
    """
    known = context()
    if known.menu_names is None or known.menu_counts is None:
        shown = seat_shown(reader)
        names = [item.name for section in _sections() for item in section.childs]
        known.menu_names = _builder().entries_open_to(shown, names)
        known.menu_counts = menu_counts(shown, known.menu_names)
    return known.menu_names, known.menu_counts


def _last_membership(reader: Seat) -> Membership | None:
    """The membership of the organization that was open last in this session, on a page of none."""
    session = reader.session
    if (
        session is None
        or reader.organization is not None
        or context().organization_code is not None
    ):
        return None
    return next(
        (
            one
            for one in reader.memberships
            if one.organization_id == session.organization_id and one.admits(session.created_at)
        ),
        None,
    )


def _is_withheld(reader: Seat) -> bool:
    """Whether the organization whose navigation is shown withholds its pages; none of them can be
    opened, so none is offered.
    """
    known = context()
    if known.is_withheld is None:
        last = _last_membership(reader)
        known.is_withheld = (
            last is not None
            and verdict_of(reader, now=utcnow(), organization=last.organization).withholds
        )
    return known.is_withheld


def _entry(
    item: MenuItem, organization: Organization | None, counts: dict[str, str]
) -> dict[str, Any]:
    return {
        "name": item.name,
        "label": item.label,
        "icon": item.icon,
        "url": _address(item, organization),
        "count": counts.get(item.name),
        "current": item.baseview is not None and request.blueprint == item.baseview.endpoint,
    }


def _address(item: MenuItem, organization: Organization | None) -> str:
    """Where an entry leads in an organization; `MenuItem.get_url` knows only that of the page."""
    view = item.baseview
    endpoint = item.href or (f"{view.endpoint}.{view.default_view}" if view else "")
    if organization is not None and _is_of_organization(endpoint):
        return url_for(endpoint, organization=organization.code)
    return str(item.get_url())


def _is_of_organization(endpoint: str) -> bool:
    return endpoint in current_app.view_functions and (
        current_app.url_map.is_endpoint_expecting(endpoint, "organization")
    )
