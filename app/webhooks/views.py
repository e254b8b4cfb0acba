"""The screens of webhooks, for those who change the organization's settings and read its log.

Here: what is shown and pressed. Not here: what happens (webhooks.service).
"""

from __future__ import annotations

from typing import Any

from flask import redirect, request, url_for
from flask_appbuilder import action, expose
from flask_appbuilder.security.decorators import has_access
from sqlalchemy import inspect

from app.http import reauthentication
from app.http.context import organization, seat
from app.kernel.clock import utcnow
from app.kernel.i18n import _, lazy
from app.model_views.columns import Column
from app.model_views.view import ModelView
from app.models import Webhook, WebhookMessage
from app.screens.actions import Page, submit
from app.screens.formatters import local_datetime
from app.screens.forms import PortalForm
from app.screens.interface import OrganizationInterface
from app.webhooks import service as webhooks
from app.webhooks.cells import due_of, reason_of, state_of

ASKED = (
    (lazy("Webhook"), {"fields": ["name", "address"]}),
    (lazy("Events to send"), {"fields": [*webhooks.KINDS]}),
    (lazy("What is sent"), {"fields": ["includes_names"]}),
)


class WebhookMessageView(ModelView):
    """What was sent to a webhook in the last 30 days: 送信履歴."""

    datamodel = OrganizationInterface(WebhookMessage)
    word = "messages"
    route_base = "/o/<organization>/webhooks/messages"
    class_permission_name = "Webhook"
    list_title = lazy("Messages of webhooks")
    item_title = lazy("Message")
    columns = (
        Column("reason", lazy("Answer"), value=reason_of),
        Column("created_at", lazy("When"), cell=local_datetime, order=WebhookMessage.created_at),
        Column("tried_at", lazy("Last try"), cell=local_datetime),
        Column("due_at", lazy("Next try"), value=due_of, cell=local_datetime),
    )
    list_columns = ["event", "created_at", "state", "reason", "attempts", "milliseconds"]
    show_columns = [
        "event", "webhook", "message_id", "created_at", "state", "reason", "attempts",
        "tried_at", "due_at", "milliseconds", "answer", "body",
    ]  # fmt: skip
    search_columns = ["event", "state", "created_at"]
    order_columns = ["created_at"]
    base_order = ("created_at", "desc")
    base_permissions: Any = ["can_list", "can_show", "can_send_again"]
    method_permission_name = {"list": "read", "show": "read", "*": "manage"}
    rest = False
    label_columns = {
        "event": lazy("Event"),
        "message_id": lazy("Message ID"),
        "attempts": lazy("Tries"),
        "milliseconds": lazy("Milliseconds"),
        "body": lazy("Message body"),
        "answer": lazy("Beginning of the answer"),
    }

    @action("send_again", lazy("Send again"), "", "arrow-repeat", multiple=False)
    def send_again(self, message: WebhookMessage) -> None:
        """Send a message once more."""
        self.carry_out(
            lambda: webhooks.send_again(message, now=utcnow()),
            otherwise=lazy("The message will be sent again."),
        )


class WebhookView(ModelView):
    """Webhooks of the organization: Webhook."""

    datamodel = OrganizationInterface(Webhook)
    class_permission_name = "Webhook"
    list_title = lazy("Webhooks")
    item_title = lazy("Webhook")
    columns = (
        Column("address", lazy("Address"), cell=str),
        Column("state", lazy("State"), value=state_of),
    )
    base_permissions: Any = ["can_read", "can_manage"]
    exclude_route_methods = {"download", "pick", "remove_selected"}  # type: ignore[misc]
    list_columns = ["name", "address", "state", "created_at"]
    show_columns = [*list_columns, *webhooks.KINDS, "includes_names"]
    search_columns = ["name", "address"]
    order_columns = ["name", "created_at"]
    base_order = ("name", "asc")
    add_fieldsets = [*ASKED]
    edit_fieldsets = [*ASKED, (lazy("State"), {"fields": ["is_active"]})]
    related_views = [WebhookMessageView]
    method_permission_name = {"list": "read", "show": "read", "*": "manage"}
    rest = False
    label_columns = {
        "members": lazy("Members"),
        "invites": lazy("Invitations"),
        "roles": lazy("Roles"),
        "accounts": lazy("Accounts"),
        "keys": lazy("API keys"),
        "signing_in": lazy("Signing in"),
        "organization_settings": lazy("Organization"),
        "added_screens": lazy("Lists that were added to the portal"),
        "includes_names": lazy("Names and addresses"),
        "is_active": lazy("Send messages"),
        "created_at": lazy("Since"),
    }
    description_columns = {
        "address": lazy("Messages are sent here by POST, such as https://example.com/meibo."),
        "includes_names": lazy(
            "Otherwise people are told by number, and of what may hold names only that it changed."
        ),
        "is_active": lazy("What happens while this is off is not sent later."),
    }

    def pre_add(self, item: Webhook) -> None:
        """Check the address, and make the secret that `after_add` shows."""
        reauthentication.ensure_recent(seat(), now=utcnow())
        item.shown_secret = webhooks.begin(item, organization(), now=utcnow())

    def pre_update(self, item: Webhook) -> None:
        """Check what was changed; whoever sends elsewhere proves anew who they are."""
        reauthentication.ensure_recent(seat(), now=utcnow())
        webhooks.ensure_usable(item)
        if item.is_active and inspect(item).attrs.is_active.history.deleted:
            webhooks.go_on(item, organization())

    def remove(self, item: Webhook) -> None:
        """Delete a webhook and what was sent to it; it does not come back: its secret is gone."""
        reauthentication.ensure_recent(seat(), now=utcnow())
        super().remove(item)

    def after_add(self, item: Webhook) -> Any:
        """Show the secret, this once."""
        return self._secret_page(item, item.shown_secret)

    @expose("/secret/<pk>", methods=["GET", "POST"])
    @has_access
    def secret(self, pk: str) -> Page:
        """Give a webhook a new secret and show it, this once."""
        item = self.load(pk)
        reauthentication.ensure_recent(seat(), now=utcnow())

        def ask(form: PortalForm) -> str:
            return self.page(
                "webhooks/renew.html", form=form, title=_("New secret"), item=item, pk=item.id
            )

        if request.method != "POST":
            return ask(PortalForm())
        return submit(
            PortalForm(),
            lambda: webhooks.renew_secret(item, by=seat(), now=utcnow()),
            ask,
            lambda made: self._secret_page(item, made),
        )

    @action("renew_secret", lazy("New secret"), "", "key", multiple=False)
    def renew_secret(self, webhook: Webhook) -> Page:
        """Go to the page that asks before a new secret is made."""
        return redirect(url_for(".secret", pk=webhook.id))

    @action("test", lazy("Send a test message"), "", "send", multiple=False)
    def test(self, webhook: Webhook) -> None:
        """Send a message that tells of nothing but the test."""
        self.carry_out(lambda: webhooks.send_test(webhook, by=seat(), now=utcnow()))

    def _secret_page(self, item: Webhook, secret: str) -> str:
        return self.page(
            "webhooks/secret.html", title=_("Secret of the webhook"), item=item, secret=secret
        )
