"""The organization's screen of API keys, for those who manage its members.

Here: what is shown and pressed. Not here: what happens (api_keys.service), one's own keys
(profile), service accounts (service_accounts).
"""

from __future__ import annotations

from app.api_keys import kinds, lists, queries
from app.api_keys import service as api_keys
from app.kernel.clock import utcnow
from app.kernel.i18n import _, lazy
from app.models import PortalKey
from app.screens.model_view import ServiceModelView
from app.screens.row_actions import row_action
from app.screens.services import asks, does, leads_to, says


class KeyView(ServiceModelView):
    """API keys of the current organization: APIキー (B-91)."""

    definition = lists.KEYS
    exclude_route_methods = {"download", "add", "edit"}

    list_title = lazy("API keys")
    empty_title = lazy("No API keys yet")
    delete_title = delete_label = lazy("Revoke the API key")
    deleted = lazy("The API key was revoked. Programs that use it are refused from now on.")

    cell_classes = {
        "holder": "full",
        "scopes": "lo wide",
        "created_at": "lo wide",
        "state": "inline",
    }
    page_folder = "api_keys"

    method_permission_name = {"list": "read", "show": "read", "*": "manage"}

    revoke_selected = row_action(
        "revoke_selected",
        lazy("Revoke"),
        api_keys.revoke,
        kinds.REVOKE,
        icon="slash-circle",
        single=False,
    )

    def row_class(self, item: PortalKey) -> str:
        return "" if queries.state_of(item, now=utcnow()) == queries.WORKING else "off"

    def locked(self, item: PortalKey) -> frozenset[str]:
        return frozenset() if item.revoked_at is None else frozenset({"delete"})

    delete_question = says(lambda key: _("Revoke the API key %(name)s?", name=key.label))
    ensure_may_change = asks(api_keys.ensure_may_revoke)
    remove = does(api_keys.revoke, needs_proof=True)

    new_service_account_url = leads_to("ServiceAccountView.add", "manage", "Member")
