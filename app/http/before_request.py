"""Gate: what every request passes before its view.

Here: the organization in the address, strangers sent to sign in, people who must first change their
password or do what the organization's 2-step rule asks for. Not here: who may do what
(access.policy), the table of public pages (portal).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Flask, current_app, redirect, request, url_for
from flask_login import current_user
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm.exc import ObjectDeletedError, StaleDataError
from werkzeug.wrappers import Response

from app.access.context import context, current_seat
from app.access.seat import Seat
from app.extensions import db
from app.http import withheld
from app.http.paths import asks_for_api, here, safe_next
from app.kernel.clock import utcnow
from app.kernel.errors import NotFound, Refusal
from app.kernel.i18n import lazy
from app.kernel.text import has_control_characters

Check = Callable[[], Response | None]
Touch = Callable[..., bool]


class MembershipSuspended(Refusal):
    """A suspended member asks for the organization's pages (D-3)."""

    status = 403
    text = lazy("Your membership of this organization is suspended. Ask its administrators.")


class SignInAgain(Refusal):
    """A session asks for the organization's pages from before a suspension, or from before those
    who manage its members shut it out (D-C1, D-C11).
    """

    status = 403
    text = lazy("This organization asks you to sign in anew. Sign out and in again to use it.")


def install(
    app: Flask, *, public: frozenset[str], reachable: frozenset[str], before: Check, touch: Touch
) -> None:
    """Put the gate in front of every view; `public` names the endpoints of strangers, `reachable`
    those that stay open while an organization withholds its pages, `before` is asked before every
    page, `touch` notes that a seat was used."""
    app.url_value_preprocessor(_take_organization)
    app.url_defaults(_give_organization)
    app.config["PUBLIC_ENDPOINTS"] = public

    @app.before_request
    def gate() -> Response | None:
        if request.endpoint is None or asks_for_api():  # machines pass their own (rest.gate)
            return None
        if request.endpoint in public:
            return before()
        if not current_user.is_authenticated:
            return redirect(
                url_for(
                    "SignInView.login", next=safe_next(here()) if request.method != "POST" else None
                )
            )
        _must_belong()
        detour = before()
        return detour if detour is not None else withheld.page(reachable)

    @app.after_request
    def note_use(response: Response) -> Response:
        seat = current_seat()
        if seat is not None and seat.session is not None and response.status_code < 400:
            _note(seat, touch)
        return response


def _note(seat: Seat, touch: Touch) -> None:
    try:
        if touch(seat, now=utcnow()):
            db.session.commit()
    except (
        ObjectDeletedError,
        StaleDataError,
        DBAPIError,
    ):  # the session went while this request ran, or the database: the answer stands
        db.session.rollback()


def _must_belong() -> None:
    seat, code = current_seat(), context().organization_code
    if code is None or seat is None or seat.organization is not None:
        return
    own = next((one for one in seat.memberships if one.organization.code == code), None)
    if own is None:
        raise NotFound()
    raise MembershipSuspended() if own.is_suspended else SignInAgain()


def _take_organization(_endpoint: str | None, values: dict[str, Any] | None) -> None:
    if values and any(has_control_characters(str(value)) for value in values.values()):
        raise NotFound()  # before anybody asks the database: PostgreSQL takes no NUL
    if values and "organization" in values:
        context().organization_code = values.pop("organization")


def _give_organization(endpoint: str, values: dict[str, Any]) -> None:
    expected = current_app.url_map.is_endpoint_expecting(endpoint, "organization")
    if expected and "organization" not in values and context().organization_code is not None:
        values["organization"] = context().organization_code
