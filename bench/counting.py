"""Counting: either application with one more header, how many SQL statements the answer took.

Here: factories for gunicorn. The stock one must not import the portal, hence imports inside. Not
here: anything that is timed.
"""

from __future__ import annotations

from flask import Flask, g, has_request_context
from sqlalchemy import event
from sqlalchemy.engine import Engine
from werkzeug.wrappers import Response

HEADER = "X-Statements"


def portal() -> Flask:
    """The portal."""
    from app import create_app

    return _counted(create_app())


def stock() -> Flask:
    """The stock application."""
    from bench.stock import create_app

    return _counted(create_app())


def _counted(app: Flask) -> Flask:
    event.listen(Engine, "before_cursor_execute", _count)

    @app.after_request
    def tell(response: Response) -> Response:
        response.headers[HEADER] = str(g.get("statements", 0))
        return response

    return app


def _count(*_about: object) -> None:
    if has_request_context():
        g.statements = g.get("statements", 0) + 1
