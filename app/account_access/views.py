"""The page of how an account signs in, for the platform administrator: second factors, sessions,
trusted devices.

Here: what it tells. Not here: its buttons (account_access.signing_in_pages), what happens
(account_access.signing_in).
"""

from __future__ import annotations

from typing import Any

from flask import url_for

from app.account_access import signing_in
from app.account_access.signing_in import SigningIn
from app.account_access.signing_in_pages import SigningInPages
from app.http.context import seat
from app.kernel.clock import utcnow
from app.kernel.i18n import _
from app.models import Account
from app.screens.formatters import display_name
from app.screens.interface import PlatformInterface
from app.two_factor.methods import strong_methods
from app.two_factor.resetting import NothingToReset


class AccountSigningInView(SigningInPages):
    """How an account signs in: サインインの状況."""

    route_base = "/accounts/signing-in"
    class_permission_name = "Account"
    method_permission_name = {"*": "manage"}
    rows = PlatformInterface(Account)
    verbs = signing_in

    def words(self, item: Account) -> dict[str, Any]:
        is_own = item.id == seat().account.id
        why = str(signing_in.OwnSignIn()) if is_own else ""
        shown: SigningIn = signing_in.shown(item, now=utcnow())
        return {
            "name": display_name(item),
            "account": item,
            "signing": shown,
            "why_end": why,
            "ends_whole": True,
            "why_reset": why or ("" if strong_methods(item) else str(NothingToReset())),
            "crumbs_above": [
                (_("Accounts"), url_for("AccountView.list")),
                (display_name(item), url_for("AccountView.show", pk=item.id)),
            ],
        }
