"""The page of a managed account's identity.

Here: a part of MemberView. Not here: what happens (managed_accounts.service), the form's fields
(managed_accounts.forms).
"""

from __future__ import annotations

from typing import Any

from flask import request
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access

from app.access.locks import look_again
from app.accounts import identity
from app.accounts import service as accounts
from app.http.context import seat
from app.http.reauthentication import ensure_recent
from app.kernel.clock import utcnow
from app.kernel.i18n import _, lazy
from app.managed_accounts import service as managed
from app.managed_accounts.forms import AccountForm
from app.models import Membership
from app.passwords import policy as password_policy
from app.screens import optimistic_lock
from app.screens.actions import ActionsMixin, Page
from app.screens.optimistic_lock import About


class AccountPage(ActionsMixin):
    """The page "Edit the account"."""

    @expose("/account/<pk>", methods=["GET", "POST"])
    @has_access
    def account(self, pk: str) -> Page:
        """A managed account's identity (D-C3, S2-25)."""
        item: Membership = self.load(pk)
        managed.ensure_managed(item, by=seat())
        form = AccountForm()
        if request.method != "POST":
            form.show(item)

        def words(filled: AccountForm) -> dict[str, Any]:
            state, rules = (
                identity.identity_of(item.account),
                password_policy.rules_of(item.account),
            )
            filled.seen = optimistic_lock.stamp_for(filled, state, now=utcnow())
            return {
                "title": _("Edit the account"),
                "item": self.load(pk),
                "account": item.account,
                "rules": rules,
                "live": password_policy.live(rules),
            }

        return self.form_page(
            "managed_accounts/account.html",
            form,
            lambda: self._save_account(item, form),
            words,
            saved=lazy("The account was saved."),
            back=self.show_url(item),
        )

    def _save_account(self, item: Membership, form: AccountForm) -> None:
        look_again(item, by=seat())
        accounts.look_again(item.account)
        optimistic_lock.ensure_same(
            identity.identity_of(item.account),
            About(item.account_id, ("account_", "two_factor_"), item.organization_id),
            now=utcnow(),
        )
        if form.password.data or item.account.signs_in_otherwise(form.identity):
            ensure_recent(seat(), now=utcnow())
        managed.edit_account(
            item,
            password=form.password.data or None,
            by=seat(),
            now=utcnow(),
            two_factor=bool(form.two_factor.data),
            **form.identity,
        )
