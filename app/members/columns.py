"""What files hold of a member and programs are told, under names that are never translated (R13,
S3-25).

Here: one tuple of columns. Not here: the list on the screen (members.lists), who may read a column
(access.policy).
"""

from __future__ import annotations

from typing import Any

from marshmallow import fields

from app.access.seat import effective_authorities
from app.exchange.columns import MANAGERS, TEXT, Column, authorities_of, same
from app.kernel.i18n import lazy
from app.members.queries import STATES, state_of
from app.models import Membership
from app.offers.shapes import TYPES, roles_of
from app.rest.schemas import Moment, Word


def _account(key: str, label: Any, field: fields.Field | None = None, **more: Any) -> Column:
    """A column of the member's account."""
    return same(key, label, field or TEXT, of=f"account.{key}", **more)


def _effective(member: Membership) -> list[str]:
    return [] if member.account.is_suspended else sorted(effective_authorities(member))


COLUMNS = (
    same("id", lazy("Member ID"), fields.Integer()),
    same("account_id", lazy("Account ID"), fields.Integer()),
    _account("login_id", lazy("Login ID")),
    _account("email", lazy("E-mail address")),
    _account("family_name", lazy("Family name")),
    _account("given_name", lazy("Given name")),
    _account("reading", lazy("Reading")),
    _account("latin_name", lazy("Name in Latin letters")),
    _account("language", lazy("Language")),
    same("type", lazy("Type"), Word(*TYPES)),
    roles_of(lazy("Roles")),
    authorities_of(lazy("Single authorities"), about=lazy("Authorities granted singly.")),
    Column(
        "effective_authorities",
        lazy("Effective authorities"),
        _effective,
        field=fields.List(fields.String()),
        about=lazy("What the member may do at this moment, by type, roles and single authorities."),
    ),
    Column("state", lazy("State"), state_of, field=Word(*STATES)),
    Column(
        "suspended_at",
        lazy("Suspended since"),
        lambda member: member.suspended_at or member.account.suspended_at,
        field=Moment(allow_none=True),
    ),
    same("suspended_reason", lazy("Reason"), fields.String(), needs=MANAGERS),
    same("joined_at", lazy("Joined"), Moment()),
    Column(
        "invited_by",
        lazy("Invited by"),
        lambda member: member.invited_by.email if member.invited_by else None,
        field=fields.String(allow_none=True),
    ),
    same("last_access_at", lazy("Last access"), Moment(allow_none=True)),
    _account("last_sign_in_at", lazy("Last sign-in"), Moment(allow_none=True)),
    _account("two_factor", lazy("2-step verification"), fields.Boolean(), needs=MANAGERS),
    same(
        "two_factor_required",
        lazy("2-step verification required"),
        fields.Boolean(),
        of="organization.two_factor_required",
    ),
    Column(
        "managed",
        lazy("Registered by this organization"),
        lambda member: member.account.managed_by_id == member.organization_id,
        field=fields.Boolean(),
        about=lazy("Whether this organization registered the account."),
    ),
)
