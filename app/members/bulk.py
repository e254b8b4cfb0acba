"""Verbs for many members at once.

Here: which verbs the list offers. Not here: what they check, ask and do (members.kinds), running
them (batches).
"""

from __future__ import annotations

from typing import Any, ClassVar

from flask import redirect
from flask_appbuilder.actions import action

from app.http.context import seat
from app.http.paths import asked_next
from app.kernel.clock import utcnow
from app.kernel.i18n import _, lazy
from app.managed_accounts import first_sign_in
from app.managed_accounts import service as managed
from app.members import account_kinds, kinds, offer_kinds, role_kinds
from app.memberships import suspension
from app.models import Membership
from app.screens.actions import ActionsMixin, Page
from app.screens.batch_verbs import Asked, begin
from app.screens.rows import RowVerb

SUSPENSION = (
    RowVerb("suspension", lazy("Suspend"), "pause-circle", modal=True),
    RowVerb("reinstate", lazy("Reinstate"), "arrow-counterclockwise", modal=True),
)
"""What the menu of a row offers beside the usual verbs."""


class BulkActions(ActionsMixin):
    """What can be done with the selected members, or with all that match."""

    action_explanations: ClassVar[dict[str, Any]] = {
        "reinstate": lazy("They have access to this organization again immediately.")
    }

    @action("suspend", lazy("Suspend…"), "", "pause-circle", single=False)
    def suspend(self, asked: Asked) -> Page:
        return begin(kinds.SUSPEND, asked)

    @action("reinstate", lazy("Reinstate"), "", "arrow-counterclockwise")
    def reinstate(self, items: Asked | Membership) -> Page:
        return self.act(
            items,
            kinds.REINSTATE,
            lambda member: suspension.reinstate(member, by=seat(), now=utcnow()),
        )

    @action("unlock", lazy("Unlock"), "", "unlock", multiple=False)
    def unlock(self, item: Membership) -> Page:
        """Let somebody whom wrong passwords shut out try again."""
        self.carry_out(lambda: managed.unlock(item, by=seat(), now=utcnow()))
        return redirect(asked_next(self.show_url(item)))

    @action("give_role", lazy("Give a role…"), "", "plus-circle", single=False)
    def give_role_to(self, asked: Asked) -> Page:
        return begin(role_kinds.GIVE_ROLE, asked)

    @action("take_role", lazy("Take a role away…"), "", "dash-lg", single=False)
    def take_role_from(self, asked: Asked) -> Page:
        return begin(role_kinds.TAKE_ROLE, asked)

    @action("remove", lazy("Remove…"), "", "person-x", single=False)
    def remove_selected(self, asked: Asked) -> Page:
        return begin(kinds.REMOVE, asked)

    @action("set_type", lazy("Change the type…"), "", "sliders", single=False)
    def set_type_of(self, asked: Asked) -> Page:
        return begin(offer_kinds.SET_TYPE, asked)

    @action("give_authorities", lazy("Give authorities…"), "", "plus-circle", single=False)
    def give_authorities_to(self, asked: Asked) -> Page:
        return begin(offer_kinds.GIVE_AUTHORITIES, asked)

    @action("take_authorities", lazy("Take authorities away…"), "", "dash-lg", single=False)
    def take_authorities_from(self, asked: Asked) -> Page:
        return begin(offer_kinds.TAKE_AUTHORITIES, asked)

    @action("end_sessions", lazy("End sessions…"), "", "box-arrow-right", single=False)
    def end_sessions_of(self, asked: Asked) -> Page:
        return begin(account_kinds.END_SESSIONS, asked)

    @action("require_password", lazy("Require a new password…"), "", "key", single=False)
    def require_password_of(self, asked: Asked) -> Page:
        return begin(account_kinds.REQUIRE_PASSWORD, asked)

    @action("set_two_factor", lazy("2-step verification…"), "", "shield-lock", single=False)
    def set_two_factor_of(self, asked: Asked) -> Page:
        return begin(account_kinds.SET_TWO_FACTOR, asked)

    @action("set_language", lazy("Change the language…"), "", "translate", single=False)
    def set_language_of(self, asked: Asked) -> Page:
        return begin(account_kinds.SET_LANGUAGE, asked)

    @action("send_first_sign_in", lazy("Send the sign-in email again"), "", "send")
    def send_first_sign_in(self, items: Asked | Membership) -> Page:
        """Send the letter of the first sign-in again, to one or to many."""
        return self.act(
            items,
            kinds.SEND_FIRST,
            lambda member: first_sign_in.send_again(member, by=seat(), now=utcnow()),
            said=_("We’re sending the sign-in email."),
        )
