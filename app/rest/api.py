"""The base of every API: an operation asks, reads, calls a verb, commits once and answers.

Flask-AppBuilder's BaseApi is used for what it does well: addresses, a place in the map, permissions
by class and method. What it says in docstrings of YAML is said by shapes instead, so that what is
checked and what is described cannot differ; its protection by cookie or JWT is replaced by the gate
(docs/flask-appbuilder.md, REST).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import wraps
from http import HTTPStatus
from typing import Any, ClassVar

from flask import Response, make_response
from flask_appbuilder.api import BaseApi

from app.access import policy
from app.access.context import context, current_seat
from app.extensions import db
from app.http import denials
from app.kernel.errors import Forbidden
from app.rest import reading
from app.rest.errors import as_json
from app.rest.schemas import Shape
from app.screens.permissions import PermissionsMixin

Verb = Callable[..., Any]
VERSION = "v1"
ROOT = f"/api/{VERSION}"
LOCATED = (HTTPStatus.CREATED, HTTPStatus.ACCEPTED)
"""Statuses that tell where what was begun is found."""


@dataclass(frozen=True)
class Operation:
    """What the description says of one operation, and its door checks."""

    summary: Any
    body: type[Shape] | None = None
    query: type[Shape] | None = None
    answers: type[Shape] | None = None
    status: int = HTTPStatus.OK
    refuses: tuple[int, ...] = ()
    """Statuses of its own, beside those that every operation may answer with."""
    example: Mapping[str, Any] | None = None
    example_query: str = ""
    is_body_needed: bool = True
    is_once: bool = False
    """Whether it can be sent twice under one Idempotency-Key and is done once."""


class NoParameters(Shape):
    """An address that takes none."""


class PortalApi(PermissionsMixin, BaseApi):
    """One resource. `example_key` is what its curl examples name."""

    version = VERSION
    example_key: ClassVar[str] = "1"
    key_pattern: ClassVar[str] = ""
    """What the id in its addresses looks like; "" for a number."""
    needs_key: ClassVar[bool] = True

    def pair(self, method: str) -> tuple[str, str]:
        """What an operation asks of the table of grants: (permission, view)."""
        return self.get_method_permission(method), str(self.class_permission_name)

    def ensure_may(self, method: str) -> None:
        """Raise Forbidden, and note it, unless the key may, by the same table as on the screens."""
        asked = context().permission = self.pair(method)
        if not policy.may(current_seat(), *asked):
            denials.record()
            raise Forbidden()


def operation(summary: Any, **more: Any) -> Callable[[Verb], Verb]:
    """Make a method a door for machines; `more` is what `Operation` says.

    It gets `body` and `query` where it has shapes for them, and returns what `answers` dumps.
    """
    spec = Operation(summary, **more)

    def wrap(verb: Verb) -> Verb:
        @wraps(verb)
        def door(self: PortalApi, **path: str) -> Response:
            self.ensure_may(verb.__name__)
            asked: dict[str, Any] = {"query": reading.query(spec.query or NoParameters)}
            if spec.query is None:
                asked = {}
            if spec.body is not None:
                asked["body"] = reading.body(spec.body, required=spec.is_body_needed)
            answer = _answer(verb(self, **path, **asked), spec)
            db.session.commit()
            return answer

        door._permission_name = verb.__name__  # type: ignore[attr-defined]
        door.operation = spec  # type: ignore[attr-defined]
        return door

    return wrap


def _answer(found: Any, spec: Operation) -> Response:
    """Write the answer while everything it tells of is at hand: the commit makes it afresh."""
    if spec.answers is None:
        return make_response("", spec.status)
    response = as_json(spec.answers().dump(found))
    response.status_code = spec.status
    if spec.status in LOCATED and isinstance(found, Mapping) and "url" in found:
        response.headers["Location"] = found["url"]
    return response
