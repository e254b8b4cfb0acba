"""The organization's screen of invitations.

Here: what is shown and pressed. Not here: what happens (invites.service, invites.sending), the
invited person's pages (my_views, sign_in.invite_views).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import redirect, request, url_for
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access
from werkzeug.wrappers import Response

from app.activity import results
from app.former_members import afresh as returning
from app.http.context import organization, seat
from app.http.reauthentication import ensure_recent_for_power
from app.invites import addresses, cells, kinds, lists, queries, sending
from app.invites import service as invites
from app.invites.forms import AskingForm, InviteForm
from app.kernel.clock import utcnow
from app.kernel.errors import NotFound
from app.kernel.i18n import lazy
from app.kernel.tokens import new_public_id
from app.members.lists import BESIDE
from app.models import Invite
from app.offers.offering import OfferMixin
from app.screens.formatters import local_datetime
from app.screens.model_view import ServiceModelView
from app.screens.row_actions import row_action
from app.screens.rows import RowVerb
from app.screens.services import does

OPEN_ONLY = frozenset({"edit", "delete", "resend"})
"""Verbs of an invitation that waits for an answer; `delete` cancels it."""
OVER_ONLY = frozenset({"again", "discard"})
"""Verbs of one that was declined or has expired."""


class InviteView(OfferMixin, ServiceModelView):
    """Invitations to the current organization: メンバーズ組織への招待 (S1-06…S1-26, S3-29…)."""

    definition = lists.INVITES

    list_title = lazy("Invitations")
    add_title = lazy("New invitation")
    edit_title = lazy("Edit the invitation")
    delete_title = delete_label = lazy("Cancel the invitation")
    delete_icon = "slash-circle"
    delete_asks = lazy("Cancel the invitation of %(name)s?")
    keep_label = lazy("Keep")
    add_label = lazy("Send invitations")
    added_more = lazy("We’re sending the invitation email.")
    empty_title = lazy("No open invitations")
    empty_text = lazy(
        "Invite people by e-mail, up to 20 at once. What is not answered yet, was declined or has"
        " expired stands here."
    )
    action_asks = {
        "resend": lazy("Send the invitation to %(name)s again?"),
        "discard": lazy("Delete the invitation to %(name)s?"),
    }
    action_explanations = {
        "resend": lazy(
            "The invitation email is sent again with a new link, valid for a week. The older "
            "link no longer works."
        ),
        "discard": lazy(
            "It is permanently removed from the list. The activity log still shows it."
        ),
    }

    cell_classes = {
        "inviter": "lo wide",
        "type": "inline",
        "offer": "inline",
        "status": "inline",
        "letter": "lo wide",
        "expires_at": "full",
    }
    page_folder = "invites"
    page_words = {"cells": cells}
    tab_views = BESIDE
    add_form = InviteForm
    edit_form = AskingForm

    method_permission_name = {"list": "read", "show": "read", "*": "send"}

    service = invites
    event_prefix = "invite_"
    remove = does(invites.cancel)

    resend = row_action(
        "resend",
        lazy("Send again"),
        invites.resend,
        kinds.RESEND,
        icon="arrow-repeat",
        more=lazy("The link is new, and valid for a week. The older link no longer works."),
    )
    cancel = row_action(
        "cancel",
        lazy("Cancel the invitations"),
        invites.cancel,
        kinds.CANCEL,
        icon="slash-circle",
        single=False,
    )
    discard = row_action(
        "discard",
        lazy("Delete"),
        invites.discard,
        kinds.DISCARD,
        icon="trash",
        is_end=True,
    )

    @expose("/again/<pk>")
    @has_access
    def again(self, pk: str) -> Response:
        """To a new invitation, filled in as one that is over was (D-C2)."""
        return redirect(url_for(f"{self.endpoint}.add", again=self.load(pk).id))

    # rows: what each offers

    def row_class(self, item: Invite) -> str:
        return {queries.EXPIRED: "due", queries.DECLINED: "off"}.get(
            queries.state_of(item, now=utcnow()), ""
        )

    def row_menu(self) -> Sequence[RowVerb]:
        """What the row's invitation can still go through, a new one like it too."""
        again = RowVerb("again", lazy("Invite again"), "arrow-repeat")
        verbs = super().row_menu()
        return [*verbs[:-2], again, *verbs[-2:]] if self._offers("edit") else verbs

    def locked(self, item: Invite) -> frozenset[str]:
        if not item.is_open(utcnow()):
            return OPEN_ONLY
        return OVER_ONLY | OPEN_ONLY if self.why_not(item) else OVER_ONLY

    def ensure_may_change(self, item: Invite) -> None:
        invites.ensure_may_change(item, by=seat(), now=utcnow())

    # sending and editing

    def prepare(self, form: AskingForm, item: Invite | None = None) -> None:
        super().prepare(form, item)
        if isinstance(form, InviteForm):
            form.link_to = cells.way_out

    def fill(self, form: Any, item: Invite | None = None) -> None:
        """Show an invitation's offer, or that of the expired one that is sent again (D-C2)."""
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
        to, asking = [form.addresses.data], form.asking
        with results.together(new_public_id()):
            return sending.send(organization(), to=to, asking=asking, by=seat(), now=utcnow())

    def give(self, item: Invite, form: AskingForm) -> None:
        invites.edit(item, offer=form.offer, preset=form.preset.data, by=seat(), now=utcnow())

    def _again(self) -> Invite | None:
        asked = request.args.get("again", "")
        try:
            return self.load(asked) if asked else None
        except NotFound:
            return None

    # words for the templates

    def valid_until(self) -> str:
        """Until when an invitation sent now is valid (S1-22)."""
        return local_datetime(utcnow() + invites.VALID_FOR)

    def most(self) -> int:
        return addresses.MOST
