"""Application: Flask's class, where the portal bends Flask itself.

Here: how JSON is read, Jinja's environment, addresses that are built once. Not here: making an
application (app), Flask-AppBuilder (screens.frame.builder).
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from flask import Flask, Request, has_request_context, request
from werkzeug.exceptions import SecurityError
from werkzeug.routing import MapAdapter

from app.access.context import context
from app.http.strict_json import StrictJson
from app.kernel.cache import Cache
from app.screens.frame.templating import Environment

LONGEST_WORD = 64
PLAIN_TYPES = frozenset({str, int, type(None)})


class Portal(Flask):
    """The portal's Flask."""

    json_provider_class = StrictJson
    jinja_environment = Environment

    def __init__(self, *args: Any, **settings: Any) -> None:
        self.cache = Cache()
        super().__init__(*args, **settings)

    def create_url_adapter(self, request: Request | None) -> MapAdapter | None:
        """Refuse what is addressed to another host, or to another port of ours; Werkzeug compares
        names only, and no IPv6 address with any.
        """
        if request is not None and not self._is_ours(request.host):
            raise SecurityError("Addressed to another host.")
        return super().create_url_adapter(request)

    def _is_ours(self, addressed: str) -> bool:
        ours: tuple[str, int] = self.config["PORTAL_ORIGIN"]
        try:
            parts = urlsplit(f"//{addressed}")
            port = parts.port or (443 if self.config["PREFERRED_URL_SCHEME"] == "https" else 80)
        except ValueError:
            return False
        return (parts.hostname, port) == ours

    def url_for(self, /, endpoint: str, **values: Any) -> str:
        """Return an address as Flask does; one of this site is built once, for a page has dozens
        and they stay the same.
        """
        base = (
            (context().organization_code or "", request.script_root)
            if has_request_context()
            else None
        )
        given = {
            name: value for name, value in values.items() if value is not None or name[0] != "_"
        }
        if (
            base is None
            or endpoint[0] == "."
            or not all(map(_is_plain, (*base, *given.values())))
            or any(name[0] == "_" for name in given)
        ):
            return super().url_for(endpoint, **values)
        key = (endpoint, *base, *given.items())
        found = self.cache.get("address", key)
        return str(found or self.cache.keep("address", key, super().url_for(endpoint, **values)))


def _is_plain(value: object) -> bool:
    """Whether a value is of a kind that is equal only where it reads the same, and short: what
    strangers write into addresses is not kept.
    """
    return type(value) in PLAIN_TYPES and (type(value) is not str or len(value) <= LONGEST_WORD)
