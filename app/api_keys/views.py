"""The organization's screen of API keys, for those who manage its members; and the page on which a
key is made, the only one that ever shows its secret.

Here: what is shown and pressed; issuing, shared by the profile and by service accounts. Not here:
what happens (api_keys.service), one's own keys (profile), service accounts (service_accounts).
"""

from __future__ import annotations

from flask import current_app, render_template, request, url_for

from app.access.policy import may
from app.access.seat import Seat, standing_authorities
from app.api_keys import lists, queries
from app.api_keys import service as api_keys
from app.api_keys.cells import ShownKey
from app.api_keys.forms import KeyForm
from app.http import reauthentication
from app.http.context import seat
from app.kernel.clock import utcnow
from app.kernel.i18n import _, lazy, ngettext
from app.models import Membership, PortalKey
from app.outbox.service import portal_url
from app.screens.actions import Page, submit
from app.screens.model_view import ServiceModelView
from app.screens.row_actions import row_action


class KeyView(ServiceModelView):
    """API keys of the current organization: APIキー (B-91)."""

    definition = lists.KEYS
    exclude_route_methods = {"download", "add", "edit"}

    list_title = lazy("API keys")
    empty_title = lazy("No API keys yet")
    delete_title = lazy("Revoke the API key")
    delete_label = lazy("Revoke the API key")
    deleted = lazy("The API key was revoked. Programs that use it are refused from now on.")

    cell_classes = {
        "holder": "full",
        "scopes": "lo wide",
        "created_at": "lo wide",
        "state": "inline",
    }
    show_columns = ["name"]
    search_columns = ["name"]
    list_template = "api_keys/list.html"
    show_template = "api_keys/show.html"
    delete_template = "api_keys/delete.html"

    method_permission_name = {"list": "read", "show": "read", "*": "manage"}

    revoke_selected = row_action(
        "revoke_selected",
        lazy("Revoke"),
        api_keys.revoke,
        lambda count: ngettext(
            "%(num)s API key was revoked.", "%(num)s API keys were revoked.", count
        ),
        icon="slash-circle",
        question=lazy("Revoke the selected API keys? Programs that use them are refused at once."),
        single=False,
        is_proved=True,
    )

    def row_class(self, item: PortalKey) -> str:
        return "" if queries.state_of(item, now=utcnow()) == queries.WORKING else "off"

    def locked(self, item: PortalKey) -> frozenset[str]:
        return frozenset() if item.revoked_at is None else frozenset({"delete"})

    def ensure_may_change(self, item: PortalKey) -> None:
        api_keys.ensure_may_revoke(item, by=seat())

    def remove(self, item: PortalKey) -> None:
        reauthentication.ensure_recent(seat(), now=utcnow())
        api_keys.revoke(item, by=seat(), now=utcnow())

    def delete_question(self, item: PortalKey) -> str:
        return _("Revoke the API key %(name)s?", name=item.label)

    def new_service_account_url(self) -> str:
        """Where service accounts are made, if the reader may and the portal has them."""
        there = "ServiceAccountView.add" in current_app.view_functions
        return (
            url_for("ServiceAccountView.add") if there and may(seat(), "manage", "Member") else ""
        )


def issue_page(holder: Membership, *, by: Seat, back: str, above: list[tuple[str, str]]) -> Page:
    """Ask for a key's name, days and scopes; issue it and show its secret, once. `above` is where
    the page stands.
    """
    reauthentication.ensure_recent(by, now=utcnow())
    form = KeyForm()
    form.scopes.offer(by.authorities & standing_authorities(holder))

    def form_page(filled: KeyForm) -> str:
        return render_template(
            "api_keys/issue.html",
            title=_("Issue an API key"),
            form=filled,
            holder=holder,
            by=by,
            back=back,
            above=above,
        )

    def done(made: tuple[PortalKey, str]) -> str:
        key, secret = made
        return render_template(
            "api_keys/secret.html",
            title=_("Your new API key"),
            key=key,
            shown=ShownKey(key, holder),
            secret=secret,
            holder=holder,
            back=back,
            above=above,
            example=portal_url("/api/v1/me"),
        )

    if request.method != "POST":
        return form_page(form)
    return submit(
        form, lambda: api_keys.issue(holder, **form.asked, by=by, now=utcnow()), form_page, done
    )
