"""The roles' screens: list, show, create, edit, delete.

Here: what is shown and pressed. Not here: what happens (member_roles.service).
"""

from __future__ import annotations

from typing import Any

from flask import redirect, request
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access
from werkzeug.wrappers import Response

from app.access.authorities import AuthorityEntry, known, under_headings
from app.access.difference import entries
from app.access.policy import may
from app.http.context import organization, seat
from app.kernel.clock import utcnow
from app.kernel.errors import obstacle
from app.kernel.i18n import _, lazy, listed, ngettext
from app.member_roles import deleting, lists, queries
from app.member_roles import service as roles
from app.member_roles.builtin import role_description, role_name
from app.member_roles.forms import WITHOUT, DeleteRoleForm, RoleForm
from app.member_roles.reach import Reach, reach
from app.models import MemberRole, Membership
from app.screens.actions import Page
from app.screens.optimistic_lock import About, State
from app.screens.preview import PreviewingModelView

SHOWN_HOLDERS = 20


class MemberRoleView(PreviewingModelView):
    """Roles of the current organization: ロール (S3-01, S4-05…S4-08)."""

    definition = lists.ROLES

    list_title = lazy("Roles")
    add_title = lazy("New role")
    edit_title = lazy("Edit the role")
    delete_title = lazy("Delete the role")
    delete_label = lazy("Delete the role")
    add_label = lazy("Create the role")
    added = lazy("The role was created.")
    saved = lazy("The role was saved.")
    deleted = lazy("The role was deleted.")

    formatters_columns = {"name": lists.name_cell}
    show_columns = ["name"]
    search_columns = ["name"]

    list_template = "member_roles/list.html"
    show_template = "member_roles/show.html"
    add_template = "member_roles/add.html"
    edit_template = "member_roles/edit.html"
    preview_template = "member_roles/preview.html"
    delete_template = "member_roles/delete.html"

    method_permission_name = {
        "list": "read",
        "show": "read",
        "add": "manage",
        "edit": "manage",
        "delete": "manage",
    }

    def item_name(self, item: MemberRole) -> str:
        return role_name(item)

    def can_edit(self, item: MemberRole) -> bool:
        return not self.why_not(item) and super().can_edit(item)

    def can_delete(self, item: MemberRole) -> bool:
        return not self.why_not(item) and super().can_delete(item)

    def why_not(self, item: MemberRole) -> str:
        """Why the reader can neither edit nor delete a role, "" where they can."""
        return obstacle(lambda: roles.ensure_may_change(item, by=seat()))

    def add_form(self, obj: Any = None) -> RoleForm:
        return self._offering(RoleForm())

    def edit_form(self, obj: MemberRole | None = None) -> RoleForm:
        return self._offering(RoleForm(obj=obj))

    def _edit_page(self, form: RoleForm, item: MemberRole) -> str:
        page: str = super()._edit_page(self._offering(form, item), item)
        return page

    def fill(self, form: RoleForm, item: MemberRole | None = None) -> None:
        if item is not None:
            roles.ensure_may_change(item, by=seat())
            form.authorities.data = sorted(item.authorities)

    def create(self, form: RoleForm) -> MemberRole:
        return roles.create(organization(), **self._typed(form), by=seat(), now=utcnow())

    def after_add(self, item: MemberRole) -> Response:
        return redirect(self.show_url(item))

    def update(self, item: MemberRole, form: RoleForm) -> None:
        roles.edit(item, organization(), **self._typed(form), by=seat(), now=utcnow())

    def watched(self, item: MemberRole) -> State:
        return {
            "name": item.name,
            "description": item.description,
            "authorities": sorted(item.authorities),
        }

    def look_again(self, item: MemberRole) -> None:
        roles.look_again(item, organization(), by=seat())

    def about(self, item: MemberRole) -> About:
        return About(item.id, ("role_",), organization().id)

    def preview(self, item: MemberRole, form: RoleForm) -> Reach:
        """What everybody with the role gains and loses, named to those who may see members."""
        typed = self._typed(form)
        given = roles.settled(
            item, organization(), name=typed["name"], authorities=typed["authorities"], by=seat()
        )
        return reach(organization(), item, given, named=may(seat(), "read", "Member"))

    @expose("/edit/<pk>", methods=["GET", "POST"])
    @has_access
    def edit(self, pk: str) -> Page:
        roles.ensure_own(self.load(pk))
        page: Page = super().edit(pk)
        return page

    @expose("/delete/<pk>", methods=["GET", "POST"])
    @has_access
    def delete(self, pk: str) -> Page:
        """Delete a role, after showing who holds it and asking what takes its place."""
        item: MemberRole = self.load(pk)
        roles.ensure_own(item)
        form = DeleteRoleForm()
        available = queries.available(organization())
        form.replacement.choices = self._replacements(item, available)

        def again(filled: DeleteRoleForm, fresh: list[MemberRole] | None = None) -> str:
            without = reach(organization(), item, frozenset(), named=False, roles=fresh)
            return self.page(
                self.delete_template,
                title=self.delete_title,
                form=filled,
                item=item,
                held=without.held,
                without=without,
            )

        if request.method != "POST":
            return again(form, available)
        return self._write(
            form,
            lambda: self._delete(item, form),
            self.deleted,
            again,
            lambda _item: redirect(self.list_url()),
        )

    # words for the templates

    def description(self, item: MemberRole) -> str:
        return role_description(item)

    def held(self, item: MemberRole) -> int:
        """How many members hold a role."""
        return queries.holder_counts(organization(), [item.id]).get(item.id, 0)

    def holders(self, item: MemberRole) -> list[Membership]:
        """The first members who hold a role, for those who may see members."""
        return (
            queries.holders(organization(), item, limit=SHOWN_HOLDERS)
            if may(seat(), "read", "Member")
            else []
        )

    def promised(self, item: MemberRole) -> int:
        """How many pending invitations promise a role."""
        return queries.promised_count(organization(), item)

    def entries(self, item: MemberRole) -> list[tuple[Any, list[AuthorityEntry]]]:
        """What a role allows, under the catalogue's headings."""
        return under_headings(entries(item.authorities), lambda entry: entry)

    def listed(self, these: list[AuthorityEntry]) -> str:
        """Authorities as a list in the reader's language."""
        return listed(entry.name for entry in these)

    def effect(self, item: MemberRole) -> str:
        """Whom saving concerns."""
        return ngettext(
            "%(num)s member holds this role and is concerned at once.",
            "%(num)s members hold this role and are concerned at once.",
            self.held(item),
        )

    def _offering(self, form: RoleForm, item: MemberRole | None = None) -> RoleForm:
        form.authorities.offer(self._givable(item))
        return form

    def _givable(self, item: MemberRole | None) -> frozenset[str]:
        """What may go into a role: into one's own, nothing new."""
        own = seat().membership
        holds_it = own is not None and item is not None and item in own.roles
        return seat().gives_to(seat().account.id if holds_it else None)

    def _typed(self, form: RoleForm) -> dict[str, Any]:
        return {
            "name": form.name.data,
            "description": form.description.data or "",
            "authorities": form.authorities.chosen,
        }

    def _replacements(self, item: MemberRole, available: list[MemberRole]) -> list[tuple[str, str]]:
        givable = self._givable(item)
        others = [one for one in available if one is not item and known(one.authorities) <= givable]
        first = [("", _("Choose…")), (WITHOUT, _("Nothing: they keep what else they have"))]
        return first + [(str(one.id), role_name(one)) for one in others]

    def _delete(self, item: MemberRole, form: DeleteRoleForm) -> None:
        chosen = form.replacement.data
        replacement = self.load(chosen) if chosen not in ("", WITHOUT) else None
        deleting.delete(
            item,
            organization(),
            replacement=replacement,
            without=chosen == WITHOUT,
            by=seat(),
            now=utcnow(),
        )
