"""The way in: `/` leads to the last used organization, the chooser, or sign-in.

Here: where a person starts. Not here: an organization's own home (organizations.views).
"""

from __future__ import annotations

from flask import redirect, url_for
from flask_appbuilder import BaseView, expose
from flask_login import current_user
from werkzeug.wrappers import Response

from app.access.context import current_seat
from app.models import Organization


class ChooserView(BaseView):
    """`/`: to the last used organization, the chooser, or sign-in (S4-03)."""

    route_base = ""
    default_view = "index"

    @expose("/")
    def index(self) -> str | Response:
        if not current_user.is_authenticated:
            return redirect(url_for("SignInView.login"))
        organization = _last_used()
        if organization is None:
            return str(self.render_template("home/none.html"))
        return redirect(url_for("HomeView.home", organization=organization.code))


def _last_used() -> Organization | None:
    seat = current_seat()
    if seat is None or not seat.organizations:
        return None
    last = seat.session.organization_id if seat.session else None
    used = [
        membership
        for membership in seat.memberships
        if membership.last_access_at and membership.organization in seat.organizations
    ]
    recent = max(
        used, key=lambda membership: membership.last_access_at or membership.joined_at, default=None
    )
    by_session = next(
        (organization for organization in seat.organizations if organization.id == last), None
    )
    return by_session or (recent.organization if recent else seat.organizations[0])
