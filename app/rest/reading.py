"""Reading: what a request brings, checked by its shape.

Here: the body and the parameters of the address. Not here: shapes themselves (each feature's), what
is done with them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from flask import request
from marshmallow import ValidationError, fields

from app.http.strict_json import reject_constant, reject_duplicate_names
from app.kernel.errors import Refusal
from app.kernel.i18n import lazy
from app.rest.errors import InvalidInput
from app.rest.schemas import FIXED, Digits, Shape

JSON = "application/json"
ONCE = lazy("Give this once only.")


class NotJson(Refusal):
    """A body of another kind; a form of another site could send that without being asked."""

    status = 415
    text = lazy("Send JSON, with the header “Content-Type: application/json”.")


class MalformedJson(Refusal):
    """A body that is no JSON object."""

    status = 400
    text = lazy(
        "The body could not be read: one JSON object is expected, in UTF-8, with each name once."
    )


def body(shape: type[Shape], *, required: bool = True) -> dict[str, Any]:
    """Return what the body says. Raises NotJson, MalformedJson, InvalidInput."""
    raw = request.get_data(cache=False)
    if not (
        raw or required or request.content_length
    ):  # a form that somebody read before is no empty body
        return _checked(shape, {})
    if (
        request.mimetype != JSON
        or request.mimetype_params.get("charset", "utf-8").lower() != "utf-8"
    ):
        raise NotJson()
    try:
        said = json.loads(
            raw.decode("utf-8"),
            object_pairs_hook=reject_duplicate_names,
            parse_constant=reject_constant,
        )
    except (ValueError, RecursionError) as error:
        raise MalformedJson() from error
    if not isinstance(said, dict):
        raise MalformedJson()
    return _checked(shape, said)


def query(shape: type[Shape]) -> dict[str, Any]:
    """Return what the address asks for. Raises InvalidInput."""
    known = shape().fields
    said: dict[str, Any] = {}
    twice: dict[str, str] = {}
    for name, values in request.args.lists():
        if isinstance(known.get(name), fields.List):
            said[name] = [Digits(value) for value in values]
        else:
            said[name] = Digits(values[0])
            twice |= {name: str(ONCE)} if len(values) > 1 else {}
    if twice:
        raise InvalidInput(twice)
    return _checked(shape, said)


def _checked(shape: type[Shape], said: Mapping[str, Any]) -> dict[str, Any]:
    try:
        loaded: dict[str, Any] = shape().load(said)
    except ValidationError as error:
        raise InvalidInput(dict(_flat(error.messages))) from error
    return loaded


def _flat(messages: Any, path: str = "") -> list[tuple[str, str]]:
    """Name every complaint by its place: roles.0"""
    if isinstance(messages, dict):
        return [
            complaint
            for name, inner in messages.items()
            for complaint in _flat(inner, f"{path}.{name}" if path else str(name))
        ]
    return [
        (
            path[:200].encode("utf-8", "replace").decode(),
            " ".join(str(FIXED.get(message, message)) for message in messages),
        )
    ]
