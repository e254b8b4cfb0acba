"""Headers: what every answer says to the browser, and how files are served.

Here: content security policy, caching, the proxy's word. Not here: cookies (config).
"""
from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask import Flask, request
from flask_talisman import Talisman
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.wrappers import Response
from whitenoise import WhiteNoise

POLICY = {
    "default-src": "'none'", "script-src": "'self'", "style-src": "'self'", "img-src": ["'self'", "data:"], "font-src": "'self'",
    "connect-src": "'self'", "form-action": "'self'", "frame-src": "'self'", "frame-ancestors": "'none'", "base-uri": "'none'",
}
YEAR = 365 * 24 * 3600


def install(app: Flask) -> None:
    """Send security headers with every answer, and files with long-lived caching."""
    settings = app.config["SETTINGS"]
    Talisman(
        app, content_security_policy=POLICY, force_https=False, strict_transport_security=settings.https, frame_options="DENY",
        session_cookie_secure=settings.https, session_cookie_samesite="Lax", referrer_policy="same-origin",
        permissions_policy={"camera": "()", "geolocation": "()", "microphone": "()"},
    )
    app.after_request(_keep_private)
    app.url_defaults(_stamp)
    app.wsgi_app = WhiteNoise(app.wsgi_app, root=app.static_folder, prefix="static/", max_age=YEAR)  # type: ignore[method-assign]
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]


def _keep_private(response: Response) -> Response:
    if request.endpoint != "static":
        response.headers.setdefault("Cache-Control", "no-store")
        response.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    return response


def _stamp(endpoint: str, values: dict[str, Any]) -> None:
    """Put the content's hash into a file's address, so that it can be cached for a year."""
    if endpoint == "static" and "filename" in values and "v" not in values:
        values["v"] = _hash(values["filename"])


@lru_cache(maxsize=256)
def _hash(filename: str) -> str | None:
    path = Path(__file__).parent.parent / "static" / filename
    return hashlib.sha256(path.read_bytes()).hexdigest()[:8] if path.is_file() else None
