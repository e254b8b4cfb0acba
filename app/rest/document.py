"""The description of the API: OpenAPI, made from the operations and their shapes.

Here: the document. It names nothing that is not the same in every Meibo, so strangers may read it.
Not here: its page (rest.views).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin
from babel.lists import format_list
from flask import current_app

from app.access import policy
from app.access.authorities import CATALOGUE
from app.kernel.i18n import _, current_language, lazy
from app.rest.api import Operation, PortalApi
from app.rest.errors import JSON, PROBLEM, Error
from app.rest.schemas import LARGEST

OPENAPI = "3.1.0"
PARAMETER = re.compile(r"<(?:[^:<>]+:)?([^<>]+)>")
KEPT = "portal-openapi"
SPOKEN: dict[int, Any] = {
    200: lazy("As asked."),
    201: lazy("Made."),
    202: lazy("Begun; the batch says how far it is."),
    204: lazy("Done; the answer is empty."),
    400: lazy("The request could not be read, or breaks a rule; the sentence says which."),
    401: lazy("There is no key, or it does not work."),
    403: lazy("The key may not do this."),
    404: lazy("There is nothing by that name, or it belongs to another organization."),
    409: lazy("The state of things forbids it; the name of the error says why."),
    410: lazy("It is over: answered, cancelled or expired."),
    413: lazy("A request can be 2 MB at most."),
    415: lazy("The body is no JSON."),
    422: lazy("A field is wrong; each is named."),
    429: lazy("Too often; Retry-After says how many seconds to wait."),
    500: lazy("Something went wrong on our side."),
    503: lazy("The portal cannot be reached for a moment; try again."),
}
ALWAYS = (401, 403, 422, 429, 500, 503)
WITH_BODY = (400, 413, 415)


@dataclass(frozen=True)
class Endpoint:
    """One operation at its address, for the document and its page."""

    api: PortalApi
    name: str
    path: str
    method: str
    operation: Operation

    @property
    def statuses(self) -> list[int]:
        """Every status it may answer with."""
        refused = {
            *ALWAYS,
            *self.operation.refuses,
            *(WITH_BODY if self.operation.body else ()),
            *((404,) if "{" in self.path else ()),
        }
        return [int(self.operation.status), *sorted(refused)]

    @property
    def needs(self) -> list[str]:
        """The authorities of which one is needed, each as the reader calls it; empty where every
        key will do.
        """
        alternatives = policy.authorities_for(*self.api.pair(self.name))
        return [
            " + ".join(str(CATALOGUE[key].name) for key in sorted(needed) if key in CATALOGUE)
            for needed in alternatives
            if needed & set(CATALOGUE)
        ]


def endpoints() -> Iterator[Endpoint]:
    """Every operation that a key opens, in the map's order."""
    for api in current_app.extensions["appbuilder"].baseviews:
        if isinstance(api, PortalApi) and api.needs_key:
            found = [
                method
                for method in vars(type(api)).values()
                if hasattr(method, "operation") and hasattr(method, "_urls")
            ]
            for method in found:
                for url, verbs in method._urls:
                    path = PARAMETER.sub(r"{\1}", f"{api.route_base}{url}")
                    yield from (
                        Endpoint(api, method.__name__, path, verb.lower(), method.operation)
                        for verb in verbs
                    )


def document() -> dict[str, Any]:
    """Return the description, in the language of the moment; it stays as it is while the process
    lives.
    """
    kept: dict[str, dict[str, Any]] = current_app.extensions.setdefault(KEPT, {})
    language = current_language()
    if language not in kept:
        kept[language] = _made()
    return kept[language]


def _made() -> dict[str, Any]:
    spec = APISpec(
        title="Meibo",
        version="1",
        openapi_version=OPENAPI,
        plugins=[MarshmallowPlugin()],
        info={
            "description": _(
                "What programs can do with an API key. Keys are made on the profile page, for one"
                " organization and some authorities."
            )
        },
        servers=[{"url": current_app.config["SETTINGS"].portal_url}],
        security=[{"key": []}],
    )
    spec.components.security_scheme(
        "key", {"type": "http", "scheme": "bearer", "bearerFormat": "meibo_…"}
    )
    spec.components.schema("Error", schema=Error)
    for endpoint in endpoints():
        spec.path(path=endpoint.path, operations={endpoint.method: _described(endpoint)})
    return dict(_in_words(spec.to_dict()))


def _described(endpoint: Endpoint) -> dict[str, Any]:
    operation = endpoint.operation
    described: dict[str, Any] = {
        "operationId": f"{endpoint.api.endpoint}.{endpoint.name}",
        "tags": [endpoint.path.split("/")[3]],
        "summary": str(operation.summary),
        "description": needed(endpoint),
        "parameters": _parameters(endpoint),
        "responses": {str(status): _response(status, operation) for status in endpoint.statuses},
    }
    if operation.body:
        content: dict[str, Any] = {"schema": operation.body}
        described["requestBody"] = {
            "required": operation.is_body_needed,
            "content": {
                JSON: content | ({"example": operation.example} if operation.example else {})
            },
        }
    return described


def needed(endpoint: Endpoint) -> str:
    """What a key must be able to do, as a sentence."""
    if not endpoint.needs:
        return _("Every key can do this.")
    return _(
        "Needs: %(authorities)s.",
        authorities=format_list(endpoint.needs, style="or", locale=current_language()),
    )


def _parameters(endpoint: Endpoint) -> list[dict[str, Any]]:
    shape = (
        {"type": "string", "pattern": endpoint.api.key_pattern}
        if endpoint.api.key_pattern
        else {"type": "integer", "minimum": 1, "maximum": LARGEST}
    )
    found: list[dict[str, Any]] = [
        {"in": "path", "name": name, "required": True, "schema": shape}
        for name in re.findall(r"{(\w+)}", endpoint.path)
    ]
    if endpoint.operation.is_once:
        found.append(_once())
    return (
        [*found, {"in": "query", "schema": endpoint.operation.query}]
        if endpoint.operation.query
        else found
    )


def _once() -> dict[str, Any]:
    """The header that names a request which may be sent twice."""
    return {
        "in": "header",
        "name": "Idempotency-Key",
        "description": _("A request sent again under the same key is done once."),
        "schema": {"type": "string", "pattern": "^[!-~]{1,100}$"},
    }


def _response(status: int, operation: Operation) -> dict[str, Any]:
    response: dict[str, Any] = {"description": str(SPOKEN[status])}
    shape = Error if status >= HTTPStatus.BAD_REQUEST else operation.answers
    if shape is not None:
        response["content"] = {PROBLEM if shape is Error else JSON: {"schema": shape}}
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        response["headers"] = {"Retry-After": {"schema": {"type": "integer"}}}
    return response


def _in_words(value: Any) -> Any:
    """The same with every sentence said: descriptions of shapes are lazy."""
    if isinstance(value, dict):
        return {key: _in_words(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_in_words(inner) for inner in value]
    return value if isinstance(value, str | int | float | bool | None) else str(value)
