"""The roles' screens: list, show, create, edit, delete.

Here: what is shown and pressed. Not here: what happens (member_roles.service, deleting), what a
role looks like (member_roles.cells).
"""

from __future__ import annotations

from typing import Any

from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access

from app.access.authorities import known
from app.access.policy import may
from app.http.context import organization, seat
from app.kernel.clock import utcnow
from app.kernel.i18n import _, lazy, ngettext
from app.member_roles import deleting, lists, queries
from app.member_roles import service as roles
from app.member_roles.builtin import role_name
from app.member_roles.cells import ShownRole
from app.member_roles.forms import WITHOUT, DeleteRoleForm, RoleForm
from app.member_roles.impact import Impact, impact_of
from app.models import MemberRole
from app.screens.actions import Page
from app.screens.preview import PreviewingModelView
from app.screens.services import asks, does, says


class MemberRoleView(PreviewingModelView):
    """Roles of the current organization: ロール (S3-01, S4-05…S4-08)."""

    definition = lists.ROLES

    list_title = lazy("Roles")
    add_title = lazy("New role")
    edit_title = lazy("Edit the role")
    delete_title = delete_label = lazy("Delete the role")
    add_label = lazy("Create the role")
    added = lazy("The role was created.")
    saved = lazy("The role was saved.")
    deleted = lazy("The role was deleted.")
    added_opens = True

    page_folder = "member_roles"
    add_form = edit_form = RoleForm
    delete_form = DeleteRoleForm

    method_permission_name = {"list": "read", "show": "read", "*": "manage"}

    event_prefix = "role_"
    watched_columns = ("name", "description", "authorities")

    item_name = says(role_name)
    ensure_may_change = asks(roles.ensure_may_change)
    ensure_deletable = says(roles.ensure_own)
    look_again = asks(roles.look_again, organization)
    create = does(roles.create, organization)
    update = does(roles.edit, organization)

    # forms

    def prepare(self, form: RoleForm | DeleteRoleForm, item: MemberRole | None = None) -> None:
        if isinstance(form, RoleForm):
            form.authorities.offer(self._givable(item))
        elif item is not None:
            form.available = queries.available(organization())
            form.replacement.choices = self._replacements(item, form.available)

    def fill(self, form: RoleForm, item: MemberRole | None = None) -> None:
        if item is not None:
            form.authorities.data = sorted(item.authorities)

    def effect(self, item: MemberRole) -> str:
        """Whom saving concerns."""
        return ngettext(
            "%(num)s member holds this role and is concerned at once.",
            "%(num)s members hold this role and are concerned at once.",
            self.shown(item).members,
        )

    def preview(self, item: MemberRole, form: RoleForm) -> Impact:
        """What everybody with the role gains and loses, named to those who may see members."""
        given = roles.settled(
            item,
            organization(),
            name=form.entered["name"],
            authorities=form.entered["authorities"],
            by=seat(),
        )
        return impact_of(organization(), item, given, named=may(seat(), "read", "Member"))

    @expose("/edit/<pk>", methods=["GET", "POST"])
    @has_access
    def edit(self, pk: str) -> Page:
        roles.ensure_own(self.load(pk))
        page: Page = super().edit(pk)
        return page

    def delete_words(self, item: MemberRole, form: Any) -> dict[str, Any]:
        """Who holds it, and what they lose with nothing in its place."""
        these = None if form.is_submitted() else form.available
        without = impact_of(organization(), item, frozenset(), named=False, roles=these)
        return {"shown": ShownRole(item, without.held), "without": without}

    def remove(self, item: MemberRole, form: Any = None) -> None:
        chosen = form.replacement.data
        deleting.delete(
            item,
            organization(),
            replacement=self.load(chosen) if chosen not in ("", WITHOUT) else None,
            without=chosen == WITHOUT,
            by=seat(),
            now=utcnow(),
        )

    def _givable(self, item: MemberRole | None = None) -> frozenset[str]:
        """What may go into a role: into one's own, nothing new."""
        own = seat().membership
        holds_it = own is not None and item is not None and item in own.roles
        return seat().gives_to(seat().account.id if holds_it else None)

    def _replacements(self, item: MemberRole, available: list[MemberRole]) -> list[tuple[str, str]]:
        givable = self._givable(item)
        others = [
            role for role in available if role is not item and known(role.authorities) <= givable
        ]
        first = [("", _("Choose…")), (WITHOUT, _("Nothing: they keep what else they have"))]
        return first + [(str(role.id), role_name(role)) for role in others]
