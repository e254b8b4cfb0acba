"""Well-known addresses: where password managers find the page for a new password, and what search
engines are told.

Here: /.well-known/change-password and /robots.txt. Not here: the pages themselves.
"""

from __future__ import annotations

from flask import Blueprint, redirect, url_for
from werkzeug.wrappers import Response

well_known = Blueprint("well_known", __name__)
NOTHING_TO_FIND = "User-agent: *\nDisallow: /\n"


@well_known.get("/.well-known/change-password")
def change_password() -> Response:
    """Lead to the page on which one's own password is changed; strangers sign in first."""
    return redirect(url_for("PasswordView.change"))


@well_known.get("/robots.txt")
def robots() -> tuple[str, int, dict[str, str]]:
    """Keep search engines out: nothing here is for strangers."""
    return NOTHING_TO_FIND, 200, {"Content-Type": "text/plain; charset=utf-8"}
