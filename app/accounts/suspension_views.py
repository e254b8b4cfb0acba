"""Suspending and reinstating accounts, one or many, with the page that asks for the reason;
unlocking one that wrong passwords shut.

Here: a part of AccountView. Not here: what happens (accounts.suspension, accounts.locking).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from flask import redirect, request
from flask_appbuilder import expose
from flask_appbuilder.actions import action
from flask_appbuilder.security.decorators import has_access

from app.accounts import locking, suspension
from app.accounts.forms import AccountSuspensionForm
from app.http.context import seat
from app.http.paths import asked_next
from app.http.reauthentication import ensure_recent
from app.kernel.clock import utcnow
from app.kernel.i18n import _, lazy, ngettext
from app.kernel.signals import account_suspended
from app.models import Account
from app.screens.actions import UNPROCESSABLE, ActionsMixin, Page


class SuspensionActions(ActionsMixin):
    """Suspending and unlocking, and what cannot be done to an account."""

    page: Callable[..., str]
    show_url: Callable[[Account], str]
    _write: Callable[..., Page]

    @expose("/suspension/<pk>", methods=["GET", "POST"])
    @has_access
    def suspension(self, pk: str) -> Page:
        """Ask for the reason, then suspend (S2-27)."""
        item: Account = self.load(pk)
        form, back = AccountSuspensionForm(), self.show_url(item)

        def again(filled: AccountSuspensionForm) -> str:
            kept = self.load(pk)
            return self.page(
                "accounts/suspension.html",
                title=_("Suspend"),
                form=filled,
                item=kept,
                consequences=account_suspended.consequences([kept], now=utcnow()),
            )

        if request.method != "POST":
            return again(form)
        ensure_recent(seat(), now=utcnow())
        return self._write(
            form,
            lambda: suspension.suspend(
                item, reason=form.reason.data or "", by=seat(), now=utcnow()
            ),
            lazy("The account was suspended."),
            again,
            lambda _item: redirect(back),
        )

    @action("unlock", lazy("Unlock"), "", "unlock", multiple=False)
    def unlock(self, item: Account) -> Page:
        """Let somebody whom wrong passwords shut out try again."""
        self.carry_out(lambda: locking.unlock(item, by=seat(), now=utcnow()))
        return redirect(asked_next(self.show_url(item)))

    def locked_until(self, item: Account) -> datetime | None:
        """Until when an account is shut, None where it is not."""
        return item.locked_until if locking.is_locked(item.locked_until, now=utcnow()) else None

    @action("suspend", lazy("Suspend…"), "", "pause-circle", single=False)
    def suspend(self, items: list[Account]) -> Page | None:
        """Suspend many, after a page that names them and says who cannot be."""
        form = AccountSuspensionForm()
        if "sure" not in request.form:
            return self._ask(form, items)
        if not form.validate():
            return self._ask(form, items), UNPROCESSABLE
        ensure_recent(seat(), now=utcnow())
        self.each(
            items,
            lambda account: suspension.suspend(
                account, reason=form.reason.data or "", by=seat(), now=utcnow()
            ),
            lambda count: ngettext(
                "%(num)s account was suspended.", "%(num)s accounts were suspended.", count
            ),
        )
        return None

    @action("reinstate", lazy("Reinstate"), "", "arrow-counterclockwise")
    def reinstate(self, items: list[Account] | Account) -> Page | None:
        """Let one or many sign in again (S2-28)."""
        if isinstance(items, Account):
            self.carry_out(lambda: suspension.reinstate(items, by=seat(), now=utcnow()))
            return redirect(self.show_url(items))
        self.each(
            items,
            lambda account: suspension.reinstate(account, by=seat(), now=utcnow()),
            lambda count: ngettext(
                "%(num)s account was reinstated.", "%(num)s accounts were reinstated.", count
            ),
        )
        return None

    def obstacles(self, item: Account) -> dict[str, str]:
        """What cannot be done to an account, and why."""
        return suspension.obstacles(item, by=seat())

    def _ask(self, form: AccountSuspensionForm, items: list[Account]) -> str:
        rows = [(item, suspension.obstacles(item, by=seat()).get("suspend", "")) for item in items]
        possible = sum(not why for _item, why in rows)
        return self.page(
            "accounts/ask.html", title=_("Are you sure?"), form=form, rows=rows, possible=possible
        )
