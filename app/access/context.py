"""Context: what is known of the request that is being answered. One per request.

Here: the fields, each filled by the room that its comment names, and the one key on `flask.g` under
which they are kept. Not here: what Flask, Flask-Login and Flask-AppBuilder keep there themselves;
the seat and the organization of doors that open to nobody else (http.context).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import g

from app.access.seat import Seat
from app.models import MemberRole


@dataclass
class RequestContext:
    """What is known of one request; nothing at its start."""

    request_id: str = ""
    """The name by which the answer is found in the log (http_server.request_id)."""
    organization_code: str | None = None
    """The organization of the address (http.before_request) or of the API key (rest.gate)."""
    seat: Seat | None = None
    """Who asks: sign_in.manager, rest.gate."""
    permission: tuple[str, str] | None = None
    """What was last asked of the table of grants: permission, view (sign_in.manager, rest.api)."""
    is_withheld: bool | None = None
    """Whether the organization withholds its pages until its 2-step rule is met; None while nobody
    has asked (http.before_request, screens.frame.navigation)."""
    retry_after: int | None = None
    """Seconds to wait before asking again, where that was the answer (http.rate_limit)."""
    menu_names: frozenset[str] | None = None
    """The entries of the navigation that the reader may open (screens.frame.navigation)."""
    menu_counts: dict[str, str] | None = None
    """The numbers beside them."""
    time_zone: str = ""
    """The zone in which a stranger reads this page (screens.moments.zones)."""
    icons_url: str = ""
    """The file of the page's drawings (screens.frame.theme)."""
    roles: Sequence[MemberRole] | None = None
    """The roles of the organization in the address (offers.context)."""


def context() -> RequestContext:
    """Return what is known of this request."""
    if "portal" not in g:
        g.portal = RequestContext()
    found: RequestContext = g.portal
    return found


def current_seat() -> Seat | None:
    """Return the seat of this request, None for a stranger."""
    return context().seat
