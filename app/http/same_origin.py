"""Same origin: what another site lets a browser send is not done, whatever token it holds.

Here: one check before every form, by what browsers say of themselves. Not here: tokens (Flask-WTF),
programs with keys (rest.gate).
"""

from __future__ import annotations

from flask import Flask, current_app, request

from app.extensions import csrf
from app.http.paths import asks_for_api
from app.kernel.errors import Refusal
from app.kernel.i18n import lazy

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
OWN = frozenset({"same-origin", "none"})


class SentByAnotherSite(Refusal):
    """A form that does not come from one of our pages."""

    status = 403
    text = lazy(
        "This was sent by another site, so nothing was done. Open the page here and try again."
    )


def install(app: Flask) -> None:
    """Look where each form comes from. Raises SentByAnotherSite."""
    app.config["OWN_ORIGIN"] = app.config["SETTINGS"].portal_url

    @app.before_request
    def check_origin() -> None:
        if request.method in SAFE or asks_for_api() or csrf._is_exempt():
            return
        site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
        if (site is not None and site not in OWN) or (
            origin is not None and origin != current_app.config["OWN_ORIGIN"]
        ):
            raise SentByAnotherSite()
