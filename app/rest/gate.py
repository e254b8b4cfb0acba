"""The gate of the API: a key instead of a cookie.

Here: which requests are for machines, the key in their header, its seat, how many there may be. A
cookie is not even read here, so that no page of another site can use a reader's session. Not here:
what a key is and may do (api_keys).
"""

from __future__ import annotations

from typing import Any, Protocol

from flask import Flask, Request, request
from flask.sessions import SecureCookieSession
from werkzeug.wrappers import Response

from app.access.context import context
from app.access.seat import Seat
from app.http.paths import API, asks_for_api
from app.http.rate_limit import Limit, TooManyTries
from app.http.signing import SignedSessions
from app.kernel.clock import utcnow
from app.kernel.errors import Refusal
from app.kernel.i18n import lazy

LONGEST_KEY = 200


class KeyMissing(Refusal):
    """A request without a key; a cookie, or a key in the address, is none."""

    status = 401
    text = lazy("Send an API key in the Authorization header: “Authorization: Bearer meibo_…”.")


class TooManyCalls(TooManyTries):
    """One key is used more often than the portal answers."""

    text = lazy("This API key was used too often. Wait %(wait)s, then try again.")


class TooManyWrongKeys(TooManyTries):
    """One address uses keys that do not work, or do not let their holder in at the moment."""

    text = lazy(
        "Too many API keys that do not work came from this address. Wait %(wait)s, then try again."
    )


CALLS = Limit("api-calls", "600 per minute", TooManyCalls)
WRONG_KEYS = Limit("api-wrong-keys", "60 per minute", TooManyWrongKeys)


class Authenticate(Protocol):
    """Whoever finds the seat of a key.

    Raises a refusal for one that does not work (401), or whose holder is shut out (403).
    """

    def __call__(self, secret: str, *, ip: str, now: Any) -> Seat: ...


class CookielessApi(SignedSessions):
    """Sessions for people's pages only: a request for machines neither reads a cookie nor
    sets one."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        return None if request.path.startswith(API) else super().open_session(app, request)


def install(app: Flask, *, public: frozenset[str], authenticate: Authenticate) -> None:
    """Ask every request for machines for its key, but for the `public` endpoints."""
    app.session_interface = CookielessApi()

    @app.before_request
    def ask_for_key() -> None:
        if asks_for_api() and request.endpoint is not None and request.endpoint not in public:
            _take_seat(authenticate)

    @app.after_request
    def say_how_to(response: Response) -> Response:
        if asks_for_api() and response.status_code == KeyMissing.status:
            response.headers["WWW-Authenticate"] = 'Bearer realm="meibo"'
        return response


def _take_seat(authenticate: Authenticate) -> None:
    """Sit down as the key says."""
    address = request.remote_addr or ""
    try:
        seat = authenticate(_secret(), ip=address, now=utcnow())
    except Refusal as refusal:
        if not isinstance(refusal, KeyMissing):
            WRONG_KEYS.hit(address)
        raise
    CALLS.hit(seat.via)
    context().seat = seat
    if seat.organization is not None:
        context().organization_code = seat.organization.code


def _secret() -> str:
    given = request.authorization
    if given is None or given.type != "bearer" or not given.token:
        raise KeyMissing()
    return given.token[:LONGEST_KEY]
