"""One member's other pages: account, suspension, leaving.

Here: doors that MemberView opens beside list, show and forms. Not here: roles one by one
(members.role_views), what happens (members.service and its neighbours).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from flask import current_app, flash, redirect, request, url_for
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access

from app.access.authorities import CATALOGUE
from app.access.guard import look_again
from app.access.policy import authorities_for, may
from app.accounts import identity
from app.accounts import service as accounts
from app.activity_log.rendering import Telling, tell_all
from app.http.context import organization, seat
from app.http.paths import asked_next
from app.http.reauthentication import ensure_recent
from app.kernel.clock import utcnow
from app.kernel.errors import NotFound
from app.kernel.i18n import _, current_language, lazy, listed
from app.kernel.signals import membership_ended, membership_suspended
from app.members import cells, managed, queries, standing, suspension
from app.members import service as members
from app.members.context import available_roles, keeps_invites
from app.members.first_sign_in import FirstSignIn
from app.members.first_sign_in import standings as first_standings
from app.members.forms import AccountForm, OfferForm, SuspensionForm
from app.model_views.related import RelatedList, of_member
from app.models import Invite, Letter, Membership
from app.outbox.reasons import spoken
from app.passwords import policy as password_policy
from app.screens import optimistic_lock
from app.screens.actions import ActionsMixin, Page
from app.screens.optimistic_lock import About

TIMELINE = 10
SHOWN_INVITES = 5


class MemberPages(ActionsMixin):
    """What MemberView shows beside the five screens of every model."""

    page: Callable[..., str]
    show_url: Callable[[Membership], str]
    _write: Callable[..., Page]

    @expose("/account/<pk>", methods=["GET", "POST"])
    @has_access
    def account(self, pk: str) -> Page:
        """A managed account's identity (D-C3, S2-25)."""
        item: Membership = self.load(pk)
        managed.ensure_managed(item, by=seat())
        form = AccountForm()

        def again(filled: AccountForm) -> str:
            filled.seen = optimistic_lock.stamp_for(
                filled, identity.identity_of(item.account), now=utcnow()
            )
            rules = password_policy.rules_of(item.account)
            return self.page(
                "members/account.html",
                title=_("Edit the account"),
                form=filled,
                item=self.load(pk),
                account=item.account,
                rules=rules,
                live=password_policy.live(rules),
            )

        if request.method != "POST":
            form.show(item)
            return again(form)
        back = self.show_url(item)
        return self._write(
            form,
            lambda: self._save_account(item, form),
            lazy("The account was saved."),
            again,
            lambda _item: redirect(back),
        )

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
            standing.ensure("suspend", item, by=seat())
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
        staticmethod(standing.standings),
        staticmethod(standing.grouped),
        staticmethod(standing.made_of),
    )

    def offer(self, form: OfferForm, to: Membership | None = None) -> None:
        """Offer the roles there are, and lock what the reader may not give (D-1)."""
        given = seat().gives_to(to.account_id if to else None)
        form.offer_to_choose(available_roles(), given, power=seat().is_power)

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
        return standing.obstacles(item, by=seat())

    def timeline(self, item: Membership) -> list[Telling]:
        """What happened to a member last, for those who may see the log."""
        return (
            tell_all(queries.timeline(item, limit=TIMELINE))
            if may(seat(), "read", "Activity")
            else []
        )

    def first_sign_in(self, item: Membership) -> FirstSignIn | None:
        """How far a member has come who never signed in and can enter."""
        if queries.state_of(item) != queries.NEVER:
            return None
        return first_standings([item.account], item.organization, now=utcnow()).get(item.account_id)

    letter_state = staticmethod(cells.letter_state)

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

    def _save_account(self, item: Membership, form: AccountForm) -> None:
        look_again(item, by=seat())
        accounts.look_again(item.account)
        optimistic_lock.ensure_same(
            identity.identity_of(item.account),
            About(item.account_id, ("account_", "two_factor_"), item.organization_id),
            now=utcnow(),
        )
        if form.password.data or item.account.signs_in_otherwise(form.identity):
            ensure_recent(seat(), now=utcnow())
        managed.edit_account(
            item,
            password=form.password.data or None,
            by=seat(),
            now=utcnow(),
            two_factor=bool(form.two_factor.data),
            **form.identity,
        )
