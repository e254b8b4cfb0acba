"""The doors of passwords: forgotten, set by a link, changed.

Here: forms and redirects. Not here: what happens (passwords.service).
"""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, request, url_for
from flask_appbuilder import BaseView, expose
from flask_appbuilder.security.decorators import has_access
from werkzeug.wrappers import Response

from app.http.context import seat as seat_here
from app.kernel.clock import utcnow
from app.kernel.errors import Refusal
from app.kernel.i18n import _
from app.models import Account
from app.passwords import links, policy
from app.passwords import service as passwords
from app.screens.actions import Page, settle, submit
from app.sign_in import cookies, flow, service
from app.sign_in.forms import ChangePasswordForm, ForgottenForm, NewPasswordForm


class PasswordView(BaseView):
    """/password/…: forgotten, set by a link, changed by its owner."""

    route_base = "/password"
    default_view = "change"
    class_permission_name = "Profile"
    method_permission_name = {"change": "manage"}

    @expose("/forgot/", methods=["GET", "POST"])
    def forgot(self) -> Page:
        form = ForgottenForm()
        if request.method != "POST":
            return self._forgot_page(form)
        return submit(
            form,
            lambda: links.send_forgotten_link(
                form.login_id.data, ip=cookies.client_address(), now=utcnow()
            ),
            self._forgot_page,
            _sent,
        )

    @expose("/set/<token>", methods=["GET", "POST"])
    def set(self, token: str) -> Page:
        form = NewPasswordForm()
        try:
            if request.method != "POST":
                return self._set_page(form, token)
            return submit(
                form,
                lambda: links.use_link(token, form.password.data, now=utcnow()),
                lambda filled: self._set_page(filled, token),
                self._enter,
            )
        except links.LinkOver as refusal:
            settle(refusal)
            return (
                str(
                    self.render_template(
                        "passwords/link_over.html",
                        title=_("This link no longer works"),
                        text=str(refusal),
                    )
                ),
                refusal.status,
            )

    @expose("/change/", methods=["GET", "POST"])
    @has_access
    def change(self) -> Page:
        form = ChangePasswordForm()
        if request.method != "POST":
            return self._change_page(form)
        return self._change(form)

    def _enter(self, account: Account) -> Page:
        try:
            service.ensure_may_enter(account, ip=cookies.client_address(), now=utcnow())
            return flow.continue_from_password(account, next_path="")
        except Refusal as refusal:
            settle(refusal)
            flash(_("The password was set."), "success")
            flash(str(refusal), "danger")
            return redirect(url_for("SignInView.login"))

    def _change(self, form: Any) -> Page:
        seat = seat_here()
        was_forced = seat.account.must_change_password
        current, new = form.current_password.data, form.password.data

        def change() -> None:
            passwords.change_password(seat.account, current, new, keep=seat.session, now=utcnow())
            flow.renew_session(seat, now=utcnow())

        def done(_changed: None) -> Response:
            flash(_("The password was changed. Your other sessions have ended."), "success")
            return redirect("/" if was_forced else "/profile/")

        return submit(form, change, self._change_page, done)

    def _forgot_page(self, form: Any) -> str:
        return str(
            self.render_template(
                "passwords/forgot.html", form=form, title=_("Forgot your password?")
            )
        )

    def _set_page(self, form: Any, token: str) -> str:
        """Raises LinkOver, also where somebody else was faster."""
        return self._page(
            "passwords/set.html",
            form,
            links.find_link(token, now=utcnow()).account,
            title=_("Set a password"),
        )

    def _change_page(self, form: Any) -> str:
        return self._page(
            "passwords/change.html", form, seat_here().account, title=_("Change the password")
        )

    def _page(self, template: str, form: Any, account: Account, *, title: str) -> str:
        rules = policy.rules_of(account)
        return str(
            self.render_template(
                template,
                form=form,
                title=title,
                account=account,
                rules=rules,
                live=policy.live(rules),
            )
        )


def _sent(_link: None) -> Response:
    flash(
        _(
            "If that belongs to an account, a link is on its way to its e-mail address. It works"
            " once, for 60 minutes."
        ),
        "success",
    )
    return redirect(url_for("SignInView.login"))
