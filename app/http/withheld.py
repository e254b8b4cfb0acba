"""Withheld: what somebody sees in place of an organization's pages until they have done what its
2-step rule asks for.

Here: the page and what stays open nevertheless. Not here: the rule (access.two_factor), setting a
second factor up (profile).
"""

from __future__ import annotations

from flask import render_template, request, url_for
from werkzeug.wrappers import Response

from app.access.context import context, current_seat
from app.access.seat import Seat
from app.access.two_factor import Verdict, verdict_of
from app.http.paths import here
from app.kernel.clock import utcnow

FORBIDDEN = 403


def page(reachable: frozenset[str]) -> Response | None:
    """Return the page where the organization in the address withholds access, None where it does
    not; `reachable` names what stays open.
    """
    seat = current_seat()
    if seat is None or seat.organization is None or context().organization_code is None:
        return None
    verdict = verdict_of(seat, now=utcnow())
    if not verdict.withholds:
        return None
    context().is_withheld = True
    return None if request.endpoint in reachable else _page(seat, verdict)


def _page(seat: Seat, verdict: Verdict) -> Response:
    where, seat.organization = (
        seat.organization,
        None,
    )  # nothing on this page, its menu included, is the organization's
    body = render_template(
        "errors/withheld.html",
        organization=where,
        must_set_up=verdict is Verdict.SET_UP,
        may_leave=seat.membership is not None,
        path=here() if request.method != "POST" else url_for("HomeView.home"),
    )
    return Response(body, FORBIDDEN, mimetype="text/html")
