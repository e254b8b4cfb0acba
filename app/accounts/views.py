"""The accounts' screens, for the platform administrator: list, show, register, edit, suspend,
delete.

Here: what is shown and pressed. Not here: what happens (accounts.service, accounts.registering,
accounts.suspension, accounts.locking), one's own account (profile).
"""

from __future__ import annotations

from typing import Any

from app.account_access import signing_in
from app.accounts import (
    identity,
    kinds,
    lists,
    locking,
    queries,
    registering,
    suspension,
)
from app.accounts import service as accounts
from app.accounts.forms import AccountSuspensionForm, EditAccountForm, RegisterAccountForm
from app.activity_log.rendering import render_all
from app.http.context import seat
from app.http.reauthentication import ensure_recent
from app.kernel.clock import utcnow
from app.kernel.i18n import _, current_language, lazy
from app.kernel.signals import account_deleted, account_suspended
from app.models import Account
from app.screens.formatters import display_name
from app.screens.model_view import ServiceModelView
from app.screens.row_actions import asking_page, for_many, on_page
from app.screens.services import does, says
from app.sessions import queries as sessions

TIMELINE = 10


class AccountView(ServiceModelView):
    """Every account of the portal: アカウント (D-C3, D-3, S2-04…S2-12, S2-25…S2-32)."""

    definition = lists.ACCOUNTS

    list_title = lazy("Accounts")
    add_title = lazy("Register an account")
    edit_title = lazy("Edit the account")
    delete_title = delete_label = lazy("Delete the account")
    delete_asks = lazy("Delete the account of %(name)s?")
    add_label = lazy("Register")
    added = lazy("The account was registered. The letter for the first sign-in is on its way.")
    added_opens = True
    saved = lazy("The account was saved.")
    deleted = lazy("The account was deleted.")

    add_form = RegisterAccountForm
    edit_form = EditAccountForm
    page_folder = "accounts"

    method_permission_name = {"*": "manage"}

    def row_class(self, item: Account) -> str:
        return "off" if item.is_suspended else ""

    item_name = says(display_name)
    watched = says(identity.identity_of)
    look_again = says(accounts.look_again)
    event_prefix = ("account_", "two_factor_")
    ends_with = account_deleted
    remove = does(suspension.delete, needs_proof=True)

    send_password_link = on_page(
        "send_password_link",
        lazy("Send a link to set a password"),
        registering.send_password_link,
        icon="key",
        said=lambda account: _(
            "A link to set a password is on its way to %(address)s.", address=account.email
        ),
    )
    unlock = on_page("unlock", lazy("Unlock"), locking.unlock, icon="unlock")
    suspend = for_many("suspend", lazy("Suspend…"), kinds.SUSPEND, icon="pause-circle")
    reinstate = on_page(
        "reinstate",
        lazy("Reinstate"),
        suspension.reinstate,
        kinds.REINSTATE,
        icon="arrow-counterclockwise",
    )
    suspension = asking_page(
        "suspension",
        lazy("Suspend"),
        does(suspension.suspend),
        template="accounts/suspension.html",
        form=AccountSuspensionForm,
        saved=lazy("The account was suspended."),
        loses=account_suspended,
        needs_proof=True,
    )

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
