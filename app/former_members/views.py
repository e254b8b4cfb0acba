"""The former members' pages: who was a member until when, and bringing one back.

Here: what is seen and pressed. Not here: what happens (former_members.service), living members
(members.views).
"""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, request, url_for
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access
from sqlalchemy import Select

from app.former_members import queries as former_queries
from app.former_members import service as former
from app.http.context import organization, seat
from app.http.reauthentication import ensure_recent_for_power
from app.kernel.clock import utcnow
from app.kernel.errors import obstacle
from app.kernel.i18n import _, lazy
from app.member_roles.builtin import role_name
from app.models import Membership
from app.screens.actions import Page, attempt
from app.screens.formatters import display_name
from app.screens.interface import OrganizationInterface
from app.screens.page_view import PageView


class FormerInterface(OrganizationInterface):
    """The memberships of this organization that ended."""

    def scoped(self) -> Select[Any]:
        return former_queries.former(organization().id)


MOST = 100
HOW = {"removed": lazy("Removed on"), "left": lazy("Left on")}


class FormerMemberView(PageView):
    """Former members: 元メンバー."""

    route_base = "/o/<organization>/members/former"
    class_permission_name = "Member"
    method_permission_name = {"*": "manage"}

    datamodel = FormerInterface(Membership)

    @expose("/")
    @has_access
    def list(self) -> Page:
        words = request.args.get("q", "").strip()[:200]
        found = former_queries.search(organization(), words, limit=MOST + 1)
        return self.page(
            "former_members/list.html",
            title=_("Former members"),
            found=found,
            words=words,
            most=MOST,
        )

    @expose("/<pk>", methods=["GET", "POST"])
    @has_access
    def show(self, pk: str) -> Page:
        item: Membership = self.datamodel.one(pk)
        if request.method == "POST" and attempt(lambda: self._bring_back(item)) is None:
            name = display_name(item.account)
            flash(_("%(name)s is a member again.", name=name), "success")
            return redirect(url_for("MemberView.show", pk=item.id))
        return self.page(
            "former_members/show.html",
            title=display_name(item.account),
            item=item,
            account=item.account,
            how=HOW.get(str(item.ended_reason), ""),
            refused=obstacle(lambda: former.ensure_can_return(item, by=seat())),
            role_name=role_name,
        )

    def _bring_back(self, item: Membership) -> None:
        now = utcnow()
        ensure_recent_for_power(seat(), becomes=item.is_power, now=now)
        former.bring_back(item, by=seat(), now=now)
