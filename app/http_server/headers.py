"""Headers: what every answer says to the browser, and how files are served.

Here: content security policy, caching, the proxy's word. Not here: cookies (config).
"""

from __future__ import annotations

import hashlib
from base64 import urlsafe_b64encode
from collections.abc import Callable
from functools import lru_cache
from http import HTTPStatus
from pathlib import Path
from typing import Any
from wsgiref.headers import Headers

from flask import Flask, request
from flask_talisman import Talisman
from werkzeug.exceptions import MethodNotAllowed
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.wrappers import Response

from app.http_server import compression, violations
from app.http_server.compression import CompressedFiles

POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": ["'self'", "data:"],
    "font-src": "'self'",
    "connect-src": "'self'",
    "form-action": "'self'",
    "frame-src": "'self'",
    "frame-ancestors": "'none'",
    "base-uri": "'none'",
    "object-src": "'none'",
    "report-uri": violations.PATH,
    "report-to": "violations",
}
PERMISSIONS = dict.fromkeys(
    (
        "accelerometer",
        "autoplay",
        "browsing-topics",
        "camera",
        "display-capture",
        "geolocation",
        "gyroscope",
        "hid",
        "idle-detection",
        "magnetometer",
        "microphone",
        "midi",
        "payment",
        "picture-in-picture",
        "screen-wake-lock",
        "serial",
        "usb",
        "xr-spatial-tracking",
    ),
    "()",
) | {"publickey-credentials-create": "(self)", "publickey-credentials-get": "(self)"}
"""What pages may ask the browser for: passkeys, and nothing else."""
CLEARED = '"cache"'
"""What a browser forgets at sign-out: pages kept for the back button. Cookies stay, for the
browsers that somebody trusts have theirs.
"""
YEAR = 365 * 24 * 3600


def install(app: Flask) -> None:
    """Send security headers with every answer, and files with long-lived caching."""
    settings = app.config["SETTINGS"]
    Talisman(
        app,
        content_security_policy=POLICY,
        force_https=False,
        strict_transport_security=settings.https,
        frame_options="DENY",
        session_cookie_secure=settings.https,
        session_cookie_samesite="Lax",
        referrer_policy="same-origin",
        permissions_policy=PERMISSIONS,
    )
    app.after_request(_keep_private)
    app.after_request(_set_allow)
    app.url_defaults(_add_version)
    compression.install(app)
    app.wsgi_app = CompressedFiles(  # type: ignore[method-assign]
        app.wsgi_app,
        folder=settings.instance_path / "compressed",
        root=app.static_folder,
        prefix="static/",
        max_age=YEAR,
        allow_all_origins=False,
        mimetypes={".svg": "image/svg+xml; charset=utf-8"},
        add_headers_function=_static_headers(https=settings.https),
    )
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]


def _keep_private(response: Response) -> Response:
    if request.endpoint != "static" or response.status_code >= HTTPStatus.BAD_REQUEST:
        response.headers.setdefault("Cache-Control", "no-store")
        response.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.headers.setdefault("Reporting-Endpoints", f'violations="{violations.PATH}"')
        response.vary.add("Cookie")
    if request.endpoint == "SignInView.logout":
        response.headers["Clear-Site-Data"] = CLEARED
    return response


def _set_allow(response: Response) -> Response:
    if response.status_code == HTTPStatus.METHOD_NOT_ALLOWED and isinstance(
        request.routing_exception, MethodNotAllowed
    ):
        response.headers["Allow"] = ", ".join(sorted(request.routing_exception.valid_methods or ()))
    return response


def _static_headers(*, https: bool) -> Callable[[Headers, str, str], None]:
    """Let a file, which is answered before any page, say that it is what it is, nobody's frame, and
    nobody else's.
    """
    headers = {
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "default-src 'none'; base-uri 'none'; frame-ancestors 'none'",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": ", ".join(f"{name}={who}" for name, who in PERMISSIONS.items()),
        "Referrer-Policy": "same-origin",
        "X-Frame-Options": "DENY",
    } | ({"Strict-Transport-Security": f"max-age={YEAR}; includeSubDomains"} if https else {})

    def add(sent: Headers, _path: str, _url: str) -> None:
        for name, value in headers.items():
            sent[name] = value

    return add


def _add_version(endpoint: str, values: dict[str, Any]) -> None:
    """Put the content's hash into a file's address, so that it can be cached for a year."""
    if endpoint == "static" and "filename" in values and "v" not in values:
        values["v"] = _hash(values["filename"])


VERSION_LENGTH = 5
"""Characters of a file's hash in its address: 30 bits, and short, since every icon of a page has
them.
"""


@lru_cache(maxsize=256)
def _hash(filename: str) -> str | None:
    path = Path(__file__).parent.parent / "static" / filename
    return (
        urlsafe_b64encode(hashlib.sha256(path.read_bytes()).digest())[:VERSION_LENGTH].decode()
        if path.is_file()
        else None
    )
