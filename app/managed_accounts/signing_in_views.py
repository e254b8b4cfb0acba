"""The pages of how somebody signs in: second factors, sessions, trusted devices; for the platform
administrator, and for those who manage a member.

Here: what is shown and pressed. Not here: what happens (account_access.signing_in,
managed_accounts.signing_in).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, request, url_for
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access
from werkzeug.wrappers import Response

from app.account_access import signing_in as accounts
from app.account_access.signing_in import SigningIn
from app.http.context import seat
from app.http.reauthentication import ensure_recent
from app.kernel.clock import utcnow
from app.kernel.errors import obstacle
from app.kernel.i18n import _
from app.managed_accounts import signing_in as members
from app.memberships.interface import MemberInterface
from app.models import Account, Membership
from app.screens.actions import Page, attempt
from app.screens.formatters import display_name
from app.screens.interface import PlatformInterface
from app.screens.page_view import PageView
from app.two_factor.methods import strong_methods
from app.two_factor.resetting import NothingToReset


class SigningInPages(PageView):
    """A page about one person, and four buttons on it."""

    rows: PlatformInterface
    verbs: Any
    """The module whose verbs are pressed."""

    @expose("/<pk>")
    @has_access
    def show(self, pk: str) -> Page:
        item = self.rows.one(pk)
        return self.page(
            "account_access/signing_in.html",
            title=_("Signing in"),
            item=item,
            endpoint=self.endpoint,
            **self.words(item),
        )

    @expose("/<pk>/reset", methods=["POST"])
    @has_access
    def reset(self, pk: str) -> Page:
        """Remove what somebody has lost (B-51)."""
        item = self.rows.one(pk)
        ensure_recent(seat(), now=utcnow())
        return self._done(
            pk,
            lambda: self.verbs.reset(item, by=seat(), now=utcnow()),
            _("The second factors were removed. The person was told by mail."),
        )

    @expose("/<pk>/end", methods=["POST"])
    @has_access
    def end(self, pk: str) -> Page:
        """End one session (B-68)."""
        item, asked = self.rows.one(pk), request.form.get("session", "")
        return self._done(
            pk,
            lambda: self.verbs.end_session(item, asked, by=seat(), now=utcnow()),
            _("The session has ended."),
        )

    @expose("/<pk>/end-all", methods=["POST"])
    @has_access
    def end_all(self, pk: str) -> Page:
        """End all of them."""
        item = self.rows.one(pk)
        return self._done(
            pk,
            lambda: self.verbs.end_all(item, by=seat(), now=utcnow()),
            _("All sessions have ended."),
        )

    @expose("/<pk>/distrust", methods=["POST"])
    @has_access
    def distrust(self, pk: str) -> Page:
        """Ask for the second step in every browser again."""
        item = self.rows.one(pk)
        return self._done(
            pk,
            lambda: self.verbs.distrust(item, by=seat(), now=utcnow()),
            _("No device is trusted any more."),
        )

    def words(self, item: Any) -> dict[str, Any]:
        """What the page tells: name, crumbs, signing (SigningIn), why_reset, why_end, and
        whether sessions end altogether (ends_whole)."""
        raise NotImplementedError

    def _done(self, pk: str, verb: Callable[[], Any], sentence: str) -> Response:
        if attempt(verb) is None:
            flash(sentence, "success")
        return redirect(url_for(f"{self.endpoint}.show", pk=pk))


class AccountSigningInView(SigningInPages):
    """How an account signs in: サインインの状況."""

    route_base = "/accounts/signing-in"
    class_permission_name = "Account"
    method_permission_name = {"*": "manage"}
    rows = PlatformInterface(Account)
    verbs = accounts

    def words(self, item: Account) -> dict[str, Any]:
        is_own = item.id == seat().account.id
        why = str(accounts.OwnSignIn()) if is_own else ""
        shown: SigningIn = accounts.shown(item, now=utcnow())
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


class MemberSigningInView(SigningInPages):
    """How a member signs in: サインインの状況."""

    route_base = "/o/<organization>/members/signing-in"
    class_permission_name = "Member"
    method_permission_name = {"*": "manage"}
    rows = MemberInterface(Membership)
    verbs = members

    def words(self, item: Membership) -> dict[str, Any]:
        members.ensure_below(item, by=seat())
        name = display_name(item.account)
        return {
            "name": name,
            "account": item.account,
            "signing": members.details_of(item, by=seat(), now=utcnow()),
            "why_end": "",
            "ends_whole": members.ends_whole(item, by=seat()),
            "why_reset": obstacle(lambda: members.ensure_resettable(item, by=seat())),
            "crumbs_above": [
                (_("Members"), url_for("MemberView.list")),
                (name, url_for("MemberView.show", pk=item.id)),
            ],
        }
