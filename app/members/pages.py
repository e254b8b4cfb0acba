"""One member's other pages: suspension, leaving; and what the members' pages ask.

Here: doors that MemberView opens beside list, show and forms. Not here: roles one by one
(members.role_views), what happens (memberships).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from flask import current_app, flash, redirect, request, url_for
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access

from app.access.authorities import CATALOGUE
from app.access.policy import authorities_for, may
from app.activity_log.rendering import RenderedLine, render_all
from app.http.context import organization, seat
from app.http.paths import asked_next
from app.kernel.clock import utcnow
from app.kernel.errors import NotFound
from app.kernel.i18n import _, current_language, lazy, listed
from app.kernel.signals import membership_ended, membership_suspended
from app.managed_accounts import service as managed
from app.managed_accounts.first_sign_in import FirstSignIn, letter_state, progress_of
from app.members import obstacles, queries
from app.members.forms import SuspensionForm
from app.memberships import effective_authorities, suspension
from app.memberships import service as members
from app.model_views.related import RelatedList, of_member
from app.models import Invite, Letter, Membership
from app.offers.context import keeps_invites
from app.outbox.failures import spoken
from app.screens.actions import ActionsMixin, Page

TIMELINE = 10
SHOWN_INVITES = 5


class MemberPages(ActionsMixin):
    """What MemberView shows beside the five screens of every model."""

    page: Callable[..., str]
    show_url: Callable[[Membership], str]
    _write: Callable[..., Page]

    @expose("/suspension/<pk>", methods=["GET", "POST"])
    @has_access
    def suspension(self, pk: str) -> Page:
        """Ask for the reason, then suspend (S2-27)."""
        item: Membership = self.load(pk)
        form, back = SuspensionForm(), asked_next(self.show_url(item))

        def again(filled: SuspensionForm) -> str:
            shown: Membership = self.load(pk)
            goes = membership_suspended.consequences([shown], now=utcnow())
            return self.page(
                "members/suspension.html",
                title=_("Suspend"),
                form=filled,
                item=shown,
                consequences=goes,
            )

        if request.method != "POST":
            obstacles.ensure("suspend", item, by=seat())
            return again(form)
        return self._write(
            form,
            lambda: suspension.suspend(
                item, reason=form.reason.data or "", keep=keeps_invites(), by=seat(), now=utcnow()
            ),
            lazy("The member was suspended."),
            again,
            lambda _item: redirect(back),
        )

    @expose("/leave", methods=["GET", "POST"])
    @has_access
    def leave(self) -> Page:
        """Leave the organization, after a question."""
        own = seat().membership
        if own is None:
            raise NotFound()
        refused = (
            self.attempt(lambda: members.leave(own, by=seat(), now=utcnow()))
            if request.method == "POST"
            else None
        )
        if request.method == "POST" and refused is None:
            flash(_("You left the organization."), "success")
            return redirect("/")
        goes = membership_ended.consequences([own], now=utcnow())
        return self.page(
            "members/leave.html", title=_("Leave the organization"), consequences=goes
        ), refused.status if refused else 200

    # what they share

    standings, grouped, standing_of = (
        staticmethod(effective_authorities.effective_authorities),
        staticmethod(effective_authorities.grouped),
        staticmethod(effective_authorities.made_of),
    )

    def keepable(self, *items: Membership) -> int:
        """How many pending invitations of members the reader could send instead (T2-48)."""
        return membership_ended.keepable(items, by=seat())

    def related(self, item: Membership) -> list[RelatedList]:
        """Rows of added screens that point to the member."""
        return of_member(item)

    def locked_until(self, item: Membership) -> datetime | None:
        """Until when wrong passwords keep the member out, for those who manage the account."""
        return managed.locked_until(item, by=seat(), now=utcnow())

    def obstacles(self, item: Membership) -> dict[str, str]:
        """What cannot be done to a member, and why."""
        return obstacles.obstacles(item, by=seat())

    def timeline(self, item: Membership) -> list[RenderedLine]:
        """What happened to a member last, for those who may see the log."""
        return (
            render_all(queries.timeline(item, limit=TIMELINE))
            if may(seat(), "read", "Activity")
            else []
        )

    def first_sign_in(self, item: Membership) -> FirstSignIn | None:
        """How far a member has come who never signed in and can enter."""
        if queries.state_of(item) != queries.NEVER:
            return None
        return progress_of([item.account], item.organization, now=utcnow()).get(item.account_id)

    letter_state = staticmethod(letter_state)

    def reason(self, letter: Letter) -> str:
        """Why a letter has not left."""
        return spoken(letter.reason)

    def invites_sent(self, item: Membership) -> list[tuple[Invite, str]]:
        """The first open invitations a member sent, and their states, for those who may see
        invitations; one more than is shown.
        """
        sent = queries.sent(item, limit=SHOWN_INVITES + 1) if self.invitations_url() else []
        return [(one, "expired" if one.has_expired(utcnow()) else "pending") for one in sent]

    def needed_to_manage(self) -> str:
        """The authorities that somebody who only looks lacks to change members."""
        return listed(CATALOGUE[key].name for key in sorted(authorities_for("manage", "Member")[0]))

    def organization_name(self) -> str:
        """The organization's name for this reader."""
        return organization().name_in(current_language())

    def invite_url(self) -> str:
        """Where invitations are written, if the reader may and the portal has them (S0-05)."""
        return self._neighbour("InviteView.add", "send")

    def invitations_url(self) -> str:
        """Where the invitations are listed, if the reader may see them (S3-08)."""
        return self._neighbour("InviteView.list", "read")

    def _neighbour(self, endpoint: str, permission: str) -> str:
        there = endpoint in current_app.view_functions
        return url_for(endpoint) if there and may(seat(), permission, "Invite") else ""
