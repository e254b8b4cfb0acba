"""Undo, from a line of the log: a page that shows what will change now, then the change.

Here: what is seen and pressed. Not here: what can be taken back (members.undo), the log's own pages
(activity.views).
"""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from flask_appbuilder import BaseView, expose
from flask_appbuilder.security.decorators import has_access

from app.activity.telling import changes_told, tell_all
from app.kernel.clock import utcnow
from app.kernel.errors import Refusal
from app.kernel.i18n import _
from app.members import undo as undoing
from app.models import Activity
from app.web.actions import Page, refusal_of
from app.web.here import organization, seat
from app.web.interface import OrganizationInterface
from app.web.proof import ensure_recent_for_power


class UndoView(BaseView):
    """Take back a change of a member: 元に戻す."""

    route_base = "/o/<organization>/activity"
    class_permission_name = "Member"
    method_permission_name = {"undo": "undo"}
    datamodel = OrganizationInterface(Activity)

    @expose("/undo/<pk>", methods=["GET", "POST"])
    @has_access
    def undo(self, pk: str) -> Page:
        line: Activity = self.datamodel.one(pk)
        back = url_for("ActivityView.show", pk=line.id)
        if request.method == "POST":
            refused = refusal_of(lambda: self._take_back(line))
            if refused is None:
                flash(_("The change was taken back."), "success")
                return redirect(back)
            return self._page(pk, refused), refused.status
        return self._page(pk)

    def _take_back(self, line: Activity) -> None:
        now, plan = utcnow(), undoing.plan(line, organization(), by=seat(), now=utcnow())
        ensure_recent_for_power(seat(), becomes=plan.makes_power, now=now)
        sure = "removes" in request.form
        undoing.undo(line, organization(), sure=sure, by=seat(), now=now)

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
        [told] = tell_all([line])
        return str(
            self.render_template(
                "members/undo.html",
                title=_("Undo"),
                line=told,
                refused=refused,
                event=line.event,
                name=line.subject_name,
                changes=changes_told(plan.changes) if plan else [],
                removes=plan is not None and plan.removes,
                back=url_for("ActivityView.show", pk=line.id),
            )
        )
