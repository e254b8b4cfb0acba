"""Batches for programs: what was done to many at once, how far it is, /api/v1/batches.

Here: listing, one with its rows, confirm, cancel, undo. Not here: beginning one (rest.bulk, the
API of each list), what a kind does.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from flask import current_app
from flask_appbuilder import expose

from app.batches import lists, queries, service, starting
from app.batches.kinds import kind_of
from app.http.context import seat
from app.kernel.clock import utcnow
from app.kernel.errors import Forbidden
from app.kernel.i18n import lazy
from app.models import Batch, RowState
from app.rest.api import ROOT, operation
from app.rest.batches import BatchRowShape, BatchShape, told, told_row
from app.rest.pages import LARGEST_PAGE, Page, PageQuery
from app.rest.rows import RowsApi, items_shape, listing, shapes_of, showing
from app.rest.schemas import Flag, Many, Number, Shape, Word
from app.screens import batch_verbs

SHAPES = shapes_of(lists.BATCHES, "Batch")
QUERY = type(
    "BatchQuery",
    (Shape,),
    {name: one for name, one in SHAPES.query().declared_fields.items() if name != "q"},
)
BATCHES = replace(
    SHAPES, row=BatchShape, page=items_shape(BatchShape, "BatchPage", Page), query=QUERY
)


class RowsQuery(Shape):
    """Which rows."""

    state = Many(
        Word(*map(str, RowState)),
        metadata={"description": lazy("Rows in any of these states; without it all.")},
    )
    page = PageQuery().fields["page"]
    page_size = Number(most=LARGEST_PAGE, load_default=LARGEST_PAGE)


class Confirmation(Shape):
    """How much of it."""

    only_valid = Flag(
        metadata={
            "description": lazy(
                "Whether rows without errors run where others have some. Left out: yes for verbs,"
                " no for files, which are done whole or not at all."
            )
        }
    )


class BatchesApi(RowsApi):
    """Batches of the key's organization, of kinds that the key may do itself."""

    definition = lists.BATCHES
    resource_name = "batches"
    key = "public_id"
    example_key = "0123456789"
    key_pattern = "^[0-9a-f]{10}$"
    class_permission_name = "Batch"
    method_permission_name = {"*": "read"}

    list = listing(lazy("List batches"), BATCHES, example_query="?state=running")
    show = showing(lazy("Show a batch"), BATCHES)

    def load(self, pk: str) -> Batch:
        found: Batch = self.definition.datamodel.one(pk)
        return found

    def row(self, item: Batch) -> dict[str, Any]:
        return told(item)

    @expose("/<pk>/rows", methods=["GET"])
    @operation(
        lazy("List the rows of a batch"),
        query=RowsQuery,
        answers=items_shape(BatchRowShape, "BatchRowPage", Page),
        example_query="?state=refused&state=invalid",
    )
    def rows(self, pk: str, query: Mapping[str, Any]) -> dict[str, Any]:
        batch, states = self.load(pk), [RowState(one) for one in query.get("state", RowState)]
        number, size = query["page"], query["page_size"]
        total, start = batch.count(*states), (number - 1) * size
        found = queries.page(batch, states, start=start, most=size)

        def url(other: int) -> str:
            asked = [("state", one) for one in query.get("state", ())]
            asked += [("page", str(other)), ("page_size", str(size))]
            base = current_app.config["SETTINGS"].portal_url
            return f"{base}{ROOT}/batches/{batch.public_id}/rows?{urlencode(asked)}"

        return {
            "items": [told_row(one) for one in found],
            "total": total,
            "total_is_exact": True,
            "page": number,
            "page_size": size,
            "next": url(number + 1) if start + len(found) < total and found else None,
            "previous": url(number - 1) if number > 1 else None,
        }

    @expose("/<pk>/confirm", methods=["POST"])
    @operation(
        lazy("Let a checked batch run"),
        body=Confirmation,
        answers=BatchShape,
        status=HTTPStatus.ACCEPTED,
        refuses=(HTTPStatus.CONFLICT,),
        example={"only_valid": True},
        is_body_needed=False,
    )
    def confirm(self, pk: str, body: Mapping[str, Any]) -> dict[str, Any]:
        batch, by, now = self.load(pk), seat(), utcnow()
        kind = kind_of(batch)
        only_valid = body.get("only_valid", not kind.all_or_nothing)
        kind.question.ensure(batch, by, now)
        confirm = kind.confirm or service.confirm
        confirm(batch, by=by, now=now, only_valid=only_valid)
        starting.go(batch)
        return told(batch)

    @expose("/<pk>/cancel", methods=["POST"])
    @operation(
        lazy("Stop a batch before its next rows"),
        answers=BatchShape,
        refuses=(HTTPStatus.CONFLICT,),
    )
    def cancel(self, pk: str) -> dict[str, Any]:
        batch = self.load(pk)
        service.cancel(batch, now=utcnow())
        return told(batch)

    @expose("/<pk>/undo", methods=["POST"])
    @operation(
        lazy("Take back what a batch did"),
        answers=BatchShape,
        status=HTTPStatus.ACCEPTED,
        refuses=(HTTPStatus.CONFLICT,),
    )
    def undo(self, pk: str) -> dict[str, Any]:
        batch, now = self.load(pk), utcnow()
        if not batch_verbs.can_undo(batch):
            raise Forbidden() if service.can_undo(batch, now=now) else service.NotUndoable()
        undoing = service.undo(batch, by=seat(), now=now)
        starting.go(undoing)
        return told(undoing)
