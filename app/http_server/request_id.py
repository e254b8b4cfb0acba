"""Request IDs: the name by which an answer is found in the log.

Here: giving one to every request, in the answer's headers too. Not here: the log's lines
(http_server.logs), the pages that show it (http.errors, http.db_errors).
"""

from __future__ import annotations

from flask import Flask
from werkzeug.wrappers import Response

from app.access.context import context
from app.kernel.tokens import new_public_id


def install(app: Flask) -> None:
    """Name every request before anything else happens to it."""
    app.before_request(_assign)
    app.after_request(_add_header)


def request_id() -> str:
    """Return the name of this request: it stands in the answer's headers, on the pages of a 500 and
    a 503, and in the log beside them.
    """
    known = context()
    known.request_id = known.request_id or new_public_id()
    return known.request_id


def _assign() -> None:
    request_id()


def _add_header(response: Response) -> Response:
    response.headers.setdefault("X-Request-Id", request_id())
    return response
