"""The organization's screen of invitations.

Here: what is shown and pressed. Not here: what happens (invites.service), the invited person's
pages (my_views, sign_in.invite_views).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import request

from app.access.authorities import CATALOGUE
from app.activity import results
from app.former_members import afresh as returning
from app.http.context import organization, seat
from app.http.reauthentication import ensure_recent_for_power
from app.invites import addresses, cells, lists, progress, queries, sending, undo
from app.invites import service as invites
from app.invites.forms import AskingForm, InviteForm
from app.invites.row_verbs import InviteVerbs
from app.kernel.clock import utcnow
from app.kernel.errors import NotFound
from app.kernel.i18n import _, lazy
from app.kernel.tokens import new_public_id
from app.member_roles import queries as roles
from app.members import tabs
from app.models import Invite, Letter, MemberType
from app.outbox.reasons import spoken
from app.screens.formatters import local_datetime
from app.screens.model_view import ServiceModelView
from app.screens.optimistic_lock import About, State

undo.offer()


class InviteView(InviteVerbs, ServiceModelView):
    """Invitations to the current organization: メンバーズ組織への招待 (S1-06…S1-26, S3-29…)."""

    definition = lists.INVITES

    list_title = lazy("Invitations")
    add_title = lazy("New invitation")
    edit_title = lazy("Edit the invitation")
    delete_title = lazy("Cancel the invitation")
    delete_label = lazy("Cancel the invitation")
    keep_label = lazy("Keep")
    add_label = lazy("Send invitations")
    added_more = lazy("We’re sending the invitation email.")
    empty_title = lazy("No open invitations")
    empty_text = lazy(
        "Invite people by e-mail, up to 20 at once. What is not answered yet, was declined or has"
        " expired stands here."
    )

    cell_classes = {
        "inviter": "lo wide",
        "type": "inline",
        "offer": "inline",
        "status": "inline",
        "letter": "lo wide",
        "expires_at": "full",
    }
    formatters_columns = cells.CELLS
    show_columns = ["address"]
    search_columns = ["address"]

    list_template = "invites/list.html"
    show_template = "invites/show.html"
    add_template = "invites/new.html"
    edit_template = "invites/edit.html"

    method_permission_name = {
        "list": "read",
        "show": "read",
        "add": "send",
        "edit": "send",
        "delete": "send",
        "resend": "send",
        "cancel_selected": "send",
        "again": "send",
        "discard": "send",
    }

    def row_class(self, item: Invite) -> str:
        return {queries.EXPIRED: "due", queries.DECLINED: "off"}.get(
            queries.state_of(item, now=utcnow()), ""
        )

    def item_name(self, item: Invite) -> str:
        return item.address

    # sending and editing

    def add_form(self, obj: Any = None) -> InviteForm:
        form = InviteForm()
        form.link_to = cells.way_out
        self._offer(form)
        return form

    def edit_form(self, obj: Any = None) -> AskingForm:
        form = AskingForm()
        self._offer(form)
        return form

    def fill(self, form: Any, item: Invite | None = None) -> None:
        """Show an invitation's offer, or that of the expired one that is sent again (D-C2).

        A form that can only be refused is not shown: raises InviteOver, AboveYourself.
        """
        if item is not None:
            invites.ensure_may_change(item, by=seat(), now=utcnow())
        again = item or self._again()
        if again is None:
            return
        form.show_invite(again)
        if item is None:
            form.is_filled = True
            form.addresses.data, form.language.data, form.hide_inviter.data = (
                again.address,
                again.language,
                again.hide_inviter,
            )

    def create(self, form: InviteForm) -> list[Invite]:
        ensure_recent_for_power(seat(), becomes=form.offer.is_power, now=utcnow())
        returning.ensure_meant(form, addresses.read(form.addresses.data))
        with results.together(new_public_id()):
            return sending.send(
                organization(),
                to=[form.addresses.data],
                asking=form.asking,
                by=seat(),
                now=utcnow(),
            )

    def update(self, item: Invite, form: AskingForm) -> None:
        ensure_recent_for_power(
            seat(), becomes=form.offer.is_power, is_now=item.type is MemberType.POWER, now=utcnow()
        )
        invites.edit(item, offer=form.offer, preset=form.preset.data, by=seat(), now=utcnow())

    def watched(self, item: Invite) -> State:
        return {
            "type": item.type,
            "roles": sorted(role.id for role in item.roles),
            "authorities": sorted(item.authorities),
        }

    def look_again(self, item: Invite) -> None:
        invites.look_again(item, by=seat())

    def about(self, item: Invite) -> About:
        return About(item.id, ("invite_",), item.organization_id)

    def remove(self, item: Invite) -> None:
        invites.cancel(item, by=seat(), now=utcnow())

    def ensure_deletable(self, item: Invite) -> None:
        invites.ensure_may_change(item, by=seat(), now=utcnow())

    def delete_question(self, item: Invite) -> str:
        return _("Cancel the invitation of %(address)s?", address=item.address)

    def tabs(self) -> list[dict[str, Any]]:
        """Members, and invitations beside them (S3-08)."""
        return tabs.beside("invites")

    def can_edit(self, item: Invite) -> bool:
        return super().can_edit(item) and not self.why_not(item)

    def can_delete(self, item: Invite) -> bool:
        return super().can_delete(item) and not self.why_not(item)

    # words for the templates

    def valid_until(self) -> str:
        """Until when an invitation sent now is valid (S1-22)."""
        return local_datetime(utcnow() + invites.VALID_FOR)

    def page(self, template: str, **words: Any) -> str:
        return super().page(template, cells=cells, **words)

    def letter(self, invite: Invite) -> Letter | None:
        """The newest letter of an invitation."""
        return queries.letters([invite]).get(invite.id)

    def reason(self, letter: Letter) -> str:
        """Why a letter has not left."""
        return spoken(letter.reason)

    def steps(self, invite: Invite) -> Sequence[progress.Step]:
        """How far it has come (S3-50)."""
        return progress.steps(
            invite, self.letter(invite), invites.account_of(invite.address), now=utcnow()
        )

    def missing(self, these: Sequence[progress.Step]) -> progress.Step | None:
        """The step that is in the way."""
        return progress.missing(these)

    def state(self, invite: Invite) -> str:
        """Pending, declined, expired, accepted or cancelled."""
        return queries.state_of(invite, now=utcnow())

    def offered(self, invite: Invite) -> Sequence[Any]:
        """The names of the single authorities offered."""
        return [CATALOGUE[key].name for key in CATALOGUE if key in invite.authorities]

    def is_expired(self, invite: Invite) -> bool:
        return invite.has_expired(utcnow())

    def most(self) -> int:
        return addresses.MOST

    def _offer(self, form: AskingForm) -> None:
        form.offer_to_choose(
            roles.available(organization()), seat().gives_to(), power=seat().is_power
        )

    def _again(self) -> Invite | None:
        asked = request.args.get("again", "")
        try:
            return self.load(asked) if asked else None
        except NotFound:
            return None
