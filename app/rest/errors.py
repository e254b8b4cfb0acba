"""Errors: every "no" to a machine, as RFC 9457 has it: JSON with a name that stays and a sentence
in the language it asked for.

Here: the shape of it, and the names of what no verb refused. Not here: which error it is
(http.errors).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from flask import Response
from marshmallow import fields

from app.access.context import context
from app.kernel.errors import Refusal
from app.kernel.i18n import lazy
from app.rest.schemas import Shape

JSON, PROBLEM = "application/json", "application/problem+json"
SAID: dict[int, tuple[str, Any]] = {
    400: ("BadRequest", lazy("The request could not be read.")),
    403: ("Forbidden", lazy("You do not have the authority for this.")),
    404: (
        "NotFound",
        lazy("We cannot find that. It may have been removed, or belong to another organization."),
    ),
    405: ("MethodNotAllowed", lazy("This address does not take that method.")),
    409: (
        "Conflict",
        lazy(
            "Somebody changed this at the same moment. Look at it again and repeat what you wanted."
        ),
    ),
    413: ("TooLarge", lazy("A request can be 2 MB at most. Send less.")),
    500: ("InternalError", lazy("Something went wrong on our side. Nothing was half saved.")),
    503: (
        "Unavailable",
        lazy(
            "The portal cannot reach its database for a moment. Nothing was half saved; try again."
        ),
    ),
}
"""What nobody refused by a name of its own."""


class Wrong(Shape):
    """One field that is wrong."""

    field = fields.String(required=True)
    message = fields.String(required=True)
    error = fields.String()


class Error(Shape):
    """A refusal, as RFC 9457 has it. `error` is its name and stays; `message` and `detail` are the
    same sentence, in the language of Accept-Language.
    """

    type = fields.String(required=True)
    title = fields.String(required=True)
    status = fields.Integer(required=True)
    detail = fields.String(required=True)
    error = fields.String(required=True)
    message = fields.String(required=True)
    request_id = fields.String(required=True)
    field = fields.String()
    fields_ = fields.List(fields.Nested(Wrong), data_key="fields")


class InvalidInput(Refusal):
    """What was sent is not what the description allows; every field that is wrong is named."""

    status = 422
    text = lazy("Some of what was sent cannot be used. Each field says why.")

    def __init__(self, problems: Mapping[str, str]) -> None:
        super().__init__()
        self.problems = dict(problems)


def answer(status: int, refusal: Refusal | None = None) -> tuple[Response, int]:
    """Say no: by the refusal's name and sentence where there is one."""
    name, sentence = (
        (refusal.name, str(refusal))
        if refusal
        else SAID.get(status, SAID[HTTPStatus.INTERNAL_SERVER_ERROR])
    )
    problem: dict[str, Any] = {
        "type": f"urn:meibo:error:{name}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": str(sentence),
        "error": name,
        "message": str(sentence),
        "request_id": context().request_id,
    }
    if refusal is not None and refusal.field:
        problem["field"] = refusal.field
    if problems := getattr(refusal, "problems", None):
        codes = getattr(refusal, "codes", {})
        problem["fields"] = [
            {"field": name, "message": str(sentence)}
            | ({"error": codes[name]} if name in codes else {})
            for name, sentence in problems.items()
        ]
    return as_json(problem, PROBLEM), status


def as_json(value: Any, mimetype: str = JSON) -> Response:
    """An answer in JSON that people can read too."""
    return Response(json.dumps(value, ensure_ascii=False) + "\n", mimetype=mimetype)
