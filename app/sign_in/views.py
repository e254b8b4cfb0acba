"""The doors of signing in: /login/, /login/code/, /logout/.

Here: forms, cookies, redirects. Not here: checking (sign_in.service, two_factor.service), going on
into the portal (sign_in.flow).
"""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_appbuilder import expose
from flask_appbuilder.security.views import AuthDBView
from flask_login import current_user
from werkzeug.wrappers import Response

from app.access.two_factor import Method
from app.extensions import db
from app.http.paths import asked_next, safe_next
from app.kernel.clock import utcnow
from app.kernel.errors import Refusal
from app.kernel.i18n import _
from app.passkeys.relying_party import relying_party
from app.screens.actions import UNPROCESSABLE, Page, settle
from app.sign_in import cookies, flow, service
from app.sign_in.flow import SecondStep
from app.sign_in.forms import SignInForm
from app.two_factor import queries as codes
from app.two_factor import refusals
from app.two_factor import service as two_factor
from app.two_factor.turns import TooManyCodes

INVITATIONS = "/invites/"
"""Where an invitation's link leads: it says itself who may go on."""


class SignInView(AuthDBView):
    """Sign-in with a password, then a second step where one is needed (S2-14, S2-30, S2-31)."""

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
        if service.is_untouched():
            return str(self.render_template("sign_in/not_set_up.html"))
        form.next.data = safe_next(request.args.get("next"))
        return login_page(form)

    @expose("/login/code/", methods=["GET", "POST"])
    def code(self) -> Page:
        """The second step, in the way that `by` names or the strongest."""
        try:
            step = self._step()
            if request.method != "POST":
                return self._step_page(step, step.form())
            return self._check(step)
        except refusals.WrongCode as refusal:
            settle(refusal)
            return self._refuse_code(refusal)
        except refusals.CodeOver as refusal:
            return self._start_again(refusal)

    @expose("/login/code/resend", methods=["POST"])
    def resend(self) -> Page:
        """Mail a code: the first, or another."""
        try:
            row = two_factor.waiting(cookies.waiting_key(), now=utcnow())
            is_first, known_as = not row.code_digest, cookies.known_browser_id(row.account)
            two_factor.send_again(
                cookies.waiting_key(), key=flow.code_secret(), now=utcnow(), known_as=known_as
            )
            db.session.commit()
        except (refusals.TooSoon, TooManyCodes) as refusal:
            settle(refusal)
            flash(str(refusal), "danger")
            return redirect(url_for("SignInView.code", by=Method.MAIL))
        except Refusal as refusal:
            return self._start_again(refusal)
        flash(
            _("A code is on its way.")
            if is_first
            else _("A new code is on its way. The one before no longer works."),
            "success",
        )
        return redirect(url_for("SignInView.code", by=Method.MAIL))

    @expose("/logout/", methods=["POST"])
    def logout(self) -> Response:
        return sign_out()

    def _sign_in(self, form: Any) -> Page:
        if not form.validate():
            return login_page(form), UNPROCESSABLE
        try:
            account = service.authenticate(
                form.login_id.data,
                form.password.data,
                ip=cookies.client_address(),
                known=cookies.known_browser_ids(),
                now=utcnow(),
            )
            return flow.continue_from_password(account, next_path=safe_next(form.next.data))
        except Refusal as refusal:
            settle(refusal)
            form.refuse(None, str(refusal))
            # nobody types again what was right, or what is not looked at now
            form.password.typed_again = isinstance(refusal, service.WrongCredentials)
            return login_page(form), refusal.status

    def _step(self) -> SecondStep:
        now = utcnow()
        row = two_factor.waiting(cookies.waiting_key(), now=now)
        return flow.second_step(row, request.values.get("by", ""), now=now)

    def _check(self, step: SecondStep) -> Page:
        form: Any = step.form()
        if step.method is Method.PASSKEY or not form.validate():
            return self._step_page(step, form), UNPROCESSABLE
        row = two_factor.check(
            cookies.waiting_key(),
            form.code.data,
            key=flow.code_secret(),
            ip=cookies.client_address(),
            method=step.method,
            now=utcnow(),
        )
        return flow.continue_from_second_step(row, step.method, trusts=bool(form.trust.data))

    def _refuse_code(self, refusal: Refusal) -> Page:
        step = self._step()
        form = step.form()
        form.refuse(refusal.field, str(refusal))
        return self._step_page(step, form), refusal.status

    def _start_again(self, refusal: Refusal) -> Response:
        settle(refusal)
        if (
            current_user.is_authenticated
        ):  # the back button, or another tab: this browser waits for no code, it is in
            return redirect("/")
        cookies.clear_session()
        flash(str(refusal), "danger")
        return redirect(url_for("SignInView.login"))

    def _step_page(self, step: SecondStep, form: Any) -> str:
        row = step.row
        return str(
            self.render_template(
                "sign_in/code.html",
                form=form,
                title=_("2-step verification"),
                step=step,
                address=flow.mask_address(row.account.email),
                is_sent=bool(row.code_digest),
                seconds=codes.seconds_to_mail(row.account, now=utcnow()),
                trouble=codes.trouble(row),
            )
        )


def sign_out() -> Response:
    """Sign this browser out and lead to the sign-in page."""
    flow.sign_out(now=utcnow())
    db.session.commit()
    flash(_("You signed out."), "success")
    login = url_for("SignInView.login")
    wanted = asked_next(login)
    # whoever signs in next may be somebody else
    return redirect(wanted if wanted.startswith((login, INVITATIONS)) else login)


def sign_in_again() -> Page:
    """The sign-in page anew, with what was typed but the password, for a form that is out of
    date.
    """
    form = SignInForm()
    form.next.data = safe_next(form.next.data)
    form.refuse(None, _("This page was out of date. Type your password again to sign in."))
    return login_page(form), UNPROCESSABLE


def login_page(form: Any) -> str:
    """The page of signing in."""
    return render_template(
        "sign_in/login.html",
        form=form,
        title=_("Sign in"),
        passkeys_obstacle=relying_party().obstacle,
    )
