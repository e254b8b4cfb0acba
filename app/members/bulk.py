"""Verbs for many members at once: suspend, reinstate, remove, give and take a role.

Here: asking first, then one transaction with a refusal per row. Not here: what happens
(memberships.service).
"""

from __future__ import annotations

from typing import Any, ClassVar

from flask import flash, redirect, request
from flask_appbuilder.actions import action

from app.http.context import seat
from app.http.paths import asked_next
from app.kernel.clock import utcnow
from app.kernel.i18n import _, lazy, ngettext
from app.kernel.signals import membership_ended, membership_suspended
from app.managed_accounts import first_sign_in
from app.managed_accounts import service as managed
from app.member_roles.builtin import role_name
from app.members import obstacles, queries
from app.members.forms import SuspensionForm
from app.memberships import service as members
from app.memberships import suspension
from app.models import MemberRole, Membership
from app.offers.context import available_roles, keeps_invites, role_called
from app.screens.actions import UNPROCESSABLE, ActionsMixin, Page
from app.screens.rows import RowVerb

Rows = list[Membership]
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

    def ask(self, verb: str, items: Rows, form: SuspensionForm | None = None) -> str:
        """The page that names everybody concerned before many are suspended or removed (S4-15)."""
        rows = [
            (item, obstacles.obstacle(verb, item, by=seat())) for item in queries.fetched(items)
        ]
        possible = [item for item, why in rows if not why]
        signal = membership_ended if verb == "remove" else membership_suspended
        return self.page(
            "members/ask.html",
            title=_("Are you sure?"),
            verb=verb,
            rows=rows,
            possible=len(possible),
            form=form,
            consequences=signal.consequences(possible, now=utcnow()),
            keeping=possible,
        )

    @action("suspend", lazy("Suspend…"), "", "pause-circle", single=False)
    def suspend(self, items: Rows) -> Page | None:
        form = SuspensionForm()
        if "sure" not in request.form:
            return self.ask("suspend", items, form)
        if not form.validate():
            return self.ask("suspend", items, form), UNPROCESSABLE
        self.each(
            items,
            lambda member: suspension.suspend(
                member, reason=form.reason.data or "", keep=keeps_invites(), by=seat(), now=utcnow()
            ),
            lambda count: ngettext(
                "%(num)s member was suspended.", "%(num)s members were suspended.", count
            ),
        )
        return None

    @action("reinstate", lazy("Reinstate"), "", "arrow-counterclockwise")
    def reinstate(self, items: Rows | Membership) -> Page | None:
        return self.act(
            items,
            lambda member: suspension.reinstate(member, by=seat(), now=utcnow()),
            lambda count: ngettext(
                "%(num)s member was reinstated.", "%(num)s members were reinstated.", count
            ),
        )

    @action("unlock", lazy("Unlock"), "", "unlock", multiple=False)
    def unlock(self, item: Membership) -> Page:
        """Let somebody whom wrong passwords shut out try again."""
        self.carry_out(lambda: managed.unlock(item, by=seat(), now=utcnow()))
        return redirect(asked_next(self.show_url(item)))

    @action("give_role", lazy("Give a role…"), "", "plus-circle", single=False)
    def give_role_to(self, items: Rows) -> Page | None:
        role = role_called(request.form.get("chosen_role"))
        if role is None:
            return self._ask_role("give_role", items)
        self.each(
            items,
            lambda member: members.add_role(member, role, by=seat(), now=utcnow()),
            lambda count: ngettext(
                "%(num)s member has the role %(role)s now.",
                "%(num)s members have the role %(role)s now.",
                count,
                role=role_name(role),
            ),
        )
        return None

    @action("take_role", lazy("Take a role away…"), "", "dash-lg", single=False)
    def take_role_from(self, items: Rows) -> Page | None:
        role = role_called(request.form.get("chosen_role"))
        if role is None:
            return self._ask_role("take_role", items)
        holders = [member for member in items if role in member.roles]
        sure = "sure" in request.form
        last = [] if sure else [member for member in holders if members.is_last_role(member, role)]
        if last and "others" not in request.form:
            return self._ask_last("take_role", role, items, last)
        self.each(
            [member for member in holders if member not in last],
            lambda member: members.remove_role(
                member, role, sure=sure, keep=keeps_invites(), by=seat(), now=utcnow()
            ),
            lambda count: ngettext(
                "%(num)s member no longer has the role %(role)s.",
                "%(num)s members no longer have the role %(role)s.",
                count,
                role=role_name(role),
            ),
        )
        if not holders:
            flash(
                _("None of the selected members has the role %(role)s.", role=role_name(role)),
                "warning",
            )
        return None

    @action("send_first_sign_in", lazy("Send the sign-in email again"), "", "send")
    def send_first_sign_in(self, items: Rows | Membership) -> Page | None:
        """Send the letter of the first sign-in again, to one or to many."""
        return self.act(
            items,
            lambda member: first_sign_in.send_again(member, by=seat(), now=utcnow()),
            lambda count: ngettext(
                "The sign-in email is being sent to %(num)s member.",
                "The sign-in email is being sent to %(num)s members.",
                count,
            ),
            said=_("We’re sending the sign-in email."),
        )

    @action("remove", lazy("Remove…"), "", "person-x", single=False)
    def remove_selected(self, items: Rows) -> Page | None:
        if "sure" not in request.form:
            return self.ask("remove", items)
        self.each(
            items,
            lambda member: members.remove(member, keep=keeps_invites(), by=seat(), now=utcnow()),
            lambda count: ngettext(
                "%(num)s member was removed.", "%(num)s members were removed.", count
            ),
        )
        return None

    def _ask_role(self, verb: str, items: Rows) -> str:
        roles = [(role, role_name(role)) for role in available_roles()]
        return self.page(
            "members/ask_role.html",
            title=_("Which role?"),
            verb=verb,
            items=queries.fetched(items),
            roles=roles,
        )

    def _ask_last(self, verb: str, role: MemberRole, items: Rows, last: Rows) -> str:
        """The page that asks about those who would have nothing left (D-C13)."""
        return self.page(
            "members/ask_last.html",
            title=_("Are you sure?"),
            verb=verb,
            role=role,
            role_name=role_name,
            items=items,
            last=queries.fetched(last),
            consequences=membership_ended.consequences(last, now=utcnow()),
        )
