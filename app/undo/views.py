"""Undo, from a line of the log or a note: a page that shows what will change now, then the change;
for what was done to many at once, all of it.

Here: what is seen and pressed. Not here: what can be taken back (undo.service), the log's own pages
(activity_log.views).
"""

from __future__ import annotations

from functools import partial
from http import HTTPStatus

from flask import abort, redirect, request, url_for
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access
from sqlalchemy import select

from app.activity import queries as activities
from app.activity import undoable
from app.activity.undoable import Undoing
from app.activity_log.details import render_changes
from app.activity_log.rendering import render_all
from app.batches import filling
from app.batches import service as batches
from app.extensions import db
from app.http.context import organization, seat
from app.http.paths import asked_next
from app.http.reauthentication import ensure_recent_for_power
from app.kernel.clock import utcnow
from app.kernel.errors import NotFound, Refusal, obstacle
from app.kernel.i18n import _
from app.models import Activity, Batch
from app.screens import batch_verbs, notes
from app.screens.actions import Page, refusal_of
from app.screens.interface import OrganizationInterface
from app.screens.page_view import PageView
from app.undo import kinds
from app.undo import service as undoing


class UndoView(PageView):
    """Take back a change: 元に戻す."""

    route_base = "/o/<organization>/activity"
    class_permission_name = "Member"
    method_permission_name = {"*": "undo"}
    datamodel = OrganizationInterface(Activity)

    @expose("/undo/<pk>", methods=["GET", "POST"])
    @has_access
    def undo(self, pk: str) -> Page:
        line: Activity = self.datamodel.one(pk)
        _ensure_may(line)
        if request.method != "POST":
            return self._draw(line, *_planned(line))
        deed = notes.Deed(
            lambda: _take_back(line), said=_("The change was taken back."), is_undo=True
        )
        refused = refusal_of(deed)
        if refused is not None:
            return self._draw(self.datamodel.one(pk), None, refused), refused.status
        deed.tell()
        return redirect(asked_next(_line_url(pk)))

    @expose("/undo-batch/<batch>", methods=["GET", "POST"])
    @has_access
    def undo_batch(self, batch: str) -> Page:
        """Take back what was done to many at once: each that still can be, the others named with
        their reasons.
        """
        lines = _lines(batch)
        _ensure_may(lines[0])
        back = asked_next(_line_url(lines[0].id))
        if request.method == "POST":
            return batch_verbs.run(_batch_of(lines), back)
        reasons = [obstacle(partial(_plan, line)) for line in lines]
        return self.page(
            "undo/undo_batch.html",
            title=_("Undo"),
            rows=[*zip(render_all(lines), reasons, strict=True)],
            possible=reasons.count(""),
            back=back,
        )

    def _draw(self, line: Activity, plan: Undoing | None, refused: Refusal | None) -> str:
        [told] = render_all([line])
        return self.page(
            "undo/undo.html",
            title=_("Undo"),
            line=told,
            refused=refused,
            event=line.event,
            name=line.subject_name,
            changes=render_changes(plan.changes) if plan else [],
            removes=plan is not None and plan.removes,
            back=_line_url(line.id),
            batch=line.batch if activities.is_of_several(line) else "",
        )


def _lines(batch: str) -> list[Activity]:
    """The lines of a batch that tell what it was for. Raises NotFound."""
    lines = [
        line for line in activities.in_batch(organization(), batch) if line.event in undoable.EVENTS
    ]
    if not lines:
        raise NotFound()
    return [line for line in lines if line.event == lines[0].event]


def _batch_of(lines: list[Activity]) -> Batch:
    """Take lines back by a batch of its own, as everything that is done to many."""
    now = utcnow()
    for line in lines:
        becomes = not obstacle(partial(_plan, line)) and _plan(line).makes_power
        ensure_recent_for_power(seat(), becomes=becomes, now=now)
    needs, sure = undoable.EVENTS[lines[0].event], "removes" in request.form
    batch = batches.open_batch(
        kinds.UNDO, organization(), by=seat(), now=now, needs=needs, arguments={"sure": sure}
    )
    filling.fill(batch, select(Activity.id).where(Activity.id.in_([one.id for one in lines])))
    batches.mark_checked(batch, now=now)
    batches.confirm(batch, by=seat(), now=now)
    db.session.commit()
    return batch


def _plan(line: Activity) -> Undoing:
    return undoing.plan(line, organization(), by=seat(), now=utcnow())


def _planned(line: Activity) -> tuple[Undoing | None, Refusal | None]:
    """What taking a line back would change, or why it cannot be taken back. Raises NotFound."""
    try:
        return _plan(line), None
    except Refusal as refusal:
        if refusal.status == HTTPStatus.NOT_FOUND:
            raise
        return None, refusal


def _take_back(line: Activity) -> None:
    now = utcnow()
    ensure_recent_for_power(seat(), becomes=_plan(line).makes_power, now=now)
    undoing.undo(line, organization(), sure="removes" in request.form, by=seat(), now=now)


def _line_url(pk: object) -> str:
    there = url_for("ActivityView.show", pk=pk) if notes.reads_log() else ""
    return there or url_for("MemberView.list")


def _ensure_may(line: Activity) -> None:
    """Raise NotFound for what nobody takes back; 403 for who may not."""
    if line.event not in undoable.EVENTS:
        raise NotFound()
    if not notes.can_undo(line):
        abort(HTTPStatus.FORBIDDEN)
