"""The door of the first start: /setup/<token>.

Here: the page. Not here: what happens (setup.service).
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from flask import current_app, flash, redirect, request
from flask_appbuilder import BaseView, expose

from app.accounts import identity
from app.demo import service as demo
from app.extensions import db
from app.kernel.clock import utcnow
from app.kernel.errors import all_at_once
from app.kernel.i18n import _, current_language
from app.models import Organization
from app.organizations import service as organizations
from app.passwords import policy
from app.passwords import service as passwords
from app.screens.actions import Page, submit
from app.screens.moments.zones import usual_zone
from app.setup import service as setup
from app.setup.forms import SetupForm
from app.sign_in import flow
from config import LOOPBACK


class SetupView(BaseView):
    """/setup/<token>: the platform administrator and the first organization, or the demo."""

    route_base = "/setup"
    default_view = "start"

    @expose("/<token>", methods=["GET", "POST"])
    def start(self, token: str) -> Page:
        setup.ensure_link(token)
        form: Any = SetupForm(
            data={"language": current_language(), "time_zone": usual_zone(current_language())}
            if request.method != "POST"
            else None
        )
        if request.method != "POST":
            return self._page(form, token)
        form.also = lambda: _ensure_possible(form)
        return submit(
            form, lambda: self._set_up(form), lambda filled: self._again(filled, token), self._done
        )

    @expose("/<token>/demo", methods=["POST"])
    def demo(self, token: str) -> Page:
        setup.ensure_link(token)
        if not _is_private():
            raise demo.DemoInPublic()
        setup.claim()
        demo.load(now=utcnow())
        db.session.commit()
        setup.forget_link()
        greeting = _(
            "The demo is loaded. Sign in as %(login_id)s; everybody’s password is %(password)s.",
            login_id="tanaka",
            password=demo.PASSWORD,
        )
        flash(greeting, "success")
        return redirect("/login/")

    def _set_up(self, form: Any) -> Organization:
        now = utcnow()
        _ensure_possible(form)
        account, organization = setup.set_up(
            form.identity, code=form.code.data, name=form.name.data, now=now
        )
        passwords.set_password(account, form.password.data, by=account, now=now)
        flow.open_session(account, method="password", now=now)
        return organization

    def _done(self, organization: Organization) -> Page:
        setup.forget_link()
        flash(_("The portal is set up. Invite somebody next."), "success")
        return redirect(f"/o/{organization.code}/")

    def _again(self, form: Any, token: str) -> str:
        setup.ensure_link(token)
        return self._page(form, token)

    def _page(self, form: Any, token: str) -> str:
        rules = policy.rules_for(())
        return str(
            self.render_template(
                "setup/start.html",
                form=form,
                token=token,
                title=_("Set up the portal"),
                rules=rules,
                live=policy.live(rules),
                account=None,
                offers_demo=_is_private(),
            )
        )


def _ensure_possible(form: Any) -> None:
    """Raise at once all that would be refused of what was typed."""
    all_at_once(
        lambda: identity.ensure_registrable(
            form.identity, password=form.password.data or "", now=utcnow()
        ),
        lambda: organizations.ensure_new(form.code.data or "", form.name.data or ""),
    )


def _is_private() -> bool:
    """Whether nobody but this machine reaches the portal, whose demo everybody knows the password
    of.
    """
    return urlsplit(current_app.config["SETTINGS"].portal_url).hostname in LOOPBACK
