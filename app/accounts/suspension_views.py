"""Suspending and reinstating accounts, one or many, with the page that asks for the reason;
unlocking one that wrong passwords shut.

Here: a part of AccountView. Not here: what happens (accounts.suspension, accounts.locking).
"""

from __future__ import annotations

from typing import Any

from flask import redirect, request
from flask_appbuilder import expose
from flask_appbuilder.actions import action
from flask_appbuilder.security.decorators import has_access

from app.accounts import kinds, locking, suspension
from app.accounts.forms import AccountSuspensionForm
from app.http.context import seat
from app.http.paths import asked_next
from app.http.reauthentication import ensure_recent
from app.kernel.clock import utcnow
from app.kernel.i18n import _, lazy
from app.kernel.signals import account_suspended
from app.models import Account
from app.screens.actions import ActionsMixin, Page
from app.screens.batch_verbs import Asked, begin


class SuspensionActions(ActionsMixin):
    """Suspending, reinstating, unlocking."""

    @expose("/suspension/<pk>", methods=["GET", "POST"])
    @has_access
    def suspension(self, pk: str) -> Page:
        """Ask for the reason, then suspend (S2-27)."""
        item: Account = self.load(pk)
        form = AccountSuspensionForm()
        if request.method == "POST":
            ensure_recent(seat(), now=utcnow())

        def words(_form: AccountSuspensionForm) -> dict[str, Any]:
            account = self.load(pk)
            goes = account_suspended.consequences([account], now=utcnow())
            return {"title": _("Suspend"), "item": account, "consequences": goes}

        return self.form_page(
            "accounts/suspension.html",
            form,
            lambda: suspension.suspend(
                item, reason=form.reason.data or "", by=seat(), now=utcnow()
            ),
            words,
            saved=lazy("The account was suspended."),
            back=self.show_url(item),
        )

    @action("unlock", lazy("Unlock"), "", "unlock", multiple=False)
    def unlock(self, item: Account) -> Page:
        """Let somebody whom wrong passwords shut out try again."""
        self.carry_out(lambda: locking.unlock(item, by=seat(), now=utcnow()))
        return redirect(asked_next(self.show_url(item)))

    @action("suspend", lazy("Suspend…"), "", "pause-circle", single=False)
    def suspend(self, asked: Asked) -> Page:
        return begin(kinds.SUSPEND, asked)

    @action("reinstate", lazy("Reinstate"), "", "arrow-counterclockwise")
    def reinstate(self, items: Asked | Account) -> Page:
        """Let one or many sign in again (S2-28)."""
        return self.act(
            items,
            kinds.REINSTATE,
            lambda account: suspension.reinstate(account, by=seat(), now=utcnow()),
        )
