"""The members' screens: list, show, edit, remove; what else they open is put together here.

Here: what is shown and pressed. Not here: what happens (memberships.service), registering
(managed_accounts.register_views), one member's other pages (members.pages), roles one by one
(members.role_views), many at once (members.bulk).
"""

from __future__ import annotations

from functools import partial
from typing import Any

from flask import url_for
from sqlalchemy import Select

from app.access import locks
from app.access.policy import may
from app.http.context import seat
from app.http.reauthentication import ensure_recent_for_power
from app.kernel.clock import utcnow
from app.kernel.i18n import _, lazy
from app.kernel.signals import membership_ended
from app.managed_accounts.account_views import AccountPage
from app.managed_accounts.forms import RegisterForm
from app.managed_accounts.register_views import RegisterPages
from app.members import list_rows, lists, obstacles
from app.members.bulk import SUSPENSION, BulkActions
from app.members.list_rows import ListedMember
from app.members.lists import BESIDE
from app.members.pages import MemberPages
from app.members.role_views import RolePages
from app.memberships import service as members
from app.memberships.preview import MemberPreview, preview
from app.models import Membership
from app.offers.context import keeps_invites
from app.offers.forms import OfferForm
from app.offers.offer import Offer
from app.screens.formatters import display_name
from app.screens.preview import PreviewingModelView
from app.screens.rows import RowVerb
from app.screens.services import asks, does, says


class MemberView(
    MemberPages, AccountPage, RegisterPages, RolePages, BulkActions, PreviewingModelView
):
    """Members of the current organization: メンバー (S0-01…S0-08, S2-01…S2-12)."""

    definition = lists.MEMBERS

    list_title = lazy("Members")
    add_title = lazy("Register a member")
    edit_title = lazy("Edit the membership")
    delete_title = delete_label = lazy("Remove from the organization")
    add_label = lazy("Register")
    added_more = lazy("We’re sending the sign-in email.")

    cell_classes = {
        "email": "lo full",
        "type": "inline",
        "roles": "full order-last",
        "joined_at": "lo wide",
        "last_access_at": "inline",
        "last_sign_in_at": "inline",
        "state": "inline",
    }
    add_form = RegisterForm
    edit_form = OfferForm
    page_folder = "members"
    row_template = "members/_rows.html"
    add_template = "managed_accounts/register.html"
    tab_views = BESIDE

    method_permission_name = {"list": "read", "show": "read", "leave": "leave", "*": "manage"}

    service = locks
    event_prefix = "member_"
    event_subject = "account_id"
    watched_columns = ("type", "roles", "authorities")
    ends_with = membership_ended
    item_name = says(lambda member: display_name(member.account))
    ensure_deletable = asks(partial(obstacles.ensure, "remove"))
    remove = does(members.remove, keep=keeps_invites)

    def fetch(self, query: Select[Any], count: Any) -> tuple[list[ListedMember], list[int]]:
        """One page as plain values."""
        return list_rows.read_page(query, count)

    def rows(self, members: list[ListedMember]) -> list[list_rows.Row]:
        """One page of the list, worked out for its template."""
        return list_rows.draw(members, by=seat(), locks=self._locks)

    USUAL_LOCKS = "reinstate"
    """What most rows lack: said once, at the table."""

    def row_words(self) -> dict[str, str]:
        """What scripts need to draw × and + for roles in every row that has them (S4-16, S4-17)."""
        if not may(seat(), "manage", "Member"):
            return {}
        return {
            "data-locks": self.USUAL_LOCKS,
            "data-take": url_for("MemberView.take_role", pk=0),
            "data-take-words": _("Remove the role %(role)s", role="{}"),
            "data-give": list_rows.menu_url(0),
            "data-give-words": _("Add a role to %(name)s", name="{}"),
        }

    def _locks(self, item: ListedMember, editable: bool) -> str:
        """The verbs of the row's menu that this member does not have, by name."""
        if not editable:
            return "edit suspension reinstate delete"
        if item.account_id == seat().account.id:
            return "suspension reinstate delete"
        return "suspension" if item.is_suspended else "reinstate"

    def row_menu(self) -> list[RowVerb]:
        """The usual verbs, and suspension with its end."""
        verbs = [*super().row_menu()]
        return [*verbs[:-1], *SUSPENSION, *verbs[-1:]] if self._offers("suspension") else verbs

    # editing, removing

    def fill(self, form: Any, item: Membership | None = None) -> None:
        if item is not None:
            seat().must_cover_member(item)
            form.show(Offer.of(item))

    def update(self, item: Membership, form: OfferForm) -> None:
        ensure_recent_for_power(
            seat(), becomes=form.offer.is_power, is_now=item.is_power, now=utcnow()
        )
        members.edit(item, offer=form.offer, keep=keeps_invites(), by=seat(), now=utcnow())

    def preview(self, item: Membership, form: OfferForm) -> MemberPreview:
        """What the member gains and loses."""
        return preview(item, form.offer, by=seat())

    def delete_question(self, item: Membership) -> str:
        return _(
            "Remove %(name)s from %(organization)s?",
            name=self.item_name(item),
            organization=self.organization_name(),
        )
