"""The door to one's own account: /profile/.

Here: what everybody sees and presses of their own. Not here: what happens (accounts.service, profile.service), a new password
(security.password_views), leaving an organization (members).
"""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, request, session, url_for
from flask_appbuilder import BaseView, expose
from flask_appbuilder.security.decorators import has_access
from flask_babel import refresh
from werkzeug.wrappers import Response

from app.accounts import service as accounts
from app.extensions import db
from app.kernel.clock import utcnow
from app.kernel.errors import NotFound
from app.kernel.i18n import _
from app.models import Account, AccountSession
from app.profile import cells, queries
from app.profile import service as profile
from app.profile.forms import ConfirmForm, ProfileForm, SignInDetailsForm
from app.sessions.devices import device_name
from app.sessions.service import idle_limit_of
from app.web.actions import Page, refusal_of
from app.web.crud import UNPROCESSABLE
from app.web.here import seat
from app.web.language import KEY as LANGUAGE


class ProfileView(BaseView):
    """One's own account: プロフィール (D-C3, S2-25, S2-29, S2-32, B-67)."""

    route_base = "/profile"
    default_view = "edit"
    class_permission_name = "Profile"
    method_permission_name = {
        "edit": "manage", "sign_in": "manage", "turn_on": "manage", "turn_off": "manage", "end_session": "manage", "end_others": "manage",
    }

    @expose("/", methods=["GET", "POST"])
    @has_access
    def edit(self) -> Page:
        """Names and preferences; the rest of the account beside them."""
        if request.method != "POST":
            return self._profile(ProfileForm(obj=seat().account))
        form = ProfileForm()
        return self._write(form, lambda: self._save(form), lambda: _("Your profile was saved."), self._profile)

    @expose("/sign-in/", methods=["GET", "POST"])
    @has_access
    def sign_in(self) -> Page:
        """E-mail address and login ID, after the password."""
        if request.method != "POST":
            return self._sign_in(SignInDetailsForm(obj=seat().account))
        form = SignInDetailsForm()

        def change() -> None:
            profile.change_sign_in(
                seat().account, form.current_password.data, email=form.email.data, login_id=form.login_id.data, by=seat(), now=utcnow()
            )

        return self._write(form, change, lambda: _("Your e-mail address and login ID were saved."), self._sign_in)

    @expose("/two-factor/on", methods=["POST"])
    @has_access
    def turn_on(self) -> Response:
        """Turn 2-step verification on (S2-29)."""
        account = seat().account
        profile.turn_on_two_factor(account, by=seat(), now=utcnow())
        db.session.commit()
        flash(_("2-step verification is on. From now on, signing in asks for a code that is sent to %(address)s.", address=account.email), "success")
        return _back()

    @expose("/two-factor/off", methods=["GET", "POST"])
    @has_access
    def turn_off(self) -> Page:
        """Turn 2-step verification off, after the password; not where an organization requires it (S2-29)."""
        obstacle = _obstacle(seat().account)
        if request.method != "POST" and obstacle:
            flash(obstacle, "danger")
            return _back()
        return self._confirmed(
            lambda password: profile.turn_off_two_factor(seat().account, password, by=seat(), now=utcnow()),
            lambda: _("2-step verification is off."), title=_("Turn off 2-step verification"), question=_("Turn off 2-step verification?"),
            text=_("From then on, the password alone opens your account."), label=_("Turn off"), picture="unlock",
        )

    @expose("/sessions/others", methods=["GET", "POST"])
    @has_access
    def end_others(self) -> Page:
        """Sign out every browser but this one, after the password."""
        return self._confirmed(
            lambda password: profile.end_other_sessions(password, by=seat(), now=utcnow()),
            lambda: _("Your other sessions have ended."), title=_("Sign out the others"), question=_("Sign out every browser but this one?"),
            text=_("Whoever uses them must sign in again."), label=_("Sign out"), picture="box-arrow-right",
        )

    @expose("/sessions/<pk>", methods=["GET", "POST"])
    @has_access
    def end_session(self, pk: str) -> Page:
        """Sign out one other browser, after the password."""
        row = _other_session(pk)
        device = device_name(row.user_agent)
        return self._confirmed(
            lambda password: profile.end_session(row, password, by=seat(), now=utcnow()),
            lambda: _("%(device)s was signed out.", device=device), title=_("Sign out a browser"),
            question=_("Sign out %(device)s?", device=device), text=_("It will have to sign in again."), label=_("Sign out"),
            picture="box-arrow-right",
        )

    # how they do it

    def _write(self, form: Any, verb: Callable[[], None], done: Callable[[], str], again: Callable[[Any], str]) -> Page:
        """Run a verb and commit; a refusal stands at its field, with what was typed."""
        if not form.validate():
            return again(form), UNPROCESSABLE
        refused = refusal_of(verb)
        if refused is not None:
            form.refuse(refused.field, str(refused))
            return again(form), refused.status
        _speak(seat().account.language)
        flash(done(), "success")
        return _back()

    def _confirmed(self, verb: Callable[[str], None], done: Callable[[], str], **words: Any) -> Page:
        """Ask for the password on a page of its own, then run a verb."""
        form = ConfirmForm()

        def asked(filled: ConfirmForm) -> str:
            return str(self.render_template("profile/confirm.html", form=filled, **words))

        if request.method != "POST":
            return asked(form)
        return self._write(form, lambda: verb(form.current_password.data), done, asked)

    def _save(self, form: ProfileForm) -> None:
        accounts.edit_identity(seat().account, by=seat(), now=utcnow(), **form.identity)

    def _sign_in(self, form: SignInDetailsForm) -> str:
        return str(self.render_template("profile/sign_in.html", form=form, title=_("E-mail address and login ID")))

    def _profile(self, form: ProfileForm) -> str:
        reader = seat()
        return str(self.render_template(
            "profile/edit.html", title=_("Profile"), form=form, account=reader.account, managing=cells.managing(reader), places=cells.places(reader),
            obstacle=_obstacle(reader.account),
            idle_minutes=int(idle_limit_of(reader.memberships).total_seconds() // 60),
            browsers=cells.browsers(queries.live_sessions(reader.account, now=utcnow()), here=reader.session),
        ))


def _back() -> Response:
    return redirect(url_for("ProfileView.edit"))


def _obstacle(account: Account) -> str:
    """Why 2-step verification cannot be turned off, "" where it can."""
    try:
        profile.ensure_optional(account)
    except profile.TwoFactorRequired as refusal:
        return str(refusal)
    return ""


def _speak(language: str) -> None:
    """Answer in this language at once, and in this browser also after signing out."""
    session[LANGUAGE] = language
    refresh()


def _other_session(pk: str) -> AccountSession:
    """Return one of the reader's other live sessions. Raises NotFound."""
    reader = seat()
    mine = queries.live_sessions(reader.account, now=utcnow())
    found = next((one for one in mine if str(one.id) == pk and one is not reader.session), None)
    if found is None:
        raise NotFound()
    return found
