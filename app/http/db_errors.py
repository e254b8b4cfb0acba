"""Database errors: what is answered while the database is away.

Here: the page of a 503, letting go of what was begun. Not here: other errors (http.errors), whether
everything is fit to serve (http_server.health).
"""

from __future__ import annotations

import logging

from flask import Flask, current_app, g, make_response, render_template, request
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionLeft
from werkzeug.wrappers import Response

from app.access.context import context
from app.extensions import db
from app.http.paths import asks_for_api
from app.http_server.request_id import request_id
from app.rest import errors as rest_errors

OUTAGES: tuple[type[Exception], ...] = (OperationalError, InterfaceError, NoConnectionLeft)
RETRY_AFTER = 5
"""Seconds after which a browser may ask again."""

log = logging.getLogger(__name__)


def install(app: Flask) -> None:
    """Answer 503 where the database cannot be used."""
    for error in OUTAGES:
        app.register_error_handler(error, _unavailable)


def is_full(error: Exception) -> bool:
    """Whether the database has no room left on its disk: it answers, but keeps nothing."""
    cause = getattr(error, "orig", None)
    return getattr(cause, "sqlite_errorname", None) == "SQLITE_FULL" or (
        getattr(cause, "sqlstate", None) == "53100"
    )


def give_up(error: Exception) -> None:
    """Let go of a database that is away: nothing half-written stays, and nobody asks again who is
    here.
    """
    log.error(
        "request %s at %s: %s: %s",
        request_id(),
        request.path,
        "the database's disk is full" if is_full(error) else "the database cannot be used",
        str(error).partition("\n")[0],
    )
    db.session.remove()
    context().seat, context().retry_after = None, RETRY_AFTER
    g._login_user = current_app.login_manager.anonymous_user()  # type: ignore[attr-defined]


def _unavailable(error: Exception) -> Response:
    give_up(error)
    if asks_for_api():
        return make_response(*rest_errors.answer(503), {"Retry-After": str(RETRY_AFTER)})
    return make_response(
        render_template("errors/503.html", request_id=request_id(), is_full=is_full(error)),
        503,
        {"Retry-After": str(RETRY_AFTER)},
    )
