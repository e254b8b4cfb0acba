"""Detour: what somebody must do before anything else.

Here: changing a password that another person chose (D-C4). Not here: strangers (web.gate).
"""

from __future__ import annotations

from flask import redirect, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from app.access.seat import current_seat

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


def must_change_first() -> Response | None:
    """Send somebody whose password another person chose to change it, from every page but the way
    out.
    """
    if request.endpoint in OPEN_ANYHOW or not current_user.is_authenticated:
        return None
    seat = current_seat()
    must = seat is not None and seat.account.must_change_password
    return redirect(url_for("PasswordView.change")) if must else None
