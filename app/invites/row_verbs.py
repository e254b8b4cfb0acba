"""What can be done with an invitation in its row and on its page: send again, cancel, invite again,
delete.

Here: which verb which invitation has, and the doors that InviteView opens beside list, show and
forms. Not here: what happens (invites.service, invites.discarding).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, ClassVar

from flask import redirect, url_for
from flask_appbuilder import expose
from flask_appbuilder.actions import action
from flask_appbuilder.security.decorators import has_access
from werkzeug.wrappers import Response

from app.http.context import seat
from app.invites import discarding, kinds
from app.invites import service as invites
from app.kernel.clock import utcnow
from app.kernel.errors import obstacle
from app.kernel.i18n import _, lazy
from app.models import Invite
from app.screens.actions import ActionsMixin, Page
from app.screens.batch_verbs import Asked, begin
from app.screens.rows import RowVerb

OPEN_ONLY = frozenset({"edit", "delete", "resend"})
"""Verbs of an invitation that waits for an answer; `delete` cancels it."""
OVER_ONLY = frozenset({"again", "discard"})
"""Verbs of one that was declined or has expired."""


class InviteVerbs(ActionsMixin):
    """The verbs of an invitation's row and page."""

    endpoint: str
    delete_label: ClassVar[Any]
    edit_title: Any
    _offers: Callable[[str], bool]
    action_explanations: ClassVar[dict[str, Any]] = {
        "resend": lazy(
            "The invitation email is sent again with a new link, valid for a week. The older "
            "link no longer works."
        ),
        "discard": lazy(
            "It is permanently removed from the list. The activity log still shows it."
        ),
    }

    def row_menu(self) -> Sequence[RowVerb]:
        """Details, and whatever the row's invitation can still go through."""
        verbs = [RowVerb("show", lazy("Details"), "eye")]
        if not self._offers("edit"):
            return verbs
        return [
            *verbs,
            RowVerb("edit", self.edit_title, "pencil", modal=True),
            RowVerb("resend", lazy("Send again"), "arrow-repeat", modal=True),
            RowVerb("again", lazy("Invite again"), "arrow-repeat"),
            RowVerb("delete", self.delete_label, "slash-circle", danger=True, modal=True),
            RowVerb("discard", lazy("Delete"), "trash", danger=True, modal=True),
        ]

    def row_locks(self, item: Invite) -> str:
        return " ".join(sorted(self._locked(item)))

    def why_not(self, item: Invite) -> str:
        """Why the reader cannot change an invitation, "" where they can."""
        return obstacle(lambda: invites.ensure_may_change(item, by=seat(), now=utcnow()))

    def _locked(self, item: Invite) -> frozenset[str]:
        """The verbs that this reader does not have for this invitation."""
        if not item.is_open(utcnow()):
            return OPEN_ONLY
        return OVER_ONLY | OPEN_ONLY if self.why_not(item) else OVER_ONLY

    def allowed_actions(self, item: Invite) -> Sequence[Any]:
        """The actions of an open invitation, or of one that is over."""
        missing = self._locked(item)
        found = (one for one in self.actions.values() if one.single and self._may_act(one))
        return [one for one in found if one.name not in missing]

    def action_question(self, name: str, item: Invite) -> str:
        words = {"address": item.address}
        if name == "resend":
            return _("Send the invitation to %(address)s again?", **words)
        if name == "discard":
            return _("Delete the invitation to %(address)s?", **words)
        return super().action_question(name, item)

    @expose("/again/<pk>")
    @has_access
    def again(self, pk: str) -> Response:
        """To a new invitation, filled in as one that is over was (D-C2)."""
        return redirect(url_for(f"{self.endpoint}.add", again=self.load(pk).id))

    @action("resend", lazy("Send again"), "", "arrow-repeat")
    def resend(self, items: Any) -> Page | None:
        if isinstance(items, Invite):
            self.carry_out(
                lambda: invites.resend(items, by=seat(), now=utcnow()),
                more=_("The link is new, and valid for a week. The older link no longer works."),
            )
            return None
        return begin(kinds.RESEND, items)

    @action("cancel", lazy("Cancel the invitations"), "", "slash-circle", single=False)
    def cancel_selected(self, asked: Asked) -> Page:
        return begin(kinds.CANCEL, asked)

    @action("discard", lazy("Delete"), "", "trash")
    def discard(self, items: Any) -> Page | None:
        if isinstance(items, Invite):
            self.carry_out(lambda: discarding.discard(items, by=seat(), now=utcnow()))
            return redirect(self.list_url())
        return begin(kinds.DISCARD, items)
