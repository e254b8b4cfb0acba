"""The door to one's second step: /profile/two-factor/.

Here: the authenticator app, recovery codes, trusted devices. Not here: what happens (two_factor),
codes by mail (profile.views), passkeys (profile.passkey_views).
"""

from __future__ import annotations

from flask import request
from flask_appbuilder import BaseView, expose
from flask_appbuilder.security.decorators import has_access
from werkzeug.wrappers import Response

from app.http.context import seat
from app.http.reauthentication import ensure_recent
from app.kernel.clock import utcnow
from app.kernel.errors import pick
from app.kernel.i18n import _
from app.profile.answers import back, codes_page, done, ready
from app.profile.factors import qr
from app.profile.forms import AppForm
from app.screens.actions import Page, attempt, submit
from app.sessions.devices import device_name
from app.two_factor import apps, devices, recovery


class TwoFactorView(BaseView):
    """One's own second step: 2段階認証."""

    route_base = "/profile/two-factor"
    default_view = "app"
    class_permission_name = "Profile"
    method_permission_name = {
        "app": "manage",
        "remove_app": "manage",
        "new_codes": "manage",
        "kept": "manage",
        "end_trust": "manage",
        "end_all_trust": "manage",
    }

    @expose("/app", methods=["GET", "POST"])
    @has_access
    def app(self) -> Page:
        """Add an authenticator app, or put another in its place: it counts once it showed a valid
        code.
        """
        ensure_recent(seat(), now=utcnow())
        account, form = seat().account, AppForm()
        if request.method != "POST":
            return self._app_page(form, apps.offer(account, now=utcnow()))
        try:
            offered = apps.read_offer(account, form.offer.data or "", now=utcnow())
        except apps.OfferOver as refusal:
            form.refuse(None, str(refusal))
            return self._app_page(form, apps.offer(account, now=utcnow())), refusal.status
        return submit(
            form,
            lambda: apps.enrol(offered, form.code.data or "", by=seat(), now=utcnow()),
            lambda filled: self._app_page(filled, offered),
            _app_ready,
        )

    @expose("/app/remove", methods=["POST"])
    @has_access
    def remove_app(self) -> Response:
        """Let the authenticator app no longer count."""
        ensure_recent(seat(), now=utcnow())
        return done(
            lambda: apps.remove(seat().account, by=seat(), now=utcnow()),
            lambda: _("The authenticator app was removed."),
        )

    @expose("/recovery", methods=["POST"])
    @has_access
    def new_codes(self) -> Page:
        """Make recovery codes anew, and show them this once."""
        ensure_recent(seat(), now=utcnow())
        made: list[str] = []
        if (
            attempt(
                lambda: made.extend(recovery.make_anew(seat().account, by=seat(), now=utcnow()))
            )
            is not None
        ):
            return back()
        return codes_page(made)

    @expose("/recovery/kept", methods=["POST"])
    @has_access
    def kept(self) -> Response:
        """Go on from the codes, which are not shown again."""
        return back(_("Your recovery codes are ready for the day you need one."))

    @expose("/devices/<pk>/end", methods=["POST"])
    @has_access
    def end_trust(self, pk: str) -> Response:
        """Ask for the second step in one browser again."""
        device = pick(devices.live(seat().account, now=utcnow()), pk)
        name = device_name(device.user_agent)
        return done(
            lambda: devices.revoke(device, by=seat(), now=utcnow()),
            lambda: _("%(device)s will be asked for the second step again.", device=name),
        )

    @expose("/devices/end", methods=["POST"])
    @has_access
    def end_all_trust(self) -> Response:
        """Ask for the second step in every browser again."""
        return done(
            lambda: devices.revoke_all(seat().account, by=seat(), now=utcnow()),
            lambda: _("Every device will be asked for the second step again."),
        )

    # how they do it

    def _app_page(self, form: AppForm, offered: apps.Offer) -> str:
        form.offer.data = offered.encrypted
        return str(
            self.render_template(
                "profile/app.html",
                form=form,
                title=_("Authenticator app"),
                offered=offered,
                picture=qr(offered.uri),
                replaces=apps.app_of(seat().account) is not None,
            )
        )


def _app_ready(codes: list[str] | None) -> Page:
    return ready(
        _(
            "The authenticator app is ready. Your other browsers stay signed in: your profile lists"
            " them, and signs them out."
        ),
        codes,
    )
