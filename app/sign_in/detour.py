"""Detour: what somebody must do before anything else.

Here: changing a password that another person chose (D-C4), reading who added them to an
organization (D-C11). Not here: strangers (http.before_request).
"""

from __future__ import annotations

from flask import redirect, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from app.access.context import current_seat
from app.http.paths import here, safe_next

OPEN_ANYHOW = frozenset(
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

ANSWERS = frozenset({"JoiningView.ask", "JoiningView.proceed", "JoiningView.decline"})
"""Where somebody reads to which organizations they were added, and answers."""


def before_anything_else() -> Response | None:
    """Send somebody to what must be done first, from every page but the way out."""
    return must_change_first() or must_answer_first()


def must_answer_first() -> Response | None:
    """Send somebody who was added to an organization before this sign-in to read of it."""
    if request.endpoint in OPEN_ANYHOW | ANSWERS or not current_user.is_authenticated:
        return None
    seat = current_seat()
    if seat is None or not seat.has_to_read:
        return None
    back = safe_next(here()) if request.method != "POST" else ""
    return redirect(url_for("JoiningView.ask", next=back or None))


def must_change_first() -> Response | None:
    """Send somebody whose password another person chose to change it, from every page but the way
    out.
    """
    if request.endpoint in OPEN_ANYHOW or not current_user.is_authenticated:
        return None
    seat = current_seat()
    must = seat is not None and seat.account.must_change_password
    return redirect(url_for("PasswordView.change")) if must else None
