"""What a member loses of the membership itself: roles, authorities, and the organization's hand on
an account that it registered.

Here: what happens to it, and the words for the page that asks. Not here: what other features do
when a membership ends (their hooks).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ScalarSelect

from app.kernel.i18n import _, ngettext
from app.kernel.signals import Hook, Line, membership_ended
from app.models import Account, Membership
from app.models.subjects import how_many, rows_of


def connect() -> None:
    """Say what a member loses; the roles stay at the row for whoever brings the member back."""
    membership_ended.hooks["roles"] = Hook(
        count=lambda members, **_told: sum(len(member.roles) for member in members),
        say=lambda count: (_("Roles"), f"{count}"),
        place=40,
    )
    membership_ended.hooks["authorities"] = Hook(
        count=lambda members, **_told: sum(len(member.authorities) for member in members),
        say=lambda count: (_("Single authorities"), f"{count}"),
        place=50,
    )
    membership_ended.hooks["managed"] = Hook(_let_go, _managed, _edited_by_owners, place=60)


def _let_go(membership: Membership, **_told: Any) -> None:
    if membership.account.managed_by_id == membership.organization_id:
        membership.account.managed_by = None


def _managed(memberships: Sequence[Membership], **_told: Any) -> ScalarSelect[int]:
    return how_many(Account, rows_of(memberships, Account.id, Account.managed_by_id))


def _edited_by_owners(count: int) -> Line:
    return _("Accounts that this organization registered"), ngettext(
        "%(num)s, from then on edited by its owner alone",
        "%(num)s, from then on edited by their owners alone",
        count,
    )
