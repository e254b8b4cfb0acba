"""The door to one's own API keys: /profile/keys/.

Here: issuing and deleting one's own (S0-09…S0-11). Not here: what happens (api_keys.service), the
organization's list (api_keys.views).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from flask import flash, redirect, request, url_for
from flask_appbuilder import BaseView, expose
from flask_appbuilder.security.decorators import has_access

from app.access.seat import Seat
from app.access.two_factor import verdict_of
from app.api_keys import queries
from app.api_keys import service as api_keys
from app.api_keys.issuing import issue_page
from app.http import reauthentication
from app.http.context import seat
from app.kernel.clock import utcnow
from app.kernel.errors import NotFound
from app.kernel.i18n import _
from app.models import Membership
from app.screens.actions import Page, attempt


class MyKeysView(BaseView):
    """One's own API keys: APIキー (S0-09…S0-11)."""

    route_base = "/profile/keys"
    default_view = "add"
    class_permission_name = "Profile"
    method_permission_name = {"add": "manage", "delete": "manage"}

    @expose("/add", methods=["GET", "POST"])
    @has_access
    def add(self) -> Page:
        """Issue a key for one of one's organizations; the secret is shown once (S0-10)."""
        open_ones, asked = places(seat()), request.args.get("of", "")
        chosen = (
            [one for one in open_ones if one.organization.code == asked] if asked else open_ones
        )
        if asked and not chosen:
            raise NotFound()
        if len(chosen) != 1:
            return str(
                self.render_template(
                    "profile/key_where.html", title=_("Issue an API key"), places=open_ones
                )
            )
        above = [(_("Profile"), url_for("ProfileView.edit"))]
        return issue_page(
            chosen[0],
            by=_there(seat(), chosen[0]),
            back=url_for("ProfileView.edit", _anchor="keys"),
            above=above,
        )

    @expose("/delete/<pk>", methods=["GET", "POST"])
    @has_access
    def delete(self, pk: str) -> Page:
        """Delete one of one's keys, after a question: it stops working at once (S0-11)."""
        key = queries.own(seat().account, pk)
        reauthentication.ensure_recent(seat(), now=utcnow())
        if request.method != "POST":
            return str(
                self.render_template(
                    "profile/key_delete.html", title=_("Delete an API key"), key=key
                )
            )
        if attempt(lambda: api_keys.revoke(key, by=seat(), now=utcnow())) is None:
            flash(
                _("The API key was deleted. Programs that use it are refused from now on."),
                "success",
            )
        return redirect(url_for("ProfileView.edit", _anchor="keys"))


def places(reader: Seat) -> Sequence[Membership]:
    """The memberships in whose organizations the reader can be at this moment: there they can issue
    keys.
    """
    entered = {one.id for one in reader.organizations}
    now = utcnow()
    return [
        one
        for one in reader.memberships
        if one.organization_id in entered
        and not one.is_suspended
        and not verdict_of(reader, now=now, organization=one.organization).withholds
    ]


def _there(reader: Seat, membership: Membership) -> Seat:
    """The reader's seat, as it is on the pages of one of their organizations, but as a member and
    no more.
    """
    return replace(
        reader,
        organization=membership.organization,
        membership=membership,
        is_platform_administrator=False,
    )
