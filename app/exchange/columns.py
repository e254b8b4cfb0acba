"""Columns: what each file holds, as one tuple per file (R13).

Here: the name of each column, its label for people, and how a row gives its raw value (S3-25). Not
here: which rows (exchange.queries), how they are written (exchange.writing).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from app.access.seat import effective_authorities
from app.invites.queries import state_of as invite_state
from app.kernel.clock import utcnow
from app.kernel.i18n import lazy
from app.members.queries import state_of as member_state
from app.models import MemberRole, Membership

MANAGERS = ("manage", "Member")
BY_NAME = "; "
"""What stands between names in one cell; keys, which have no spaces, are separated by a space."""


@dataclass(frozen=True)
class Column:
    """One column: `key` is the head of the file and never translated, `value` takes a row."""

    key: str
    label: Any
    value: Callable[[Any], Any]
    separator: str = " "
    needs: tuple[str, str] | None = None
    """The permission and its view without which nobody reads it; None: whoever reads the rows."""


def _same(key: str, label: Any) -> Column:
    return Column(key, label, lambda row: getattr(row, key))


def _of_account(key: str, label: Any) -> Column:
    return Column(key, label, lambda row: getattr(row.account, key))


def _authorities(label: Any) -> Column:
    return Column("authorities", label, lambda row: sorted(row.authorities))


def _names(roles: list[MemberRole]) -> list[str]:
    return [role.name for role in roles]


def _effective(member: Membership) -> list[str]:
    return [] if member.account.is_suspended else sorted(effective_authorities(member))


MEMBERS = (
    _same("id", lazy("Member ID")),
    _same("account_id", lazy("Account ID")),
    _of_account("login_id", lazy("Login ID")),
    _of_account("email", lazy("E-mail address")),
    _of_account("family_name", lazy("Family name")),
    _of_account("given_name", lazy("Given name")),
    _of_account("reading", lazy("Reading")),
    _of_account("latin_name", lazy("Name in Latin letters")),
    _of_account("language", lazy("Language")),
    _same("type", lazy("Type")),
    Column("roles", lazy("Roles"), lambda member: _names(member.roles), BY_NAME),
    _authorities(lazy("Single authorities")),
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
    _same("joined_at", lazy("Joined")),
    Column(
        "invited_by",
        lazy("Invited by"),
        lambda member: member.invited_by.email if member.invited_by else None,
    ),
    _same("last_access_at", lazy("Last access")),
    _of_account("last_sign_in_at", lazy("Last sign-in")),
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

INVITES = (
    Column("id", lazy("Invitation ID"), lambda invite: invite.public_id),
    _same("address", lazy("Invited address")),
    _same("type", lazy("Type")),
    _same("preset", lazy("Authority preset")),
    Column("roles", lazy("Roles"), lambda invite: _names(invite.roles), BY_NAME),
    _authorities(lazy("Single authorities")),
    _same("language", lazy("Language")),
    Column("state", lazy("State"), lambda invite: invite_state(invite, now=utcnow())),
    Column("invited_by", lazy("Invited by"), lambda invite: invite.inviter_email or None),
    Column("inviter_hidden", lazy("Inviter hidden"), lambda invite: invite.hide_inviter),
    _same("created_at", lazy("Created")),
    _same("sent_at", lazy("Sent")),
    _same("expires_at", lazy("Valid until")),
    _same("answered_at", lazy("Answered")),
)

BINDINGS = (
    _same("id", lazy("Number of the addition")),
    Column("who", lazy("Added as"), lambda binding: binding.address),
    _same("type", lazy("Type")),
    Column("roles", lazy("Roles"), lambda binding: _names(binding.roles), BY_NAME),
    _authorities(lazy("Single authorities")),
    Column("state", lazy("State"), lambda binding: binding.status),
    Column("added_by", lazy("Added by"), lambda binding: binding.made_by_email or None),
    Column("added_at", lazy("Added"), lambda binding: binding.created_at),
    _same("settled_at", lazy("Answered or ended")),
)

ROLES = (
    _same("id", lazy("Role ID")),
    _same("key", lazy("Key of a built-in role")),
    _same("name", lazy("Name")),
    _same("description", lazy("Description")),
    _authorities(lazy("Authorities")),
)

ACTIVITY = (
    _same("id", lazy("Line")),
    _same("happened_at", lazy("When")),
    _same("event", lazy("Event")),
    Column("actor_account_id", lazy("Account ID of who did it"), lambda line: line.actor_id),
    _same("actor_name", lazy("Who")),
    _same("as_platform", lazy("As platform administrator")),
    _same("subject_id", lazy("ID of whom or what it concerns")),
    _same("subject_name", lazy("Whom or what it concerns")),
    _same("details", lazy("Details")),
    _same("via", lazy("API key")),
    _same("undoes_id", lazy("Takes back line")),
    _same("batch", lazy("Bulk action")),
)
