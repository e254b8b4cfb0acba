"""Before every view: what a request passes on its way, in this order.

Here: the organization in the address, strangers sent to sign in, what somebody must do before
anything else (change a password that another person chose, D-C4; read who added them to an
organization, D-C11), the page that stands in place of an organization's pages until its 2-step rule
is met. Not here: who may do what (access.policy), the tables of public and reachable pages
(menu), machines (rest.gate).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from flask import Flask, current_app, redirect, render_template, request, url_for
from flask_login import current_user
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm.exc import ObjectDeletedError, StaleDataError
from werkzeug.wrappers import Response

from app.access.context import context, current_seat
from app.access.seat import Seat
from app.access.two_factor import Verdict, verdict_of
from app.extensions import db
from app.http.paths import asks_for_api, current_path, safe_next
from app.kernel.clock import utcnow
from app.kernel.errors import NotFound, Refusal
from app.kernel.i18n import lazy
from app.kernel.text import has_control_characters

FORBIDDEN = 403
Touch = Callable[..., bool]

ALWAYS_OPEN = frozenset(
    {
        "PasswordView.change",
        "SignInView.logout",
        "LanguageView.choose",
        "static",
        "appbuilder.static",
        "health.alive",
        "health.ready",
        "well_known.change_password",
        "well_known.robots",
    }
)
"""What stays open whatever somebody must do first: doing it, and the way out."""
ANSWERS = frozenset({"JoiningView.ask", "JoiningView.proceed", "JoiningView.decline"})
"""Where somebody reads to which organizations they were added, and answers."""


class MembershipSuspended(Refusal):
    """A suspended member asks for the organization's pages (D-3)."""

    status = FORBIDDEN
    text = lazy("Your membership of this organization is suspended. Ask its administrators.")


class SignInAgain(Refusal):
    """A session asks for the organization's pages from before a suspension, or from before those
    who manage its members shut it out (D-C1, D-C11).
    """

    status = FORBIDDEN
    text = lazy("This organization asks you to sign in anew. Sign out and in again to use it.")


def install(app: Flask, *, public: frozenset[str], reachable: frozenset[str], touch: Touch) -> None:
    """Put these checks in front of every view; `public` names the endpoints of strangers,
    `reachable` those that stay open while an organization withholds its pages, `touch` notes that
    a seat was used.
    """
    app.url_value_preprocessor(_take_organization)
    app.url_defaults(_fill_in_organization)
    app.config["PUBLIC_ENDPOINTS"] = public

    @app.before_request
    def check_reader() -> Response | None:
        if request.endpoint is None or asks_for_api():  # machines pass their own (rest.gate)
            return None
        if request.endpoint in public:
            return must_do_first()
        if not current_user.is_authenticated:
            return redirect(url_for("SignInView.login", next=_way_back()))
        _ensure_admitted()
        answer = must_do_first()
        return answer if answer is not None else _withheld(reachable)

    @app.after_request
    def note_use(response: Response) -> Response:
        seat = current_seat()
        if seat is not None and seat.session is not None and response.status_code < 400:
            _touch(seat, touch)
        return response


def _take_organization(_endpoint: str | None, values: dict[str, Any] | None) -> None:
    if values and any(has_control_characters(str(value)) for value in values.values()):
        raise NotFound()  # before anybody asks the database: PostgreSQL takes no NUL
    if values and "organization" in values:
        context().organization_code = values.pop("organization")


def _fill_in_organization(endpoint: str, values: dict[str, Any]) -> None:
    expected = current_app.url_map.is_endpoint_expecting(endpoint, "organization")
    if expected and "organization" not in values and context().organization_code is not None:
        values["organization"] = context().organization_code


def _ensure_admitted() -> None:
    """Raise NotFound, MembershipSuspended or SignInAgain for an organization's address that is
    closed to the reader.
    """
    seat, code = current_seat(), context().organization_code
    if code is None or seat is None or seat.organization is not None:
        return
    own = next(
        (membership for membership in seat.memberships if membership.organization.code == code),
        None,
    )
    if own is None:
        raise NotFound()
    raise MembershipSuspended() if own.is_suspended else SignInAgain()


def must_do_first() -> Response | None:
    """Send somebody to what must be done before anything else, from every page but the way out."""
    if request.endpoint in ALWAYS_OPEN or not current_user.is_authenticated:
        return None
    seat = current_seat()
    if seat is None:
        return None
    if seat.account.must_change_password:
        return redirect(url_for("PasswordView.change"))
    if seat.has_to_read and request.endpoint not in ANSWERS:
        return redirect(url_for("JoiningView.ask", next=_way_back() or None))
    return None


def _way_back() -> str | None:
    """This page, where it can be read again."""
    return safe_next(current_path()) if request.method != "POST" else None


def _withheld(reachable: frozenset[str]) -> Response | None:
    """Return the page for an organization that withholds its own, None where it does not."""
    seat = current_seat()
    if seat is None or seat.organization is None or context().organization_code is None:
        return None
    verdict = verdict_of(seat, now=utcnow())
    if not verdict.withholds:
        return None
    context().is_withheld = True
    return None if request.endpoint in reachable else _withheld_page(seat, verdict)


def _withheld_page(seat: Seat, verdict: Verdict) -> Response:
    body = render_template(
        "errors/withheld.html",
        seat=replace(seat, organization=None),  # its menu included, nothing is the organization's
        organization=seat.organization,
        must_set_up=verdict is Verdict.SET_UP,
        may_leave=seat.membership is not None,
        path=current_path() if request.method != "POST" else url_for("HomeView.home"),
    )
    return Response(body, FORBIDDEN, mimetype="text/html")


def _touch(seat: Seat, touch: Touch) -> None:
    try:
        if touch(seat, now=utcnow()):
            db.session.commit()
    except (ObjectDeletedError, StaleDataError, DBAPIError):
        # the session went while this request ran, or the database: the answer stands
        db.session.rollback()
