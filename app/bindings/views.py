"""The organization's screen of role bindings: who was added and joins at the next sign-in.

Here: what is shown and pressed. Not here: what happens (bindings.service), adding (adding_views),
the person's own page (my_views).
"""

from __future__ import annotations

from typing import Any

from flask import url_for

from app.bindings import cells, lists
from app.bindings import service as bindings
from app.bindings.forms import BindingForm
from app.http.context import seat
from app.http.reauthentication import ensure_recent_for_power
from app.kernel.clock import utcnow
from app.kernel.i18n import _, lazy
from app.members import tabs
from app.models import RoleBinding
from app.offers.context import available_roles
from app.screens.model_view import ServiceModelView
from app.screens.optimistic_lock import About, State


class BindingView(ServiceModelView):
    """Role bindings of the current organization: ロールバインディング (S3-21, S3-35, D-C11)."""

    definition = lists.BINDINGS
    exclude_route_methods = {"download", "add"}

    list_title = lazy("People who join at the next sign-in")
    edit_title = lazy("Change what the person is given")
    delete_title = lazy("Cancel the addition")
    delete_label = lazy("Cancel the addition")
    deleted = lazy("The addition was cancelled. The person is asked no more.")
    empty_title = lazy("Nobody joins at the next sign-in")
    empty_text = lazy(
        "People who have an account already and were added stand here until they sign in and"
        " continue. Those who declined stand here, too."
    )

    cell_classes = {
        "made_by": "lo wide",
        "type": "inline",
        "offer": "inline",
        "status": "inline",
        "created_at": "full",
    }
    formatters_columns = cells.CELLS
    show_columns = ["address"]
    search_columns = ["address"]

    list_template = "bindings/list.html"
    show_template = "bindings/show.html"
    edit_template = "bindings/edit.html"

    method_permission_name = {
        "list": "read",
        "show": "read",
        "edit": "manage",
        "delete": "manage",
    }

    def row_class(self, item: RoleBinding) -> str:
        return "" if item.is_waiting else "off"

    def row_locks(self, item: RoleBinding) -> str:
        return "" if item.is_waiting else "edit delete"

    def item_name(self, item: RoleBinding) -> str:
        return item.address

    def edit_form(self, obj: Any = None) -> BindingForm:
        form = BindingForm()
        form.offer_to_choose(available_roles(), seat().gives_to(), power=seat().is_power)
        return form

    def fill(self, form: Any, item: RoleBinding | None = None) -> None:
        if item is not None:
            bindings.ensure_may_change(item, by=seat())
            form.show_binding(item)

    def update(self, item: RoleBinding, form: BindingForm) -> None:
        ensure_recent_for_power(
            seat(), becomes=form.offer.is_power, is_now=item.is_power, now=utcnow()
        )
        bindings.edit(item, offer=form.offer, by=seat(), now=utcnow())

    def watched(self, item: RoleBinding) -> State:
        return {
            "type": item.type,
            "roles": sorted(role.id for role in item.roles),
            "authorities": sorted(item.authorities),
        }

    def look_again(self, item: RoleBinding) -> None:
        bindings.look_again(item, by=seat())

    def about(self, item: RoleBinding) -> About:
        return About(item.id, ("binding_",), item.organization_id)

    def remove(self, item: RoleBinding) -> None:
        bindings.cancel(item, by=seat(), now=utcnow())

    def ensure_deletable(self, item: RoleBinding) -> None:
        bindings.ensure_may_change(item, by=seat())

    def delete_question(self, item: RoleBinding) -> str:
        return _("Cancel the addition of %(name)s?", name=item.address)

    def can_edit(self, item: RoleBinding) -> bool:
        return super().can_edit(item) and item.is_waiting

    def can_delete(self, item: RoleBinding) -> bool:
        return super().can_delete(item) and item.is_waiting

    # words for the templates

    def tabs(self) -> list[dict[str, Any]]:
        """Beside members and invitations (S3-08)."""
        return tabs.beside("bindings")

    def adding_url(self) -> str:
        """Where somebody is added, for those who may."""
        return url_for("AddExistingView.existing") if self._offers("edit") else ""

    def page(self, template: str, **words: Any) -> str:
        return super().page(template, cells=cells, **words)
