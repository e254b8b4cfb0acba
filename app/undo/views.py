"""Undo, from a line of the log or a note: a page that shows what will change now, then the change;
for what was done to many at once, all of it.

Here: what is seen and pressed. Not here: what can be taken back (undo.service), the log's own pages
(activity_log.views).
"""

from __future__ import annotations

from flask import abort, redirect, request, url_for
from flask_appbuilder import BaseView, expose
from flask_appbuilder.security.decorators import has_access

from app.activity import queries as activities
from app.activity import undoable
from app.activity_log.details import render_changes
from app.activity_log.rendering import RenderedLine, render_all
from app.http.context import organization, seat
from app.http.paths import asked_next
from app.http.reauthentication import ensure_recent_for_power
from app.kernel.clock import utcnow
from app.kernel.errors import NotFound, Refusal
from app.kernel.i18n import _, ngettext
from app.models import Activity
from app.screens import notes
from app.screens.actions import Page, refusal_of
from app.screens.each import each
from app.screens.interface import OrganizationInterface
from app.undo import service as undoing


class UndoView(BaseView):
    """Take back a change: 元に戻す."""

    route_base = "/o/<organization>/activity"
    class_permission_name = "Member"
    method_permission_name = {"undo": "undo", "undo_batch": "undo"}
    datamodel = OrganizationInterface(Activity)

    @expose("/undo/<pk>", methods=["GET", "POST"])
    @has_access
    def undo(self, pk: str) -> Page:
        line: Activity = self.datamodel.one(pk)
        _ensure_may(line)
        if request.method == "POST":
            deed = notes.Deed(
                lambda: self._take_back(line), said=_("The change was taken back."), is_undo=True
            )
            refused = refusal_of(deed)
            if refused is None:
                deed.tell()
                return redirect(asked_next(self._line_url(pk)))
            return self._page(pk, refused), refused.status
        return self._page(pk)

    @expose("/undo-batch/<batch>", methods=["GET", "POST"])
    @has_access
    def undo_batch(self, batch: str) -> Page:
        """Take back what was done to many at once: each that still can be, the others named with
        their reasons.
        """
        lines = self._lines(batch)
        _ensure_may(lines[0])
        if request.method == "POST":
            each(
                reversed(lines),
                self._take_back,
                lambda count: ngettext(
                    "%(num)s change was taken back.", "%(num)s changes were taken back.", count
                ),
                name=lambda line: line.subject_name,
                is_undo=True,
            )
            return redirect(asked_next(self._line_url(str(lines[0].id))))
        told = render_all(lines)
        rows = [(one, self._obstacle(line)) for one, line in zip(told, lines, strict=True)]
        return str(
            self.render_template(
                "undo/undo_batch.html",
                title=_("Undo"),
                rows=rows,
                possible=sum(not why for _told, why in rows),
                back=asked_next(self._line_url(str(lines[0].id))),
            )
        )

    def _lines(self, batch: str) -> list[Activity]:
        """The lines of a batch that tell what it was for. Raises NotFound."""
        lines = activities.in_batch(organization(), batch)
        meant = [one for one in lines if one.event in undoable.EVENTS]
        main = [one for one in meant if one.event == meant[0].event]
        if not main:
            raise NotFound()
        return main

    def _take_back(self, line: Activity) -> None:
        now, plan = utcnow(), undoing.plan(line, organization(), by=seat(), now=utcnow())
        ensure_recent_for_power(seat(), becomes=plan.makes_power, now=now)
        sure = "removes" in request.form
        undoing.undo(line, organization(), sure=sure, by=seat(), now=now)

    def _obstacle(self, line: Activity) -> str:
        try:
            undoing.plan(line, organization(), by=seat(), now=utcnow())
        except Refusal as refusal:
            return str(refusal)
        return ""

    def _line_url(self, pk: str) -> str:
        there = url_for("ActivityView.show", pk=pk) if notes.reads_log() else ""
        return there or url_for("MemberView.list")

    def _page(self, pk: str, refused: Refusal | None = None) -> str:
        line: Activity = self.datamodel.one(pk)
        plan = None
        if refused is None:
            try:
                plan = undoing.plan(line, organization(), by=seat(), now=utcnow())
            except Refusal as refusal:
                if refusal.status == 404:
                    raise
                refused = refusal
        [told] = render_all([line])
        return self._render(told, line, plan, refused)

    def _render(
        self,
        told: RenderedLine,
        line: Activity,
        plan: undoing.Undoing | None,
        refused: Refusal | None,
    ) -> str:
        return str(
            self.render_template(
                "undo/undo.html",
                title=_("Undo"),
                line=told,
                refused=refused,
                event=line.event,
                name=line.subject_name,
                changes=render_changes(plan.changes) if plan else [],
                removes=plan is not None and plan.removes,
                back=self._line_url(str(line.id)),
                batch=line.batch if activities.is_of_several(line) else "",
            )
        )


def _ensure_may(line: Activity) -> None:
    """Raise NotFound for what nobody takes back; 403 for who may not."""
    if line.event not in undoable.EVENTS:
        raise NotFound()
    if not notes.can_undo(line):
        abort(403)
