"""Health: /healthz (alive) and /readyz (fit to serve), for monitors.

Here: two answers in JSON. Not here: what is wrong with a deployment (`flask portal check`).
"""

from __future__ import annotations

from flask import Blueprint, jsonify
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.wrappers import Response

from app.database import is_upgraded
from app.extensions import db

health = Blueprint("health", __name__)


@health.get("/healthz")
def alive() -> Response:
    """Say that this process answers."""
    return jsonify(status="ok")


@health.get("/readyz")
def ready() -> tuple[Response, int]:
    """Say whether database and migrations are fit to serve."""
    try:
        db.session.execute(text("SELECT 1"))
        upgraded = is_upgraded()
    except SQLAlchemyError:
        return jsonify(status="no database"), 503
    return (jsonify(status="ok"), 200) if upgraded else (jsonify(status="not upgraded"), 503)
