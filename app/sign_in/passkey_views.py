"""The doors of signing in with a passkey: instead of a password at /login/passkey/, after it at
/login/passkey/step.

Here: the question as JSON, the answer as a form. Not here: checking it (passkeys.authentication),
D-3 (sign_in.service), what waits for a second step (two_factor.service).
"""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, request, url_for
from flask_appbuilder import BaseView, expose
from flask_appbuilder.security.decorators import has_access
from flask_login import current_user
from werkzeug.wrappers import Response

from app.access.two_factor import Method
from app.extensions import db
from app.http.context import seat
from app.http.paths import safe_next
from app.http.rate_limit import network
from app.kernel.clock import utcnow
from app.kernel.errors import Refusal
from app.models import LoginCode
from app.passkeys import authentication, challenge_session
from app.passkeys.challenges import Purpose
from app.screens.actions import settle
from app.sign_in import cookies, flow, service
from app.sign_in.wrong_passwords import log_if_throttled
from app.two_factor import refusals
from app.two_factor import service as two_factor


class PasskeySignInView(BaseView):
    """Sign-in with a passkey: alone, where its owner shows the device who they are; or after the
    password.
    """

    route_base = "/login/passkey"
    default_view = "sign_in"
    class_permission_name = "Profile"
    method_permission_name = {"ask_for_proof": "manage"}

    @expose("/ask", methods=["POST"])
    def ask(self) -> Any:
        """What a stranger's browser is asked, as JSON."""
        return challenge_session.begin(_ask_anybody)

    @expose("/", methods=["POST"])
    def sign_in(self) -> Response:
        """Sign in with the browser's answer."""
        onwards = safe_next(request.form.get("next"))
        try:
            self._enter()
        except Refusal as refusal:
            return _refused(refusal, url_for("SignInView.login", next=onwards or None))
        return redirect(onwards or "/")

    @expose("/step/ask", methods=["POST"])
    def ask_for_step(self) -> Any:
        """What a browser is asked that waits for the second step, as JSON."""
        return challenge_session.begin(
            lambda: authentication.ask_to_prove(
                _waiting().account, Purpose.SECOND_STEP, now=utcnow()
            )
        )

    @expose("/step", methods=["POST"])
    def step(self) -> Response:
        """Take the second step with the browser's answer; a try of those that all methods share."""
        try:
            row = self._prove()
        except refusals.CodeOver as refusal:
            if not current_user.is_authenticated:
                cookies.clear_session()
            return _refused(refusal, url_for("SignInView.login"))
        except Refusal as refusal:
            return _refused(refusal, url_for("SignInView.code", by=Method.PASSKEY))
        return flow.continue_from_second_step(row, Method.PASSKEY, trusts="trust" in request.form)

    @expose("/proof/ask", methods=["POST"])
    @has_access
    def ask_for_proof(self) -> Any:
        """What the browser of somebody signed in is asked, who is to confirm that it is they
        (sign_in.reauthentication_views), as JSON.
        """
        return challenge_session.begin(
            lambda: authentication.ask_to_prove(seat().account, Purpose.PROOF, now=utcnow())
        )

    def _enter(self) -> None:
        now, ip = utcnow(), cookies.client_address()
        account = authentication.sign_in(
            _answer(), browser=challenge_session.finish(), ip=ip, now=now
        )
        service.ensure_may_enter(account, ip=ip, now=now)
        flow.open_session(account, method=Method.PASSKEY, now=now)
        db.session.commit()
        authentication.forget_tries(ip)

    def _prove(self) -> LoginCode:
        row, now = _waiting(), utcnow()
        two_factor.take_try(row)
        authentication.prove(
            row.account,
            _answer(),
            Purpose.SECOND_STEP,
            browser=challenge_session.finish(),
            ip=cookies.client_address(),
            now=now,
        )
        return two_factor.finish(row, now=now)


def _ask_anybody() -> challenge_session.Asked:
    ip, now = cookies.client_address(), utcnow()
    with log_if_throttled(f"passkeys-from:{network(ip)}", None, ip=ip, now=now):
        return authentication.ask_to_sign_in(ip=ip, now=now)


def _waiting() -> LoginCode:
    return two_factor.waiting(cookies.waiting_key(), now=utcnow())


def _answer() -> str:
    return request.form.get("answer", "")[: challenge_session.MOST_CHARACTERS]


def _refused(refusal: Refusal, back: str) -> Response:
    settle(refusal)
    flash(str(refusal), "danger")
    return redirect(back)
