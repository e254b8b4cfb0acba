"""The doors behind the letters about an e-mail address: /email/confirm/<token> and
/email/undo/<token>. A GET changes nothing.

Here: the questions and their answers. Not here: what happens (account_access.email_change), asking
for a change (profile.email_views).
"""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, request, url_for
from flask_appbuilder import BaseView, expose
from flask_appbuilder.security.decorators import has_access

from app.account_access import credentials, email_change
from app.accounts import email_undo, email_undo_links
from app.http.context import seat
from app.kernel.clock import utcnow
from app.kernel.errors import Refusal
from app.kernel.i18n import _
from app.passwords import links
from app.screens.actions import Page, refusal_of, settle
from app.sign_in import cookies


class EmailLinkView(BaseView):
    """/email/…: confirming a new address in one's own session, undoing a change without any."""

    route_base = "/email"
    default_view = "confirm"
    class_permission_name = "Profile"
    method_permission_name = {"confirm": "manage"}

    @expose("/confirm/<token>", methods=["GET", "POST"])
    @has_access
    def confirm(self, token: str) -> Page:
        """Take the new address, after a question."""
        try:
            change = email_change.find(token, by=seat().account, now=utcnow())
        except Refusal as refusal:
            return self._link_over(refusal)
        address = change.new_email
        if request.method != "POST":
            return self._page(
                "sign_in/email_confirm.html", title=_("Confirm your e-mail address"), change=change
            )
        refused = refusal_of(lambda: email_change.confirm(token, by=seat(), now=utcnow()))
        if refused is not None:
            return self._link_over(refused)
        flash(_("%(address)s is your e-mail address, and verified.", address=address), "success")
        return redirect(url_for("ProfileView.edit"))

    @expose("/undo/<token>", methods=["GET", "POST"])
    def undo(self, token: str) -> Page:
        """Give the account its old address back, after a question; then a new password is set."""
        try:
            change = email_undo_links.find(token, now=utcnow())
        except Refusal as refusal:
            return self._link_over(refusal)
        if request.method != "POST":
            since = email_undo.suspect_from(change)
            goes, stays = credentials.goes_and_stays(change.account, since=since, now=utcnow())
            return self._page(
                "sign_in/email_undo.html",
                title=_("Undo the change of your e-mail address"),
                change=change,
                goes=goes,
                stays=stays,
            )
        tokens: list[str] = []
        refused = refusal_of(lambda: tokens.append(email_undo.undo(token, now=utcnow())))
        if refused is not None:
            return self._link_over(refused)
        links.forget_letters(change.account)
        cookies.clear_session()
        flash(
            _(
                "Your e-mail address is back, and everybody who was signed in with the account is"
                " signed out. Set a new password now."
            ),
            "success",
        )
        return redirect(url_for("PasswordView.set", token=tokens[0]))

    def _link_over(self, refusal: Refusal) -> Page:
        settle(refusal)
        return (
            self._page(
                "sign_in/email_over.html", title=_("This link does not work"), text=str(refusal)
            ),
            refusal.status,
        )

    def _page(self, template: str, **words: Any) -> str:
        return str(self.render_template(template, **words))
