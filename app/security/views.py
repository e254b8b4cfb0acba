"""The doors of signing in: /login/, /login/code/, /logout/.

Here: forms, cookies, redirects. Not here: checking (security.service, two_factor.service).
"""
from __future__ import annotations

from typing import Any

from flask import current_app, flash, redirect, request, url_for
from flask_appbuilder import expose
from flask_appbuilder.security.views import AuthDBView
from flask_login import current_user
from werkzeug.wrappers import Response

from app.extensions import db
from app.kernel.clock import utcnow
from app.kernel.errors import Refusal
from app.kernel.i18n import _
from app.models import Account, LoginCode
from app.security import cookie, known, service
from app.security.forms import CodeForm, SignInForm
from app.two_factor import queries as codes
from app.two_factor import service as two_factor
from app.web.actions import Page, settle
from app.web.crud import UNPROCESSABLE
from app.web.paths import asked_next, safe_next


class SignInView(AuthDBView):
    """Sign-in with a password, then a code by mail where one is needed (S2-14, S2-30, S2-31)."""

    route_base = ""
    default_view = "login"
    include_route_methods = {"login", "code", "resend", "logout"}

    @expose("/login/", methods=["GET", "POST"])
    def login(self) -> Page:
        form = SignInForm()
        if request.method == "POST":
            return self._sign_in(form)
        if current_user.is_authenticated:
            return redirect(asked_next("/"))
        form.next.data = safe_next(request.args.get("next"))
        return self._login_page(form)

    @expose("/login/code/", methods=["GET", "POST"])
    def code(self) -> Page:
        form = CodeForm()
        try:
            waiting = two_factor.waiting(cookie.waiting_key(), now=utcnow())
            if request.method != "POST":
                return self._code_page(form, waiting)
            if not form.validate():
                return self._code_page(form, waiting), UNPROCESSABLE
            return self._check(form)
        except two_factor.WrongCode as refusal:
            settle(refusal)
            form.refuse(refusal.field, str(refusal))
            return self._code_page(form, two_factor.waiting(cookie.waiting_key(), now=utcnow())), refusal.status
        except two_factor.CodeOver as refusal:
            return self._start_again(refusal)

    @expose("/login/code/resend", methods=["POST"])
    def resend(self) -> Page:
        try:
            _row, browser = two_factor.send_again(cookie.waiting_key(), key=secret(), now=utcnow())
            db.session.commit()
        except two_factor.TooSoon as refusal:
            settle(refusal)
            flash(str(refusal), "danger")
            return redirect(url_for("SignInView.code"))
        except Refusal as refusal:
            return self._start_again(refusal)
        cookie.wait_for_code(browser, now=utcnow())
        flash(_("A new code is on its way. The one before no longer works."), "success")
        return redirect(url_for("SignInView.code"))

    @expose("/logout/", methods=["POST"])
    def logout(self) -> Response:
        cookie.sign_out(now=utcnow())
        db.session.commit()
        return redirect(asked_next(url_for("SignInView.login")))

    def _sign_in(self, form: Any) -> Page:
        if not form.validate():
            return self._login_page(form), UNPROCESSABLE
        try:
            account = service.authenticate(
                form.login_id.data, form.password.data, ip=cookie.client_address(), known=known.marks(), now=utcnow()
            )
            return complete(account, next_path=safe_next(form.next.data))
        except Refusal as refusal:
            settle(refusal)
            form.refuse(None, str(refusal))
            return self._login_page(form), refusal.status

    def _check(self, form: Any) -> Response:
        row = two_factor.check(cookie.waiting_key(), form.code.data, key=secret(), ip=cookie.client_address(), now=utcnow())
        cookie.sign_in(row.account, two_factor=True, now=utcnow())
        db.session.commit()
        two_factor.forget_tries(row.account)
        return redirect(safe_next(row.next_path) or "/")

    def _start_again(self, refusal: Refusal) -> Response:
        settle(refusal)
        if current_user.is_authenticated:  # the back button, or another tab: this browser waits for no code, it is in
            return redirect("/")
        cookie.start_afresh()
        flash(str(refusal), "danger")
        return redirect(url_for("SignInView.login"))

    def _login_page(self, form: Any) -> str:
        return str(self.render_template("security/login.html", form=form, title=_("Sign in")))

    def _code_page(self, form: Any, row: LoginCode) -> str:
        now = utcnow()
        return str(self.render_template(
            "security/code.html", form=form, title=_("Sign-in code"), address=masked(row.account.email),
            seconds=two_factor.seconds_to_resend(row, now=now), trouble=codes.trouble(row),
        ))


def complete(account: Account, *, next_path: str) -> Response:
    """Go on from a right password: to the code where one is needed, else into the portal; commits.

    Raises TooManyCodes, NoLongerRight.
    """
    now, changed_at = utcnow(), account.password_changed_at
    db.session.commit()
    if two_factor.is_required(account):
        _row, browser = two_factor.send(account, key=secret(), next_path=next_path, now=now)
        cookie.wait_for_code(browser, now=now)
        db.session.commit()
        return redirect(url_for("SignInView.code"))
    cookie.sign_in(account, two_factor=False, now=now)
    service.ensure_still_right(account, changed_at=changed_at)
    db.session.commit()
    return redirect(next_path or "/")


def masked(address: str) -> str:
    """An address, recognizable to its owner only."""
    local, _at, domain = address.rpartition("@")
    return f"{local[:1]}•••••@{domain}"


def secret() -> str:
    """The key under which codes are kept."""
    return str(current_app.config["SECRET_KEY"])
