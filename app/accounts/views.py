"""The accounts' screens, for the platform administrator: list, show, register, edit, delete.

Here: what is shown and pressed. Not here: suspending, unlocking (accounts.suspension_views), what
happens (accounts.service, accounts.registering, accounts.suspension),
one's own account (profile).
"""

from __future__ import annotations

from typing import Any

from flask import flash, redirect
from flask_appbuilder.actions import action

from app.account_access import signing_in
from app.accounts import (
    identity,
    lists,
    locking,
    queries,
    registering,
    suspension,
)
from app.accounts import service as accounts
from app.accounts.forms import EditAccountForm, RegisterAccountForm
from app.accounts.suspension_views import SuspensionActions
from app.activity_log.rendering import render_all
from app.http.context import seat
from app.http.reauthentication import ensure_recent
from app.kernel.clock import utcnow
from app.kernel.i18n import _, current_language, lazy
from app.kernel.signals import account_deleted
from app.models import Account
from app.screens.actions import Page
from app.screens.formatters import display_name
from app.screens.model_view import ServiceModelView
from app.screens.optimistic_lock import About, State
from app.sessions import queries as sessions

TIMELINE = 10


class AccountView(SuspensionActions, ServiceModelView):
    """Every account of the portal: アカウント (D-C3, D-3, S2-04…S2-12, S2-25…S2-32)."""

    definition = lists.ACCOUNTS

    list_title = lazy("Accounts")
    add_title = lazy("Register an account")
    edit_title = lazy("Edit the account")
    delete_title = lazy("Delete the account")
    delete_label = lazy("Delete the account")
    delete_asks = lazy("Delete the account of %(name)s?")
    add_label = lazy("Register")
    added = lazy("The account was registered. The letter for the first sign-in is on its way.")
    added_opens = True
    saved = lazy("The account was saved.")
    deleted = lazy("The account was deleted.")

    show_columns = ["language"]
    search_columns = ["language"]

    add_form = RegisterAccountForm
    edit_form = EditAccountForm
    list_template = "accounts/list.html"
    show_template = "accounts/show.html"
    add_template = "accounts/add.html"
    edit_template = "accounts/edit.html"
    delete_template = "accounts/delete.html"

    method_permission_name = {"*": "manage"}

    def row_class(self, item: Account) -> str:
        return "off" if item.is_suspended else ""

    def item_name(self, item: Account) -> str:
        return display_name(item)

    # registering, editing, deleting

    def fill(self, form: Any, item: Account | None = None) -> None:
        if item is None:
            form.language.data, form.time_zone.data = current_language(), seat().account.time_zone

    def create(self, form: RegisterAccountForm) -> Account:
        return registering.register(by=seat(), now=utcnow(), **form.identity)

    def update(self, item: Account, form: EditAccountForm) -> None:
        if item.signs_in_otherwise(form.edited):
            ensure_recent(seat(), now=utcnow())
        accounts.edit_identity(item, by=seat(), now=utcnow(), **form.edited)

    def watched(self, item: Account) -> State:
        return identity.identity_of(item)

    def look_again(self, item: Account) -> None:
        accounts.look_again(item)

    def about(self, item: Account) -> About:
        return About(item.id, ("account_", "two_factor_"))

    def remove(self, item: Account) -> None:
        ensure_recent(seat(), now=utcnow())
        suspension.delete(item, by=seat(), now=utcnow())

    def consequences(self, item: Account) -> list[tuple[str, str]]:
        return account_deleted.consequences([item], now=utcnow())

    # links

    @action("send_password_link", lazy("Send a link to set a password"), "", "key", multiple=False)
    def send_password_link(self, item: Account) -> Page:
        """Send one person a link to set a password."""
        if (
            self.attempt(lambda: registering.send_password_link(item, by=seat(), now=utcnow()))
            is None
        ):
            flash(
                _("A link to set a password is on its way to %(address)s.", address=item.email),
                "success",
            )
        return redirect(self.show_url(item))

    # words for the templates

    def show_words(self, item: Account) -> dict[str, Any]:
        now = utcnow()
        return {
            "obstacles": suspension.obstacles(item, by=seat()),
            "locked_until": locking.shut_until(item, now=now),
            "factors": signing_in.strong_names(item),
            "memberships": queries.memberships_of(item),
            "former": queries.former_memberships_of(item),
            "open_sessions": sessions.count_open(item, now=now),
            "timeline": render_all(queries.timeline(item, limit=TIMELINE)),
        }

    def every_state(self) -> list[str]:
        """What the filter says when nobody is hidden."""
        return list(lists.STATES)
