"""The door to one's own account: /profile/.

Here: what everybody sees and presses of their own. Not here: what happens (accounts.service,
profile.service), a new password (sign_in.password_views), leaving an organization (members).
"""

from __future__ import annotations

from typing import Any

from flask import request, session
from flask_appbuilder import BaseView, expose
from flask_appbuilder.security.decorators import has_access
from flask_babel import refresh
from werkzeug.wrappers import Response

from app.account_access import email_change
from app.accounts import service as accounts
from app.api_keys import queries as keys
from app.api_keys.cells import ShownKey
from app.extensions import db
from app.http.context import seat
from app.http.reauthentication import ensure_recent
from app.i18n.language import KEY as LANGUAGE
from app.kernel.clock import utcnow
from app.kernel.errors import obstacle, pick
from app.kernel.i18n import _
from app.models import AccountSession
from app.passkeys import queries as passkeys
from app.passkeys.relying_party import relying_party
from app.profile import cells
from app.profile import service as profile
from app.profile.answers import back, done
from app.profile.factors import factors_of
from app.profile.forms import LoginIdForm, ProfileForm
from app.screens.actions import Page, submit
from app.sessions import queries as sessions
from app.sessions.devices import device_name
from app.sessions.service import idle_limit_of


class ProfileView(BaseView):
    """One's own account: プロフィール (D-C3, S2-25, S2-29, S2-32, B-67)."""

    route_base = "/profile"
    default_view = "edit"
    class_permission_name = "Profile"
    method_permission_name = {
        "edit": "manage",
        "sign_in": "manage",
        "turn_on": "manage",
        "turn_off": "manage",
        "end_session": "manage",
        "end_others": "manage",
    }

    @expose("/", methods=["GET", "POST"])
    @has_access
    def edit(self) -> Page:
        """Names and preferences; the rest of the account beside them."""
        if request.method != "POST":
            return self._profile(_form(obj=seat().account))
        form = _form()
        return submit(
            form,
            lambda: self._save(form),
            self._profile,
            lambda _saved: _saved_in(seat().account.language),
        )

    @expose("/sign-in/", methods=["GET", "POST"])
    @has_access
    def sign_in(self) -> Page:
        """The login ID, with the password."""
        if request.method != "POST":
            return self._sign_in(LoginIdForm(obj=seat().account))
        form = LoginIdForm()
        return submit(
            form,
            lambda: profile.change_login_id(
                seat().account,
                form.current_password.data,
                login_id=form.login_id.data,
                by=seat(),
                now=utcnow(),
            ),
            self._sign_in,
            lambda _changed: back(_("Your login ID was saved.")),
        )

    @expose("/two-factor/on", methods=["POST"])
    @has_access
    def turn_on(self) -> Response:
        """Turn 2-step verification on (S2-29)."""
        ensure_recent(
            seat(), now=utcnow()
        )  # beside an app or a passkey, a letter is the weaker way in
        account = seat().account
        profile.turn_on_two_factor(account, by=seat(), now=utcnow())
        db.session.commit()
        return back(
            _(
                "2-step verification is on. From now on, signing in asks for a code that is sent to"
                " %(address)s.",
                address=account.email,
            )
        )

    @expose("/two-factor/off", methods=["POST"])
    @has_access
    def turn_off(self) -> Response:
        """Turn codes by mail off; not where an organization requires 2-step verification
        (S2-29)."""
        ensure_recent(seat(), now=utcnow())
        return done(
            lambda: profile.turn_off_two_factor(seat().account, by=seat(), now=utcnow()),
            lambda: _("2-step verification is off."),
        )

    @expose("/sessions/others", methods=["POST"])
    @has_access
    def end_others(self) -> Response:
        """Sign out every browser but this one."""
        ensure_recent(seat(), now=utcnow())
        profile.end_other_sessions(by=seat(), now=utcnow())
        db.session.commit()
        return back(_("Your other sessions have ended."))

    @expose("/sessions/<pk>", methods=["POST"])
    @has_access
    def end_session(self, pk: str) -> Response:
        """Sign out one other browser."""
        row = _other_session(pk)
        ensure_recent(seat(), now=utcnow())
        profile.end_session(row, by=seat(), now=utcnow())
        db.session.commit()
        return back(_("%(device)s was signed out.", device=device_name(row.user_agent)))

    # how they do it

    def _save(self, form: ProfileForm) -> None:
        accounts.edit_identity(seat().account, by=seat(), now=utcnow(), **form.edited)

    def _sign_in(self, form: LoginIdForm) -> str:
        return str(
            self.render_template("profile/sign_in.html", form=form, title=_("Change the login ID"))
        )

    def _profile(self, form: ProfileForm) -> str:
        reader = seat()
        return str(
            self.render_template(
                "profile/edit.html",
                title=_("Profile"),
                form=form,
                account=reader.account,
                managing=cells.managing(reader),
                places=cells.places(reader),
                obstacle=obstacle(lambda: profile.ensure_optional(reader.account, now=utcnow())),
                waiting=email_change.waiting(seat().account, now=utcnow()),
                keys=[ShownKey(key, None) for key in keys.of_account(reader.account, now=utcnow())],
                may_issue_keys=bool(reader.memberships),
                factors=factors_of(reader.account, now=utcnow()),
                passkeys=passkeys.list_for(reader.account),
                passkeys_obstacle=relying_party().obstacle,
                idle_minutes=int(idle_limit_of(reader.memberships).total_seconds() // 60),
                browsers=sessions.browsers(
                    sessions.live(reader.account, now=utcnow()), here=reader.session
                ),
            )
        )


def _form(**filled: Any) -> ProfileForm:
    """The form, with what only concerns power users for them alone."""
    form = ProfileForm(**filled)
    if not any(one.is_power for one in seat().memberships):
        del form.power_notifications
    return form


def _saved_in(language: str) -> Response:
    """Answer in this language at once, and in this browser also after signing out."""
    session[LANGUAGE] = language
    refresh()
    return back(_("Your profile was saved."))


def _other_session(pk: str) -> AccountSession:
    """Return one of the reader's other live sessions. Raises NotFound."""
    reader = seat()
    return pick(
        (one for one in sessions.live(reader.account, now=utcnow()) if one is not reader.session),
        pk,
    )
