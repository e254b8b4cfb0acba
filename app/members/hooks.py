"""What a member loses of the membership itself: roles, authorities, and the organization's hand on
an account that it registered.

Here: what happens to it, and the words for the page that asks. Not here: what other features do
when a membership ends (their hooks).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ScalarSelect, func, select

from app.kernel import signals
from app.kernel.i18n import _, ngettext
from app.kernel.signals import Line
from app.models import Account, Membership


def connect() -> None:
    """Register what a member loses; the roles stay at the row for whoever brings them back."""
    ended = signals.membership_ended
    ended.register(
        "roles",
        count=lambda these, **_told: sum(len(one.roles) for one in these),
        say=lambda count: (_("Roles"), f"{count}"),
        place=40,
    )
    ended.register(
        "authorities",
        count=lambda these, **_told: sum(len(one.authorities) for one in these),
        say=lambda count: (_("Single authorities"), f"{count}"),
        place=50,
    )
    ended.register("managed", _let_go, count=_managed_here, say=_edited_by_owners, place=60)


def _let_go(membership: Membership, **_told: Any) -> None:
    if membership.account.managed_by_id == membership.organization_id:
        membership.account.managed_by = None


def _managed_here(memberships: Sequence[Membership], **_told: Any) -> ScalarSelect[int]:
    return (
        select(func.count(Account.id))
        .where(
            Account.id.in_([one.account_id for one in memberships]),
            Account.managed_by_id == memberships[0].organization_id,
        )
        .scalar_subquery()
    )


def _edited_by_owners(count: int) -> Line:
    return _("Accounts that this organization registered"), ngettext(
        "%(num)s, from then on edited by its owner alone",
        "%(num)s, from then on edited by their owners alone",
        count,
    )
