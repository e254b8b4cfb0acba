"""Kinds of batches over the rows of any model view: by a verb of the view, or its `remove`.

Here: what is checked and done for one row. Not here: the engine (batches), the verbs (each view).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import current_app

from app.activity import batch_events as events
from app.batches import kinds
from app.batches.kinds import Kind, Plan, Row, Work
from app.extensions import db
from app.kernel.errors import NotFound
from app.kernel.i18n import lazy, ngettext


def _view(work: Work) -> Any:
    wanted = work.arguments.get("view")
    views = current_app.appbuilder.baseviews  # type: ignore[attr-defined]
    found = next((one for one in views if one.endpoint == wanted), None)
    if found is None:
        raise NotFound()
    return found


def _prepare(rows: Sequence[Row], work: Work) -> None:
    """Read the rows of a slice, those that exist for the author."""
    view = _view(work)
    model = view.datamodel.obj
    query = view.datamodel.scoped().where(model.id.in_([row.subject_id for row in rows]))
    found = {one.id: one for one in db.session.scalars(query).unique()}
    for row in rows:
        row.subject = found.get(row.subject_id or 0)
        if row.subject is not None:
            row.name = view.item_name(row.subject)


def _check_deletable(row: Row, work: Work) -> Plan:
    if row.subject is None:
        raise NotFound()
    _view(work).ensure_deletable(row.subject)
    return Plan("deleted", name=row.name)


def _check(row: Row, _work: Work) -> Plan:
    if row.subject is None:
        raise NotFound()
    return Plan("changed", name=row.name)


def _act(row: Row, _plan: Plan, work: Work) -> None:
    view = _view(work)
    getattr(view, work.arguments["verb"])(row.subject)
    if hasattr(view, "write_set"):
        view.write_set()
    db.session.flush()


VIEW_SAYS = ("", "")
"""Each batch says what its own view asks for."""
DELETE = kinds.register(
    Kind(
        "delete_rows",
        VIEW_SAYS,
        lambda n: ngettext("Delete %(num)s row?", "Delete %(num)s rows?", n),
        lambda n: ngettext("Deleting %(num)s row", "Deleting %(num)s rows", n),
        lambda n: ngettext("%(num)s was deleted.", "%(num)s were deleted.", n),
        _act,
        _check_deletable,
        _prepare,
        event=events.ROWS_DELETED,
        danger=True,
        icon="trash",
        label=lazy("Delete"),
    )
)
EACH = kinds.register(
    Kind(
        "change_rows",
        VIEW_SAYS,
        lambda n: ngettext("Change %(num)s row?", "Change %(num)s rows?", n),
        lambda n: ngettext("Changing %(num)s row", "Changing %(num)s rows", n),
        lambda n: ngettext("%(num)s row was changed.", "%(num)s rows were changed.", n),
        _act,
        _check,
        _prepare,
        event=events.ROWS_CHANGED,
        label=lazy("Change"),
    )
)
