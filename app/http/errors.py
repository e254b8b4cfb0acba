"""Errors: every "no" as a page in the reader's language. Never an exception's text.

Here: refusals and HTTP errors to pages. Not here: refusals at a form's field (screens.model_view).
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from typing import Any

from flask import Flask, Response, render_template, request
from flask.globals import request_ctx
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException

from app.access.authorities import CATALOGUE
from app.access.context import context
from app.access.policy import authorities_for
from app.extensions import db
from app.http import denials
from app.http.paths import asks_for_api
from app.http_server.request_id import request_id
from app.kernel.errors import Conflict, Refusal
from app.kernel.i18n import lazy
from app.rest import errors as rest_errors
from app.screens.actions import settle
from app.screens.frame.granters import granters

log = logging.getLogger(__name__)

WORDS: dict[int, tuple[Any, Any]] = {
    400: (
        lazy("This request could not be read"),
        lazy("The address or the form was incomplete. Go back and try again."),
    ),
    403: (
        lazy("You do not have the authority for this page"),
        lazy("Ask somebody who manages the organization’s members."),
    ),
    404: (
        lazy("We cannot find that page"),
        lazy(
            "The address may be wrong, the page removed, or it belongs to another organization. Try"
            " switching."
        ),
    ),
    405: (
        lazy("That is not how this page is opened"),
        lazy("Go back and use the buttons of the page."),
    ),
    409: (
        lazy("Someone else changed this first"),
        lazy("Look at it again and repeat what you wanted."),
    ),
    410: (lazy("This link no longer works"), lazy("It was used, replaced or has expired.")),
    413: (
        lazy("That is too much at once"),
        lazy("Forms can be up to 512 KB and files up to 2 MB. Send less."),
    ),
    429: (lazy("Too many tries"), lazy("Wait a little, then try again.")),
    500: (
        lazy("Something went wrong on our side"),
        lazy(
            "Nothing you entered was half saved. Try again; if it stays, tell your administrator."
        ),
    ),
}
COLLISIONS = frozenset(
    {
        "23505",
        "23503",
        "SQLITE_CONSTRAINT_UNIQUE",
        "SQLITE_CONSTRAINT_PRIMARYKEY",
        "SQLITE_CONSTRAINT_FOREIGNKEY",
    }
)
"""How the databases call rows of one name, and rows that point to what has gone: what two people at
once can bring about.
"""
EXPIRED_FORM = (
    lazy("The form has expired"),
    lazy("Go back, reload the page and send it again. Nothing was changed."),
)


@dataclass
class ErrorPage:
    """What an error page tells."""

    status: int
    title: Any
    text: Any
    need: list[Any] = field(default_factory=list)
    granters: list[Any] = field(default_factory=list)
    refusal: Refusal | None = None


def install(app: Flask) -> None:
    """Show every refusal and error of this application as a page."""
    app.register_error_handler(Refusal, _refused)
    app.register_error_handler(CSRFError, form_expired)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(IntegrityError, _integrity_error)
    app.register_error_handler(StaleDataError, _conflict)
    app.register_error_handler(500, _internal_error)


def _refused(refusal: Refusal) -> tuple[str, int]:
    settle(refusal)
    title = WORDS.get(refusal.status, WORDS[400])[0]
    return _page(ErrorPage(refusal.status, title, str(refusal), refusal=refusal))


def form_expired(_error: CSRFError) -> tuple[str, int]:
    """The page for a form whose token does not count."""
    return _page(ErrorPage(400, *EXPIRED_FORM))


def _http_error(error: HTTPException) -> Any:
    code = error.code or 500
    if code < 400:
        return error
    db.session.rollback()
    title, text = WORDS.get(code, WORDS[400 if code < 500 else 500])
    problem = ErrorPage(code, title, text)
    if code == 403:
        denials.record()
        problem.need = _missing_authorities()
        problem.granters = list(granters())
    return _page(problem)


def _integrity_error(error: IntegrityError) -> tuple[str, int]:
    """Somebody was faster where two rows would be alike, or one would point to nothing; any other
    row that cannot be kept is our mistake.
    """
    cause: Any = error.orig
    if (getattr(cause, "sqlstate", None) or getattr(cause, "sqlite_errorname", "")) in COLLISIONS:
        return _conflict(error)
    log.error("request %s at %s: a row cannot be kept", request_id(), request.path, exc_info=error)
    return _internal_error(error)


def _conflict(error: Exception) -> tuple[str, int]:
    log.warning("two writes met at %s: %s", request.path, type(error).__name__)
    db.session.rollback()
    return _page(ErrorPage(409, WORDS[409][0], Conflict()))


def _internal_error(_error: Exception) -> tuple[str, int]:
    log.error("request %s at %s failed", request_id(), request.path)
    db.session.rollback()
    return _page(ErrorPage(500, *WORDS[500]))


def _page(problem: ErrorPage) -> tuple[Any, int]:
    if request_ctx.url_adapter is None:  # another host's address: nothing of ours can be linked to
        return Response(f"{problem.title}\n", mimetype="text/plain"), problem.status
    if asks_for_api():
        return rest_errors.answer(problem.status, problem.refusal)
    return (
        render_template(
            [f"errors/{problem.status}.html", "errors/base.html"],
            error=problem,
            request_id=request_id,
        ),
        problem.status,
    )


def _missing_authorities() -> list[Any]:
    asked = context().permission
    if not asked:
        return []
    keys = [key for needed in authorities_for(*asked)[:1] for key in sorted(needed)]
    return [CATALOGUE[key].name for key in keys if key in CATALOGUE]
