"""A member's roles one by one: giving, taking away, and the question before the last one goes.

Here: a part of MemberView. Not here: many members at once (members.bulk), what happens
(memberships.service).
"""

from __future__ import annotations

from flask import redirect, request, url_for
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access
from werkzeug.wrappers import Response

from app.http.context import seat
from app.http.paths import asked_next
from app.kernel.clock import utcnow
from app.kernel.errors import NotFound
from app.kernel.i18n import _
from app.kernel.signals import membership_ended
from app.member_roles.builtin import role_name
from app.members import obstacles
from app.memberships import service as members
from app.models import MemberRole
from app.offers.context import keeps_invites, role_called
from app.screens.actions import ActionsMixin, Page


class RolePages(ActionsMixin):
    """Roles, one at a time."""

    @expose("/give-role/<pk>", methods=["POST"])
    @has_access
    def give_role(self, pk: str) -> Response:
        """Give one role more (S4-16)."""
        item, role = self.load(pk), self._asked_role()
        words = {"name": self.item_name(item), "role": role_name(role)}
        self.carry_out(
            lambda: members.add_role(item, role, by=seat(), now=utcnow()),
            said=_("%(name)s now has the role %(role)s.", **words),
        )
        return redirect(asked_next(self.list_url()))

    @expose("/take-role/<pk>", methods=["POST"])
    @has_access
    def take_role(self, pk: str) -> Response:
        """Take one role away (S4-17); the last one is asked about first (D-C7)."""
        item, role = self.load(pk), self._asked_role()
        if members.is_last_role(item, role):
            return redirect(url_for(f"{self.endpoint}.last_role", pk=item.id, role=role.id))
        words = {"name": self.item_name(item), "role": role_name(role)}
        self.carry_out(
            lambda: members.remove_role(item, role, by=seat(), now=utcnow()),
            said=_("%(name)s no longer has the role %(role)s.", **words),
        )
        return redirect(asked_next(self.list_url()))

    @expose("/last-role/<pk>", methods=["GET", "POST"])
    @has_access
    def last_role(self, pk: str) -> Page:
        """Ask whether the member should go with the last role (S4-18, D-C7)."""
        item, role = self.load(pk), self._asked_role()
        if not members.is_last_role(item, role):
            return redirect(self.show_url(item))
        if request.method != "POST":
            obstacles.ensure("remove", item, by=seat())
            goes = membership_ended.consequences([item], now=utcnow())
            return self.page(
                "members/last_role.html",
                title=_("Remove the last role"),
                item=item,
                role=role,
                role_name=role_name,
                consequences=goes,
            )
        self.carry_out(
            lambda: members.remove_role(
                item, role, sure=True, keep=keeps_invites(), by=seat(), now=utcnow()
            ),
            otherwise=_("The member was removed from the organization."),
        )
        return redirect(self.list_url())

    def _asked_role(self) -> MemberRole:
        role = role_called(request.form.get("role") or request.args.get("role"))
        if role is None:
            raise NotFound()
        return role
