"""Telling: the document's schemas in words, for its page.

Here: pure functions from JSON Schema to rows of a table. Not here: the document (rest.document),
the page (rest.views).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from app.kernel.i18n import _, lazy

Schema = Mapping[str, Any]
KINDS: dict[str, Any] = {
    "string": lazy("text"),
    "integer": lazy("whole number"),
    "boolean": lazy("true or false"),
    "object": lazy("object"),
    "null": "null",
    "number": lazy("number"),
}
DEEPEST, MOST_CHOICES = 3, 12


class Line(NamedTuple):
    """One field: how it is called, what it takes, what it means."""

    name: str
    kind: str
    is_required: bool
    about: str


def parameters(operation: Schema) -> list[Line]:
    """What stands in the address."""
    return [
        Line(
            parameter["name"],
            kind(parameter["schema"]),
            bool(parameter.get("required")),
            parameter.get("description", parameter["schema"].get("description", "")),
        )
        for parameter in operation.get("parameters", ())
    ]


def lines(schema: Schema, schemas: Schema, above: str = "", depth: int = 0) -> list[Line]:
    """Every field of an object, those of objects inside it after their own."""
    schema = _resolved(schema, schemas)
    found: list[Line] = []
    for name, inner in schema.get("properties", {}).items():
        called = f"{above}{name}"
        found.append(
            Line(
                called,
                kind(inner),
                name in schema.get("required", ()),
                inner.get("description", ""),
            )
        )
        item = _resolved(inner.get("items", inner), schemas)
        if "properties" in item and depth < DEEPEST:
            found += lines(
                item, schemas, f"{called}[]." if "items" in inner else f"{called}.", depth + 1
            )
    return found


def kind(schema: Schema) -> str:
    """What a field takes, in words."""
    if choices := schema.get("oneOf") or schema.get("anyOf"):
        return _("%(first)s or %(second)s", first=kind(choices[0]), second=kind(choices[1]))
    if schema.get("enum"):
        return _(
            "one of: %(choices)s",
            choices=", ".join(
                [
                    *map(str, schema["enum"][:MOST_CHOICES]),
                    *(["…"] if schema["enum"][MOST_CHOICES:] else []),
                ]
            ),
        )
    if schema.get("type") == "array":
        return _("list: %(item)s", item=kind(schema.get("items", {})))
    if schema.get("format") == "date-time" or "$ref" in schema:
        return _("moment, in UTC") if "format" in schema else str(KINDS["object"])
    types = schema.get("type", "object")
    return " / ".join(
        str(KINDS.get(name, name)) for name in ([types] if isinstance(types, str) else types)
    )


def body(operation: Schema) -> Schema:
    """The schema of what is sent, empty where nothing is."""
    content: Schema = operation.get("requestBody", {}).get("content", {})
    return _first(content)


def answer(operation: Schema) -> tuple[str, Schema]:
    """The status of success, and the schema of its answer, empty where there is none."""
    status = min(operation["responses"])
    return status, _first(operation["responses"][status].get("content", {}))


def refusals(operation: Schema) -> list[tuple[str, str]]:
    """The other statuses, and what each means."""
    return [
        (status, response["description"])
        for status, response in sorted(operation["responses"].items())
        if status >= "400"
    ]


def _first(content: Schema) -> Schema:
    return next((media["schema"] for media in content.values()), {})


def _resolved(schema: Schema, schemas: Schema) -> Schema:
    for choice in schema.get("anyOf", ()):
        if "$ref" in choice:
            return _resolved(choice, schemas)
    name = str(schema.get("$ref", "")).rpartition("/")[2]
    return schemas[name] if name else schema
