"""The description as JSON for programs, and as a page for people.

Here: both doors; strangers may read either. Not here: what stands in it (rest.document).
"""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

from flask import Response, current_app
from flask_appbuilder import BaseView, expose

from app.rest import document, schema_docs
from app.rest.api import ROOT, PortalApi
from app.rest.document import Endpoint
from app.rest.errors import as_json


class DocumentApi(PortalApi):
    """The OpenAPI document."""

    route_base = ROOT
    needs_key = False

    @expose("/openapi.json")
    def openapi(self) -> Response:
        return as_json(document.document())


class ReferenceView(BaseView):
    """/swagger/v1: every operation with what it takes and answers, and how to call it."""

    route_base = "/swagger"
    default_view = "show"

    @expose("/v1")
    def show(self) -> str:
        described = document.document()
        return str(
            self.render_template(
                "rest/reference.html",
                view=self,
                described=described,
                endpoints=list(document.endpoints()),
                needed=document.needed,
                curl=curl,
                schemas=described["components"]["schemas"],
                schema_docs=schema_docs,
                statuses=statuses(described),
            )
        )

    @staticmethod
    def operation(described: dict[str, Any], endpoint: Endpoint) -> dict[str, Any]:
        """What the document says of an endpoint."""
        return dict(described["paths"][endpoint.path][endpoint.method])


def statuses(described: dict[str, Any]) -> list[tuple[str, str]]:
    """Every status that says no, once."""
    operations = (operation for path in described["paths"].values() for operation in path.values())
    return sorted(
        {refused for operation in operations for refused in schema_docs.refusals(operation)}
    )


def curl(endpoint: Endpoint) -> str:
    """A line for the shell that calls an operation."""
    path = endpoint.path
    for name in ("{pk}",):
        path = path.replace(name, quote(endpoint.api.example_key))
    address = f"{current_app.config['SETTINGS'].portal_url}{path}{endpoint.operation.example_query}"
    parts = ["curl", "-H 'Authorization: Bearer '\"$MEIBO_KEY\""]
    parts += [f"-X {endpoint.method.upper()}"] if endpoint.method != "get" else []
    if endpoint.operation.example is not None:
        parts += [
            "-H 'Content-Type: application/json'",
            "-d " + _quoted(json.dumps(endpoint.operation.example, ensure_ascii=False)),
        ]
    return " ".join([*parts, _quoted(address)])


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "'\\''") + "'"
