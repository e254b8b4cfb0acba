"""Bulk: the door for programs that begins a batch over the rows of a list.

Here: `POST …/bulk`, the rows that it names, a request that is sent twice. Not here: what is told of
a batch (rest.batches), what each verb takes (each feature's api).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from flask import request
from flask_appbuilder import expose
from marshmallow import ValidationError, fields, validates_schema

from app.batches import starting
from app.batches.kinds import Kind
from app.batches.starting import Once, Wanted
from app.http.context import seat
from app.kernel.clock import utcnow
from app.kernel.i18n import lazy
from app.kernel.tokens import digest
from app.models import Batch
from app.rest import pages
from app.rest.api import operation
from app.rest.batches import BatchShape, told
from app.rest.errors import InvalidInput
from app.rest.rows import RowsApi, RowShapes
from app.rest.schemas import Flag, Many, Number, Shape, Word

HEADER = "Idempotency-Key"
LONGEST = 100
MOST_IDS = 1_000
IDS_OR_FILTER = lazy("Name the rows by ids, or by a filter; not both.")
NOT_TAKEN = lazy("This verb does not take that.")
NEEDED = lazy("This verb needs that.")
MALFORMED = lazy("The key is 1 to %(most)d visible ASCII characters.")


def asked_once(*said: str) -> Once | None:
    """Return what names this request, where it brings an Idempotency-Key; `said` is what it asks
    for. Raises InvalidInput.
    """
    given = request.headers.get(HEADER)
    if given is None:
        return None
    if not 0 < len(given) <= LONGEST or not all("!" <= char <= "~" for char in given):
        raise InvalidInput({HEADER: str(MALFORMED) % {"most": LONGEST}})
    return Once(f"{seat().key_id}:{given}", digest("\0".join([request.path, *said])))


@dataclass(frozen=True)
class BulkVerb:
    """A kind of batch, as a list’s `bulk` calls it: the arguments that it takes, and needs."""

    kind: Kind
    takes: frozenset[str] = frozenset()
    needs: frozenset[str] = frozenset()


def bulking(
    summary: Any,
    verbs: Mapping[str, BulkVerb],
    shapes: RowShapes,
    arguments: type[Shape] | None = None,
    *,
    example: Mapping[str, Any],
) -> Callable[..., Any]:
    """POST /bulk: a verb for many rows, which are named by ids or by the list’s filters; the batch
    is answered, with its address.
    """

    @expose("/bulk", methods=["POST"])
    @operation(
        summary,
        body=_body(verbs, shapes, arguments),
        answers=BatchShape,
        status=HTTPStatus.ACCEPTED,
        refuses=(HTTPStatus.CONFLICT,),
        example=example,
        is_once=True,
    )
    def bulk(self: RowsApi, body: Mapping[str, Any]) -> dict[str, Any]:
        return told(_begun(self, verbs[body["verb"]].kind, body))

    return bulk


def _begun(api: RowsApi, kind: Kind, body: Mapping[str, Any]) -> Batch:
    once = asked_once(json.dumps(body, sort_keys=True, default=str))
    earlier = once.earlier() if once else None
    if earlier is not None:
        return earlier
    batch = starting.start(
        kind,
        _wanted(api, body),
        arguments=body.get("arguments", {}),
        check_only=body["check_only"],
        once=once,
        by=seat(),
        now=utcnow(),
    )
    starting.go(batch)
    return batch


def _wanted(api: RowsApi, body: Mapping[str, Any]) -> Wanted:
    definition = api.list_definition()
    if "ids" in body:
        found = definition.datamodel.ids_of([*map(str, body["ids"])])
        return starting.named(body["ids"], found)
    listing = pages.read(definition, {"page": 1, "page_size": 1, **body["filter"]})
    return Wanted(definition.matching(listing).with_only_columns(definition.key))


def _body(
    verbs: Mapping[str, BulkVerb], shapes: RowShapes, arguments: type[Shape] | None
) -> type[Shape]:
    """The shape of what is sent; a class of its own for each list, for it is described."""
    name = shapes.row.__name__
    paging = {"page", "page_size", "sort"}
    asked = {key: one for key, one in shapes.query().declared_fields.items() if key not in paging}
    narrowing = type(f"{name}Filter", (Shape,), asked)
    about = lazy("As the parameters of the list; {} is what it shows when nothing is asked for.")
    members: dict[str, Any] = {
        "verb": Word(*verbs, required=True),
        "ids": Many(Number(), least=1, most=MOST_IDS),
        "filter": fields.Nested(narrowing, metadata={"description": about}),
        "check_only": Flag(
            load_default=False,
            metadata={"description": lazy("Whether it waits for …/confirm after the check.")},
        ),
        "choose": validates_schema(_chosen(verbs), pass_original=True),
    }
    if arguments is not None:
        members["arguments"] = fields.Nested(arguments)
    return type(f"{name}Bulk", (Shape,), members)


def _chosen(verbs: Mapping[str, BulkVerb]) -> Callable[..., None]:
    def choose(_self: Shape, body: Mapping[str, Any], sent: Any, **_more: Any) -> None:
        """Rows are named one way, and a verb gets what it takes."""
        if ("ids" in body) == ("filter" in body):
            raise ValidationError(str(IDS_OR_FILTER), field_name="ids")
        verb = verbs.get(body.get("verb", ""))
        if verb is None:
            return
        if wrong := wrong_arguments(verb, sent.get("arguments", {})):
            raise ValidationError({"arguments": wrong})

    return choose


def wrong_arguments(verb: BulkVerb, given: Mapping[str, Any]) -> dict[str, list[str]]:
    """Say of arguments that a verb does not take them, of others that it needs them."""
    wrong = {key: [str(NOT_TAKEN)] for key in given.keys() - verb.takes - verb.needs}
    return wrong | {key: [str(NEEDED)] for key in verb.needs - given.keys()}
