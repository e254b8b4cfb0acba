"""The envelope: invitations to oneself (S1-01…S1-05).

Here: showing them, accepting, declining. Not here: what happens (invites.answering), the letter's
link (sign_in.invite_views).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, url_for
from flask_appbuilder import BaseView, expose
from flask_appbuilder.security.decorators import has_access

from app.http.context import seat
from app.invites import answering, cells, queries
from app.kernel.clock import utcnow
from app.kernel.errors import NotFound
from app.kernel.i18n import _
from app.models import Invite
from app.screens.actions import Page, attempt


class MyInvitesView(BaseView):
    """Invitations to me: 自分への招待."""

    route_base = "/invites"
    default_view = "list"
    class_permission_name = "MyInvite"
    method_permission_name = {"list": "read", "accept": "answer", "decline": "answer"}

    @expose("/")
    @has_access
    def list(self) -> Page:
        return str(
            self.render_template(
                "invites/mine.html",
                invites=queries.mine(seat().account, utcnow()),
                cells=cells,
                title=_("Invitations to you"),
            )
        )

    @expose("/<public_id>/accept", methods=["POST"])
    @has_access
    def accept(self, public_id: str) -> Page:
        invite = self._mine(public_id)
        if not _answered(answering.accept, invite):
            return redirect(url_for("MyInvitesView.list"))
        name = invite.organization.name_in(seat().account.language)
        flash(_("You are a member of %(organization)s now.", organization=name), "success")
        return redirect(url_for("HomeView.home", organization=invite.organization.code))

    @expose("/<public_id>/decline", methods=["POST"])
    @has_access
    def decline(self, public_id: str) -> Page:
        if _answered(answering.decline, self._mine(public_id)):
            flash(_("You declined the invitation."), "success")
        return redirect(url_for("MyInvitesView.list"))

    def _mine(self, public_id: str) -> Invite:
        invite = queries.mine_by_id(seat().account, public_id)
        if invite is None:
            raise NotFound()
        return invite


def _answered(answer: Callable[..., Any], invite: Invite) -> bool:
    """Give an answer; say whether it was taken, and why not."""
    account = seat().account
    refused = attempt(lambda: answer(invite, account=account, by_link=False, now=utcnow()))
    return refused is None
