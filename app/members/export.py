"""Members as a file: every column in its order (R13), and the door that hands it out.

Here: names of columns, which are never translated, labels, raw values. Not here: how a file is
written (exchange).
"""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import joinedload, selectinload

from app.access.seat import effective_authorities
from app.activity import events
from app.exchange.columns import BY_NAME, MANAGERS, Column, authorities_of, role_names, same
from app.exchange.files import File
from app.exchange.views import ExportView
from app.kernel.i18n import lazy
from app.members import lists
from app.members.queries import state_of as member_state
from app.models import Membership


def of_account(key: str, label: Any) -> Column:
    """A column of the member's account."""
    return Column(key, label, lambda row: getattr(row.account, key))


def _effective(member: Membership) -> list[str]:
    return [] if member.account.is_suspended else sorted(effective_authorities(member))


COLUMNS = (
    same("id", lazy("Member ID")),
    same("account_id", lazy("Account ID")),
    of_account("login_id", lazy("Login ID")),
    of_account("email", lazy("E-mail address")),
    of_account("family_name", lazy("Family name")),
    of_account("given_name", lazy("Given name")),
    of_account("reading", lazy("Reading")),
    of_account("latin_name", lazy("Name in Latin letters")),
    of_account("language", lazy("Language")),
    same("type", lazy("Type")),
    Column("roles", lazy("Roles"), lambda member: role_names(member.roles), BY_NAME),
    authorities_of(lazy("Single authorities")),
    Column("effective_authorities", lazy("Effective authorities"), _effective),
    Column("state", lazy("State"), member_state),
    Column(
        "suspended_at",
        lazy("Suspended since"),
        lambda member: member.suspended_at or member.account.suspended_at,
    ),
    Column(
        "suspended_reason", lazy("Reason"), lambda member: member.suspended_reason, needs=MANAGERS
    ),
    same("joined_at", lazy("Joined")),
    Column(
        "invited_by",
        lazy("Invited by"),
        lambda member: member.invited_by.email if member.invited_by else None,
    ),
    same("last_access_at", lazy("Last access")),
    of_account("last_sign_in_at", lazy("Last sign-in")),
    Column(
        "two_factor",
        lazy("2-step verification"),
        lambda member: member.account.two_factor,
        needs=MANAGERS,
    ),
    Column(
        "two_factor_required",
        lazy("2-step verification required"),
        lambda member: member.organization.two_factor_required,
    ),
    Column(
        "managed",
        lazy("Registered by this organization"),
        lambda member: member.account.managed_by_id == member.organization_id,
    ),
)

FILE = File(
    "members",
    Membership,
    COLUMNS,
    events.MEMBER_LIST_EXPORTED,
    (
        joinedload(Membership.account),
        joinedload(Membership.organization),
        joinedload(Membership.invited_by),
        selectinload(Membership.roles),
    ),
)


class MemberExport(ExportView):
    """Members as a file."""

    file = FILE
    definition = lists.MEMBERS
