"""The page of how a member signs in, for those who manage the member.

Here: what is shown. Not here: the buttons (account_access.signing_in_pages), what happens
(managed_accounts.signing_in).
"""

from __future__ import annotations

from typing import Any

from flask import url_for

from app.account_access.signing_in_pages import SigningInPages
from app.http.context import seat
from app.kernel.clock import utcnow
from app.kernel.errors import obstacle
from app.kernel.i18n import _
from app.managed_accounts import signing_in
from app.memberships.interface import MemberInterface
from app.models import Membership
from app.screens.formatters import display_name


class MemberSigningInView(SigningInPages):
    """How a member signs in: サインインの状況."""

    route_base = "/o/<organization>/members/signing-in"
    class_permission_name = "Member"
    method_permission_name = {"*": "manage"}
    rows = MemberInterface(Membership)
    verbs = signing_in

    def words(self, item: Membership) -> dict[str, Any]:
        signing_in.ensure_below(item, by=seat())
        name = display_name(item.account)
        return {
            "name": name,
            "account": item.account,
            "signing": signing_in.details_of(item, by=seat(), now=utcnow()),
            "why_end": "",
            "ends_whole": signing_in.ends_whole(item, by=seat()),
            "why_reset": obstacle(lambda: signing_in.ensure_resettable(item, by=seat())),
            "crumbs_above": [
                (_("Members"), url_for("MemberView.list")),
                (name, url_for("MemberView.show", pk=item.id)),
            ],
        }
