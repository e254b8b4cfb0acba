"""One member's other pages: suspension, leaving; and what the members' pages ask.

Here: doors that MemberView opens beside list, show and forms. Not here: roles one by one
(members.role_views), what happens (memberships).
"""

from __future__ import annotations

from functools import partial
from typing import Any

from flask import flash, redirect, request
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access

from app.access.authorities import CATALOGUE
from app.access.policy import authorities_for, may
from app.account_access.signing_in import strong_names
from app.activity_log.rendering import render_all
from app.http.context import organization, seat
from app.kernel.clock import utcnow
from app.kernel.errors import NotFound
from app.kernel.i18n import _, current_language, lazy, listed
from app.kernel.signals import membership_ended, membership_suspended
from app.managed_accounts import service as managed
from app.managed_accounts.first_sign_in import FirstSignIn, letter_state, progress_of
from app.member_roles.builtin import role_name
from app.members import obstacles, queries
from app.members.forms import SuspensionForm
from app.memberships import effective_authorities, suspension
from app.memberships import service as members
from app.model_views.related import of_member
from app.models import Invite, Membership
from app.offers.context import keeps_invites, roles_to_give
from app.outbox.failures import spoken
from app.screens.actions import ActionsMixin, Page
from app.screens.row_actions import asking_page
from app.screens.services import asks, does, leads_to
from app.service_accounts import keys

TIMELINE = 10
SHOWN_INVITES = 5


class MemberPages(ActionsMixin):
    """What MemberView shows beside the five screens of every model."""

    suspension = asking_page(
        "suspension",
        lazy("Suspend"),
        does(suspension.suspend, keep=keeps_invites),
        template="members/suspension.html",
        form=SuspensionForm,
        saved=lazy("The member was suspended."),
        loses=membership_suspended,
        ensure=asks(partial(obstacles.ensure, "suspend")),
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

    # words for the templates

    def show_words(self, item: Membership) -> dict[str, Any]:
        """What a member's page tells this reader."""
        manages, reads_log = may(seat(), "manage", "Member"), may(seat(), "read", "Activity")
        needed = authorities_for("manage", "Member")[0]
        return {
            "manager": manages,
            "obstacles": obstacles.obstacles(item, by=seat()) if manages else {},
            "needed": listed(CATALOGUE[key].name for key in sorted(needed)),
            "state_of_member": queries.state_of(item),
            "shut_until": managed.locked_until(item, by=seat(), now=utcnow()) if manages else None,
            "first": _first_sign_in(item),
            "letter_state": letter_state,
            "spoken": spoken,
            "authorities": effective_authorities,
            "role_name": role_name,
            "roles_to_give": roles_to_give(item.account_id, item.roles) if manages else [],
            "strong_names": strong_names,
            "keys": keys.section(item, by=seat()),
            "lists": of_member(item),
            "timeline": render_all(queries.timeline(item, limit=TIMELINE)) if reads_log else [],
            "sent": self._invites_sent(item),
        }

    def _invites_sent(self, item: Membership) -> list[tuple[Invite, str]]:
        """The first open invitations a member sent, and their states, for those who may see
        invitations; one more than is shown.
        """
        sent = queries.sent(item, limit=SHOWN_INVITES + 1) if self.invitations_url() else []
        return [
            (invite, "expired" if invite.has_expired(utcnow()) else "pending") for invite in sent
        ]

    def keepable(self, *items: Membership) -> int:
        """How many pending invitations of members the reader could send instead (T2-48)."""
        return membership_ended.keepable(items, by=seat())

    def organization_name(self) -> str:
        """The organization's name for this reader."""
        return organization().name_in(current_language())

    invite_url = leads_to("InviteView.add", "send", "Invite")
    invitations_url = leads_to("InviteView.list", "read", "Invite")


def _first_sign_in(item: Membership) -> FirstSignIn | None:
    """How far a member has come who never signed in and can enter."""
    if queries.state_of(item) != queries.NEVER:
        return None
    return progress_of([item.account], item.organization, now=utcnow()).get(item.account_id)
