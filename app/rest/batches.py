"""Batches for programs: what is told of one and of its rows.

Here: shapes. Not here: the batches' own addresses (batches.api), beginning one (rest.bulk).
"""

from __future__ import annotations

from typing import Any

from marshmallow import fields

from app.batches import words
from app.kernel.i18n import lazy
from app.models import Batch, BatchRow, BatchState, RowState
from app.rest.api import ROOT
from app.rest.schemas import Moment, Shape, Word
from app.screens import batch_verbs


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


def told(batch: Batch, *, can_undo: bool | None = None) -> dict[str, Any]:
    """What programs are told of a batch, with its address; whether it can be taken back, as far as
    the reader may, where nobody knows better.
    """
    if can_undo is None:
        can_undo = batch.is_over and batch_verbs.can_undo(batch)
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
        "can_undo": can_undo,
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
