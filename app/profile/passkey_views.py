"""The door to one's passkeys: /profile/passkeys/.

Here: adding, renaming, removing; what the browser is asked travels as JSON, its answer comes back
as a form. Not here: what happens (passkeys.service), signing in with one (sign_in.passkey_views).
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from flask import jsonify, request
from flask_appbuilder import BaseView, expose
from flask_appbuilder.security.decorators import has_access

from app.http import reauthentication
from app.http.context import seat
from app.kernel.clock import utcnow
from app.kernel.errors import pick
from app.kernel.i18n import _
from app.models import Passkey
from app.passkeys import challenge_session, queries
from app.passkeys import service as passkeys
from app.passkeys.relying_party import relying_party
from app.profile.answers import back, done, ready
from app.profile.passkey_forms import NewPasskeyForm, PasskeyNameForm
from app.screens.actions import Page, submit
from app.sessions import service as sessions
from app.sessions.devices import device_name


class PasskeyView(BaseView):
    """One's own passkeys: パスキー."""

    route_base = "/profile/passkeys"
    default_view = "add"
    class_permission_name = "Profile"
    method_permission_name = {
        "ask": "manage",
        "add": "manage",
        "rename": "manage",
        "remove": "manage",
    }

    @expose("/ask", methods=["POST"])
    @has_access
    def ask(self) -> Any:
        """What this browser is asked to make a passkey, as JSON."""
        if not reauthentication.is_recent(seat(), now=utcnow()):
            return jsonify(
                again=True
            ), HTTPStatus.FORBIDDEN  # the page asks for a proof when it is read again
        return challenge_session.begin(
            lambda: passkeys.ask_to_register(seat().account, now=utcnow())
        )

    @expose("/add", methods=["GET", "POST"])
    @has_access
    def add(self) -> Page:
        """Add a passkey that this browser, a phone or a security key makes."""
        reauthentication.ensure_recent(seat(), now=utcnow())
        form = NewPasskeyForm()
        if request.method != "POST":
            form.name.data = device_name(request.user_agent.string)[: passkeys.NAME_LENGTH]
            return self._new(form)
        return submit(
            form,
            lambda: self._keep(form),
            self._new,
            lambda codes: ready(
                _("The passkey was added. You can sign in with it, without a password."), codes
            ),
        )

    @expose("/<pk>/rename", methods=["GET", "POST"])
    @has_access
    def rename(self, pk: str) -> Page:
        """Call a passkey something else."""
        passkey = _own(pk)
        form = PasskeyNameForm(obj=passkey) if request.method != "POST" else PasskeyNameForm()
        if request.method != "POST":
            return self._renaming(form)
        return submit(
            form,
            lambda: passkeys.rename(passkey, form.name.data, by=seat(), now=utcnow()),
            self._renaming,
            lambda _renamed: back(_("The passkey was renamed.")),
        )

    @expose("/<pk>/remove", methods=["GET", "POST"])
    @has_access
    def remove(self, pk: str) -> Page:
        """Take a passkey away, after asking."""
        passkey = _own(pk)
        reauthentication.ensure_recent(seat(), now=utcnow())
        if request.method != "POST":
            words = {"title": _("Remove a passkey"), "passkey": passkey}
            return str(self.render_template("profile/passkey_remove.html", **words))
        return done(
            lambda: passkeys.remove(passkey, by=seat(), now=utcnow()),
            lambda: _("The passkey was removed. It opens your account no more."),
        )

    # how they do it

    def _keep(self, form: NewPasskeyForm) -> list[str] | None:
        """Keep the passkey; return the recovery codes that come with a first one."""
        account, session, answer = seat().account, seat().session, form.answer.data or ""
        made = passkeys.register(
            account,
            answer,
            name=form.name.data or "",
            browser=challenge_session.finish(),
            session=session,
            now=utcnow(),
        )
        sessions.prove(session, method="passkey", now=utcnow())
        return made

    def _new(self, form: NewPasskeyForm) -> str:
        return str(
            self.render_template(
                "profile/passkey_add.html",
                form=form,
                title=_("Add a passkey"),
                obstacle=relying_party().obstacle,
            )
        )

    def _renaming(self, form: PasskeyNameForm) -> str:
        return str(
            self.render_template(
                "profile/passkey_rename.html", form=form, title=_("Rename a passkey")
            )
        )


def _own(pk: str) -> Passkey:
    """Return one of the reader's passkeys. Raises NotFound."""
    return pick(queries.list_for(seat().account), pk)
