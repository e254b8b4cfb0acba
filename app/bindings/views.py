"""The organization's screen of role bindings: who was added and joins at the next sign-in.

Here: what is shown and pressed. Not here: what happens (bindings.service), adding (adding_views),
the person's own page (my_views).
"""

from __future__ import annotations

from typing import Any

from flask import url_for

from app.bindings import lists
from app.bindings import service as bindings
from app.http.context import seat
from app.kernel.clock import utcnow
from app.kernel.i18n import lazy
from app.members import tabs
from app.models import RoleBinding
from app.offers.forms import OfferForm
from app.offers.offering import OfferMixin
from app.screens.model_view import ServiceModelView


class BindingView(OfferMixin, ServiceModelView):
    """Role bindings of the current organization: ロールバインディング (S3-21, S3-35, D-C11)."""

    definition = lists.BINDINGS
    exclude_route_methods = {"download", "add"}

    list_title = lazy("People who join at the next sign-in")
    edit_title = lazy("Change what the person is given")
    delete_title = lazy("Cancel the addition")
    delete_label = lazy("Cancel the addition")
    delete_asks = lazy("Cancel the addition of %(name)s?")
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
    show_columns = ["address"]
    search_columns = ["address"]
    list_template = "bindings/list.html"
    show_template = "bindings/show.html"
    edit_template = "bindings/edit.html"

    method_permission_name = {"list": "read", "show": "read", "*": "manage"}

    service = bindings
    event_prefix = "binding_"

    def row_class(self, item: RoleBinding) -> str:
        return "" if item.is_waiting else "off"

    def locked(self, item: RoleBinding) -> frozenset[str]:
        return frozenset() if item.is_waiting else frozenset({"edit", "delete"})

    def ensure_may_change(self, item: RoleBinding) -> None:
        bindings.ensure_may_change(item, by=seat())

    def give(self, item: RoleBinding, form: OfferForm) -> None:
        bindings.edit(item, offer=form.offer, by=seat(), now=utcnow())

    def remove(self, item: RoleBinding) -> None:
        bindings.cancel(item, by=seat(), now=utcnow())

    # words for the templates

    def tabs(self) -> list[dict[str, Any]]:
        """Beside members and invitations (S3-08)."""
        return tabs.beside("bindings")

    def adding_url(self) -> str:
        """Where somebody is added, for those who may."""
        return url_for("AddExistingView.existing") if self._offers("edit") else ""
