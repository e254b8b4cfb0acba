"""The doors of passwords: forgotten, set by a link, changed.

Here: forms and redirects. Not here: what happens (passwords.service).
"""
from __future__ import annotations

from typing import Any

from flask import flash, redirect, request, url_for
from flask_appbuilder import BaseView, expose
from flask_appbuilder.security.decorators import has_access
from limits import RateLimitItemPerHour
from werkzeug.wrappers import Response

from app.access.seat import Seat, current_seat
from app.extensions import db
from app.kernel.clock import utcnow
from app.kernel.errors import Forbidden, Refusal
from app.kernel.i18n import _
from app.models import Account
from app.passwords import policy
from app.passwords import service as passwords
from app.security import cookie, service
from app.security.forms import ChangePasswordForm, ForgottenForm, NewPasswordForm
from app.security.views import complete
from app.web.actions import Page, settle

LINKS_PER_ADDRESS = RateLimitItemPerHour(20)


class PasswordView(BaseView):
    """/password/…: forgotten, set by a link, changed by its owner."""

    route_base = "/password"
    default_view = "change"
    class_permission_name = "Profile"
    method_permission_name = {"change": "manage"}

    @expose("/forgot/", methods=["GET", "POST"])
    def forgot(self) -> Page:
        form = ForgottenForm()
        if request.method == "GET":
            return self._page("passwords/forgot.html", form, _("Forgot your password?"))
        if not form.validate():
            return self._page("passwords/forgot.html", form, _("Forgot your password?")), 422
        if service.is_within(LINKS_PER_ADDRESS, f"link:{cookie.client_address()}"):
            passwords.send_forgotten_link(form.login_id.data, now=utcnow())
            db.session.commit()
        flash(_("If that belongs to an account, a link is on its way to its e-mail address. It works once, for 60 minutes."), "success")
        return redirect(url_for("SignInView.login"))

    @expose("/set/<token>", methods=["GET", "POST"])
    def set(self, token: str) -> Page:
        form = NewPasswordForm()
        link = passwords.find_link(token, now=utcnow())
        if request.method == "GET":
            return self._page("passwords/set.html", form, _("Set a password"), account=link.account)
        if not form.validate():
            return self._page("passwords/set.html", form, _("Set a password"), account=link.account), 422
        try:
            account = passwords.use_link(token, form.password.data, now=utcnow())
        except policy.WeakPassword as refusal:
            settle(refusal)
            form.refuse(refusal.field, str(refusal))
            return self._page("passwords/set.html", form, _("Set a password"), account=link.account), refusal.status
        return self._enter(account)

    @expose("/change/", methods=["GET", "POST"])
    @has_access
    def change(self) -> Page:
        form, seat = ChangePasswordForm(), _seat()
        if request.method == "POST" and form.validate():
            try:
                passwords.change_password(
                    seat.account, form.current_password.data, form.password.data, keep=seat.session, now=utcnow()
                )
                db.session.commit()
            except Refusal as refusal:
                settle(refusal)
                form.refuse(refusal.field, str(refusal))
                return self._page("passwords/change.html", form, _("Change the password"), account=seat.account), refusal.status
            flash(_("The password was changed. Your other sessions have ended."), "success")
            return redirect("/profile/")
        page = self._page("passwords/change.html", form, _("Change the password"), account=seat.account)
        return page if request.method == "GET" else (page, 422)

    def _enter(self, account: Account) -> Response:
        try:
            service.ensure_may_enter(account, now=utcnow())
            return complete(account, next_path="")
        except Refusal as refusal:
            db.session.commit()
            flash(str(refusal), "danger")
            return redirect(url_for("SignInView.login"))

    def _page(self, template: str, form: Any, title: str, account: Account | None = None) -> str:
        rules = policy.rules_of(account) if account else ()
        return str(self.render_template(template, form=form, title=title, account=account, rules=rules, live=policy.live(rules)))


def _seat() -> Seat:
    seat = current_seat()
    if seat is None:
        raise Forbidden()
    return seat
