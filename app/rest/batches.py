"""Batches for programs: what is told of one and of its rows, and the door that begins one.

Here: shapes, a request that is sent twice, `POST …/bulk` of a list. Not here: the batches' own
addresses (batches.api), what each verb takes (each feature's api).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from http import HTTPStatus
from typing import Any

from flask import request
from flask_appbuilder import expose
from marshmallow import ValidationError, fields, validates_schema

from app.batches import starting, words
from app.batches.kinds import Kind
from app.batches.starting import Once, Wanted
from app.http.context import seat
from app.kernel.clock import utcnow
from app.kernel.i18n import lazy
from app.models import Batch, BatchRow, BatchState, RowState
from app.rest import pages
from app.rest.api import ROOT, operation
from app.rest.errors import InvalidInput
from app.rest.rows import RowsApi, RowShapes
from app.rest.schemas import Flag, Many, Moment, Number, Shape, Word
from app.screens import batch_verbs

HEADER = "Idempotency-Key"
LONGEST = 100
MOST_IDS = 1_000
IDS_OR_FILTER = lazy("Name the rows by ids, or by a filter; not both.")
NOT_TAKEN = lazy("This verb does not take that.")
NEEDED = lazy("This verb needs that.")
MALFORMED = lazy("The key is 1 to %(most)d visible ASCII characters.")


class BatchProblem(Shape):
    """Why a row was refused."""

    column = fields.String(
        required=True, metadata={"description": lazy("Of a file; empty for others.")}
    )
    code = fields.String(
        required=True, metadata={"description": lazy("The name of the refusal, which stays.")}
    )
    message = fields.String(required=True)


class BatchRowShape(Shape):
    """One row of a batch."""

    number = fields.Integer(required=True)
    line = fields.Integer(
        required=True, allow_none=True, metadata={"description": lazy("Of the file it stands in.")}
    )
    id = fields.Integer(
        required=True,
        allow_none=True,
        metadata={"description": lazy("Of the member, invitation … that it is about.")},
    )
    name = fields.String(required=True)
    state = Word(*map(str, RowState), required=True)
    outcome = fields.String(required=True)
    problems = fields.List(fields.Nested(BatchProblem), required=True)


class Trouble(Shape):
    """Why a batch stopped before its end."""

    code = Word(*words.TROUBLES, required=True)
    sentence = fields.String(required=True)


class BatchShape(Shape):
    """Something that is done to many."""

    id = fields.String(required=True)
    kind = fields.String(required=True)
    title = fields.String(
        required=True, metadata={"description": lazy("What it does or did, as a sentence.")}
    )
    state = Word(*map(str, BatchState), required=True)
    author = fields.String(required=True)
    key = fields.String(
        required=True, metadata={"description": lazy("The API key it was asked for with.")}
    )
    total = fields.Integer(required=True)
    counts = fields.Dict(
        keys=fields.String(),
        values=fields.Integer(),
        required=True,
        metadata={"description": lazy("How many rows are in which state.")},
    )
    created_at = Moment(required=True)
    started_at = Moment(required=True, allow_none=True)
    finished_at = Moment(required=True, allow_none=True)
    trouble = fields.Nested(Trouble, required=True, allow_none=True)
    undo_of = fields.String(
        required=True, allow_none=True, metadata={"description": lazy("The batch it takes back.")}
    )
    can_undo = fields.Boolean(required=True)


def told(batch: Batch) -> dict[str, Any]:
    """What programs are told of a batch, with its address."""
    trouble = {"code": batch.trouble, "sentence": words.trouble(batch)} if batch.trouble else None
    return {
        "id": batch.public_id,
        "kind": batch.kind,
        "title": words.title(batch),
        "state": batch.state,
        "author": batch.author_name,
        "key": batch.via,
        "total": batch.total,
        "counts": {str(one): batch.count(one) for one in RowState if batch.count(one)},
        "created_at": batch.created_at,
        "started_at": batch.started_at,
        "finished_at": batch.finished_at,
        "trouble": trouble,
        "undo_of": batch.undo_of.public_id if batch.undo_of else None,
        "can_undo": batch.is_over and batch_verbs.can_undo(batch),
        "url": f"{ROOT}/batches/{batch.public_id}",
    }


def told_row(row: BatchRow) -> dict[str, Any]:
    """What programs are told of one row."""
    return {
        "number": row.number,
        "line": row.line,
        "id": row.subject_id,
        "name": row.name,
        "state": row.state,
        "outcome": row.outcome,
        "problems": [{**one, "message": words.problem(one)} for one in row.problems],
    }


def asked_once(*said: str) -> Once | None:
    """Return what names this request, where it brings an Idempotency-Key; `said` is what it asks
    for. Raises InvalidInput.
    """
    given = request.headers.get(HEADER)
    if given is None:
        return None
    if not 0 < len(given) <= LONGEST or not all("!" <= char <= "~" for char in given):
        raise InvalidInput({HEADER: str(MALFORMED) % {"most": LONGEST}})
    digest = sha256("\0".join([request.path, *said]).encode()).hexdigest()
    return Once(f"{seat().key_id}:{given}", digest)


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
        verb, chosen = verbs[body["verb"]], body.get("arguments", {})
        once = asked_once(json.dumps(body, sort_keys=True, default=str))
        earlier = once.earlier() if once else None
        if earlier is not None:
            return told(earlier)
        now = utcnow()
        batch = starting.start(
            verb.kind,
            _wanted(self, body),
            arguments=chosen,
            check_only=body["check_only"],
            once=once,
            by=seat(),
            now=now,
        )
        starting.go(batch)
        return told(batch)

    return bulk


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
        given = sent.get("arguments", {}).keys()
        wrong = {key: [str(NOT_TAKEN)] for key in given - verb.takes - verb.needs}
        wrong |= {key: [str(NEEDED)] for key in verb.needs - given}
        if wrong:
            raise ValidationError({"arguments": wrong})

    return choose
