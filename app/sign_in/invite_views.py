"""The door behind an invitation's letter: /invites/<token>. A GET never accepts (D-5).

Here: from the link to a page whose address does not hold it; sign in, sign up, accept or decline,
wrong account. Not here: what happens (invites.answering), what the browser keeps (sign_in.cookies).
"""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, request, url_for
from flask_appbuilder import BaseView, expose
from flask_login import current_user

from app.access.context import current_seat
from app.access.seat import Seat
from app.invites import answering, cells, queries
from app.invites import service as invites
from app.invites.forms import SignUpForm
from app.kernel.clock import utcnow
from app.kernel.i18n import _, current_language
from app.models import Account, Invite, InviteStatus
from app.passwords import policy
from app.screens.actions import Page, attempt, submit
from app.screens.moments.zones import show_as
from app.sign_in import cookies, flow
from app.two_factor import methods

ANSWERED = (InviteStatus.ACCEPTED, InviteStatus.DECLINED)


class InviteLinkView(BaseView):
    """/invites/<token>: the link in the letter, and /invites/<public id>/answer, where it leads."""

    route_base = "/invites"
    default_view = "open"

    @expose("/<token>")
    def open(self, token: str) -> Page:
        """Lead on to the page; nothing changes but what this browser keeps."""
        replaced = queries.replaced(token)
        if replaced is not None:
            return self._link_over(replaced, is_replaced=True)
        invite = answering.find(token)
        cookies.remember_invite(invite)
        return redirect(url_for("InviteLinkView.answer", public_id=invite.public_id))

    @expose("/<public_id>/answer", methods=["GET", "POST"])
    def answer(self, public_id: str) -> Page:
        """The invitation, for whoever is here: nobody yet, its owner, somebody else."""
        invite, seat = cookies.find_invite(public_id), _seat()
        if seat is not None:
            return self._for_account(invite, seat)
        has_account = invites.account_of(invite.address) is not None
        if has_account and invite.is_open(utcnow()):
            return self._page("invites/link_sign_in.html", invite)
        if has_account or invite.status in ANSWERED or utcnow() >= invite.expires_at:
            return self._link_over(invite)  # cancelled ones too: sending anew cancels the expired
        return self._sign_up(invite)

    def _link_over(self, invite: Invite, *, is_replaced: bool = False) -> Page:
        """Say why the link opens nothing any more; whoever holds it has read the letter."""
        replaced = invite.status not in ANSWERED and (is_replaced or queries.has_successor(invite))
        words = {"is_replaced": replaced, "is_stranger": _seat() is None}
        return self._page("invites/link_over.html", invite, **words), 410

    def _for_account(self, invite: Invite, seat: Seat) -> Page:
        if invite.address_key != seat.account.email_key:
            return self._page("invites/link_wrong_account.html", invite), 403
        if not invite.is_open(utcnow()):
            return self._link_over(invite)
        if request.method != "POST":
            return self._page("invites/link_accept.html", invite)
        return self._answer(invite, seat)

    def _answer(self, invite: Invite, seat: Seat) -> Page:
        accepted = request.form.get("answer") == "accept"
        answer = answering.accept if accepted else answering.decline
        if (
            attempt(lambda: answer(invite, account=seat.account, by_link=True, now=utcnow()))
            is not None
        ):
            return redirect(url_for("MyInvitesView.list"))
        cookies.forget_invite(invite)
        if not accepted:
            flash(_("You declined the invitation."), "success")
            return redirect(url_for("MyInvitesView.list"))
        flash(
            _(
                "You are a member of %(organization)s now.",
                organization=invite.organization.name_in(current_language()),
            ),
            "success",
        )
        return redirect(url_for("HomeView.home", organization=invite.organization.code))

    def _sign_up(self, invite: Invite) -> Page:
        public_id = invite.public_id
        form: Any = SignUpForm(
            data={"language": current_language(), "time_zone": invite.organization.time_zone}
            if request.method != "POST"
            else None
        )
        if request.method != "POST":
            return self._sign_up_page(form, invite)
        form.also = lambda: answering.ensure_sign_up(
            invite, form.identity, password=form.password.data or "", now=utcnow()
        )
        return submit(
            form,
            lambda: answering.sign_up(
                invite, password=form.password.data, now=utcnow(), **form.identity
            ),
            lambda filled: self._sign_up_page(filled, cookies.find_invite(public_id)),
            lambda account: self._signed_up(invite, account),
        )

    def _signed_up(self, invite: Invite, account: Account) -> Page:
        cookies.forget_invite(invite)
        organization = invite.organization
        joined = invite.status is InviteStatus.ACCEPTED
        next_path = f"/o/{organization.code}/" if joined else "/"
        answer = flow.continue_from_password(account, next_path=next_path)
        if joined and not methods.is_required(account, now=utcnow()):
            flash(
                _(
                    "You are a member of %(organization)s now.",
                    organization=organization.name_in(account.language),
                ),
                "success",
            )
        return answer

    def _sign_up_page(self, form: Any, invite: Invite) -> str:
        rules = policy.rules_for((invite.organization,))
        words = {"form": form, "rules": rules, "live": policy.live(rules), "account": None}
        return self._page("invites/link_sign_up.html", invite, **words)

    def _page(self, template: str, invite: Invite, **words: Any) -> str:
        path = url_for("InviteLinkView.answer", public_id=invite.public_id)
        show_as(invite.organization)
        title = _(
            "Invitation to %(organization)s",
            organization=invite.organization.name_in(current_language()),
        )
        return str(
            self.render_template(
                template,
                invite=invite,
                title=title,
                path=path,
                cells=cells,
                is_open=invite.is_open(utcnow()),
                **words,
            )
        )


def _seat() -> Seat | None:
    return current_seat() if current_user.is_authenticated else None
