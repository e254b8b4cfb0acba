"""The doors to one's own e-mail address: /profile/email/.

Here: changing it, verifying it, sending the letter again, cancelling. Not here: what happens
(account_access.email_change), the links in the letters (sign_in.email_views).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import request
from flask_appbuilder import BaseView, expose
from flask_appbuilder.security.decorators import has_access
from werkzeug.wrappers import Response

from app.account_access import email_change
from app.http.context import seat
from app.http.reauthentication import ensure_recent
from app.kernel.clock import utcnow
from app.kernel.i18n import _
from app.models import EmailChange
from app.profile import service as profile
from app.profile.answers import back, done
from app.profile.forms import EmailForm
from app.screens.actions import Page, submit


class EmailView(BaseView):
    """One's own e-mail address: メールアドレス (S2-25, D-C3)."""

    route_base = "/profile/email"
    default_view = "change"
    class_permission_name = "Profile"
    method_permission_name = {
        "change": "manage",
        "verify": "manage",
        "resend": "manage",
        "cancel": "manage",
    }

    @expose("/", methods=["GET", "POST"])
    @has_access
    def change(self) -> Page:
        """Ask for another address; the one before stays until the new one is confirmed."""
        ensure_recent(seat(), now=utcnow())
        form = EmailForm()
        if request.method != "POST":
            return self._page(form)
        return submit(
            form,
            lambda: profile.change_email(seat().account, form.email.data, by=seat(), now=utcnow()),
            self._page,
            _asked,
        )

    @expose("/verify", methods=["POST"])
    @has_access
    def verify(self) -> Response:
        """Send a link to the address that one has."""
        return _sent(lambda: email_change.verify(seat().account, now=utcnow()))

    @expose("/resend", methods=["POST"])
    @has_access
    def resend(self) -> Response:
        """Send the letter that is waited for once more."""
        return _sent(lambda: email_change.send_again(seat().account, now=utcnow()))

    @expose("/cancel", methods=["POST"])
    @has_access
    def cancel(self) -> Response:
        """Keep the address that one has."""
        return done(
            lambda: email_change.cancel(seat().account, by=seat(), now=utcnow()),
            lambda: _(
                "Your e-mail address stays as it is. The link that was sent no longer works."
            ),
        )

    def _page(self, form: Any) -> str:
        return str(
            self.render_template(
                "profile/email.html",
                form=form,
                title=_("Change the e-mail address"),
                account=seat().account,
            )
        )


def _asked(change: EmailChange | None) -> Response:
    if change is None:
        return back(
            _(
                "Your email address is now written %(address)s.",
                address=seat().account.email,
            )
        )
    return back(
        _(
            "A letter is on its way to %(address)s. The address changes when you open its link,"
            " within 24 hours.",
            address=change.new_email,
        )
    )


def _sent(verb: Callable[[], EmailChange]) -> Response:
    made: list[EmailChange] = []
    return done(
        lambda: made.append(verb()),
        lambda: _(
            "A letter is on its way to %(address)s. Its link works for 24 hours.",
            address=made[0].new_email,
        ),
    )
