"""The organization's screen of API keys, for those who manage its members.

Here: what is shown and pressed. Not here: what happens (api_keys.service), one's own keys
(profile), service accounts (members).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from flask import current_app, url_for
from flask_appbuilder.actions import action
from sqlalchemy import Select
from sqlalchemy.orm import contains_eager

from app.access.policy import may
from app.api_keys import cells, queries
from app.api_keys import service as api_keys
from app.http import reauthentication
from app.http.context import organization, seat
from app.kernel.clock import utcnow
from app.kernel.errors import obstacle
from app.kernel.i18n import _, lazy, ngettext
from app.models import PortalKey
from app.screens.actions import Page
from app.screens.formatters import display_name
from app.screens.interface import OrganizationInterface
from app.screens.list_filter import Choices, Filter
from app.screens.model_view import ServiceModelView


def _holders() -> Choices:
    return [(str(account.id), display_name(account)) for account in queries.holders(organization())]


def _in_states(query: Select[Any], states: Sequence[str]) -> Select[Any]:
    return queries.in_states(query, states, now=utcnow())


FILTERS = (
    Filter(
        "state",
        lazy("State"),
        lambda: list(cells.STATES.items()),
        _in_states,
        multiple=True,
        always=True,
        everything=lazy("Show those that are over"),
    ),
    Filter("holder", lazy("Holder"), _holders, queries.held_by),
)


class KeyInterface(OrganizationInterface):
    """The keys of the organization in the address with their holders; each cell gets the key and
    its holder's membership.
    """

    whole = (contains_eager(PortalKey.account),)

    def scoped(self) -> Select[Any]:
        return super().scoped().join(PortalKey.account)

    def get_values(self, lst: Iterable[Any], list_columns: Iterable[str]) -> list[dict[str, Any]]:
        rows = list(lst)
        held = queries.memberships(rows)
        return [
            dict.fromkeys(list_columns, cells.Shown(row, held.get(row.account_id))) for row in rows
        ]


class KeyView(ServiceModelView):
    """API keys of the current organization: APIキー (B-91)."""

    datamodel = KeyInterface(PortalKey)
    route_base = "/o/<organization>/keys"
    eager = (contains_eager(PortalKey.account),)
    exclude_route_methods = {"download", "add", "edit"}

    list_title = lazy("API keys")
    empty_title = lazy("No API keys yet")
    delete_title = lazy("Revoke the API key")
    delete_label = lazy("Revoke the API key")
    deleted = lazy("The API key was revoked. Programs that use it are refused from now on.")
    search_label = lazy("Name, beginning or holder")

    list_columns = list(cells.LABELS)
    cell_classes = {
        "holder": "full",
        "scopes": "lo wide",
        "created_at": "lo wide",
        "state": "inline",
    }
    label_columns = cells.LABELS
    formatters_columns = cells.CELLS
    show_columns = ["name"]
    search_columns = ["name"]
    filters = FILTERS
    sorts = queries.SORTS
    base_sort = "expires_at"

    list_template = "api_keys/list.html"
    show_template = "api_keys/show.html"
    delete_template = "api_keys/delete.html"

    class_permission_name = "Key"
    method_permission_name = {
        "list": "read",
        "show": "read",
        "delete": "manage",
        "revoke_selected": "manage",
    }

    def search(self, query: Any, words: str) -> Any:
        return queries.search(query, words)

    def row_class(self, item: PortalKey) -> str:
        return "" if queries.state_of(item, now=utcnow()) == queries.WORKING else "off"

    def row_locks(self, item: PortalKey) -> str:
        return "" if item.revoked_at is None else "delete"

    def item_name(self, item: PortalKey) -> str:
        return item.name

    def can_delete(self, item: PortalKey) -> bool:
        return super().can_delete(item) and item.revoked_at is None and not self.obstacle(item)

    def remove(self, item: PortalKey) -> None:
        reauthentication.ensure_recent(seat(), now=utcnow())
        api_keys.revoke(item, by=seat(), now=utcnow())

    def delete_question(self, item: PortalKey) -> str:
        return _("Revoke the API key %(name)s?", name=item.label)

    @action(
        "revoke_selected",
        lazy("Revoke"),
        lazy("Revoke the selected API keys? Programs that use them are refused at once."),
        "slash-circle",
        single=False,
    )
    def revoke_selected(self, items: list[PortalKey]) -> Page | None:
        reauthentication.ensure_recent(seat(), now=utcnow())
        self.each(
            items,
            lambda one: api_keys.revoke(one, by=seat(), now=utcnow()),
            lambda count: ngettext(
                "%(num)s API key was revoked.", "%(num)s API keys were revoked.", count
            ),
        )
        return None

    # words for the templates

    def told(self, item: PortalKey) -> cells.Shown:
        """A key with what it can do now."""
        return cells.Shown(item, queries.memberships([item]).get(item.account_id))

    def obstacle(self, item: PortalKey) -> str:
        """Why the reader cannot revoke a key, "" where they can."""
        return obstacle(lambda: api_keys.ensure_may_revoke(item, by=seat()))

    def new_service_account_url(self) -> str:
        """Where service accounts are made, if the reader may and the portal has them."""
        there = "ServiceAccountView.add" in current_app.view_functions
        return (
            url_for("ServiceAccountView.add") if there and may(seat(), "manage", "Member") else ""
        )
