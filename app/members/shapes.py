"""Members' shapes: what programs send and are told about members; the names are those of the export
(S3-25).

Here: shapes, and a member as plain values. Not here: the operations (members.api).
"""

from __future__ import annotations

from typing import Any

from marshmallow import fields

from app.access.policy import may
from app.access.seat import effective_authorities
from app.accounts.policy import LOGIN_ID, LoginIdMalformed
from app.http.context import seat
from app.kernel.i18n import lazy
from app.members.lists import MEMBERS
from app.members.queries import ACTIVE, EXPIRED, NEVER, SUSPENDED, state_of
from app.models import Membership
from app.offers.shapes import TYPES, NamedRole, OfferBody, named
from app.rest.identifiers import Address, Identifier
from app.rest.pages import Page, PageQuery, order
from app.rest.schemas import (
    Flag,
    Like,
    Many,
    Moment,
    Number,
    Shape,
    Text,
    Word,
    authorities,
    language,
)
from app.screens.list_query import MOST_TYPED

FOR_MANAGERS = lazy("Null unless the key manages members.")
STATES = (ACTIVE, NEVER, SUSPENDED)


class Member(Shape):
    """A member of the key's organization."""

    id = fields.Integer(required=True)
    account_id = fields.Integer(required=True)
    login_id = fields.String(required=True)
    email = fields.String(required=True)
    family_name = fields.String(required=True)
    given_name = fields.String(required=True)
    reading = fields.String(required=True)
    latin_name = fields.String(required=True)
    language = fields.String(required=True)
    type = Word(*TYPES, required=True)
    roles = fields.List(fields.Nested(NamedRole), required=True)
    authorities = fields.List(
        fields.String(),
        required=True,
        metadata={"description": lazy("Authorities granted singly.")},
    )
    effective_authorities = fields.List(
        fields.String(),
        required=True,
        metadata={
            "description": lazy(
                "What the member may do at this moment, by type, roles and single authorities."
            )
        },
    )
    state = Word(*STATES, required=True)
    suspended_at = Moment(required=True, allow_none=True)
    suspended_reason = fields.String(
        required=True, allow_none=True, metadata={"description": FOR_MANAGERS}
    )
    joined_at = Moment(required=True)
    invited_by = fields.String(required=True, allow_none=True)
    last_access_at = Moment(required=True, allow_none=True)
    last_sign_in_at = Moment(required=True, allow_none=True)
    two_factor = fields.Boolean(
        required=True, allow_none=True, metadata={"description": FOR_MANAGERS}
    )
    two_factor_required = fields.Boolean(required=True)
    managed = fields.Boolean(
        required=True,
        metadata={"description": lazy("Whether this organization registered the account.")},
    )


class MemberPage(Page):
    """One page of members."""

    items = fields.List(fields.Nested(Member), required=True)


class MemberQuery(PageQuery):
    """What the list of members can be asked, as on its screen."""

    sort = order(MEMBERS)
    role = Many(Number(), metadata={"description": lazy("Members with any of these roles, by id.")})
    type = Word(*TYPES)
    status = Many(
        Word(*STATES, EXPIRED),
        metadata={
            "description": lazy(
                "Members in any of these states; without it the suspended are left out."
            )
        },
    )
    unused = Number(
        most=MOST_TYPED,
        metadata={"description": lazy("Members who were not here for so many days.")},
    )
    signed_in = Number(
        most=MOST_TYPED,
        metadata={"description": lazy("People who did not sign in for so many days.")},
    )
    two_factor = Word("on", "off")
    managed = Word("yes", "no")


class Registration(OfferBody):
    """A new account of the organization's own, and its membership."""

    family_name = Text(longest=64, shortest=1, required=True)
    given_name = Text(longest=64, load_default="")
    reading = Text(longest=128, load_default="")
    latin_name = Text(longest=128, load_default="")
    email = Address(shortest=3, required=True, metadata={"format": "email"})
    login_id = Identifier(
        longest=64,
        shortest=1,
        required=True,
        like=Like(f"^{LOGIN_ID.pattern}$", LoginIdMalformed.text),
    )
    password = Text(
        longest=1000,
        load_only=True,
        metadata={
            "description": lazy("Only where the organization’s first sign-in is with a password.")
        },
    )
    language = language(
        metadata={"description": lazy("The organization’s own where it is left out.")}
    )
    notifications = Flag(load_default=True)


class MemberChange(Shape):
    """What changes of a member; what is left out stays."""

    type = Word(*TYPES)
    roles = Many(
        Number(),
        metadata={
            "description": lazy(
                "All roles the member has from then on, by id; 422 RoleElsewhere where one is no"
                " role of the organization."
            )
        },
    )
    authorities = authorities(
        metadata={"description": lazy("All single authorities the member has from then on.")}
    )
    remove = Flag(
        metadata={
            "description": lazy(
                "Whether the member is removed where neither a role nor an authority is left;"
                " without it, that is refused. The answer then tells of the member as they were."
            )
        }
    )


class Suspension(Shape):
    """Why somebody is suspended; the member reads it."""

    reason = Text(longest=500, lines=True, load_default="")


def told(member: Membership) -> dict[str, Any]:
    """A member as plain values, for `Member`; what is not for the reader is None (T2-92)."""
    account, manages = member.account, may(seat(), "manage", "Member")
    return {
        "id": member.id,
        "account_id": member.account_id,
        "login_id": account.login_id,
        "email": account.email,
        "family_name": account.family_name,
        "given_name": account.given_name,
        "reading": account.reading,
        "latin_name": account.latin_name,
        "language": account.language,
        "type": member.type,
        "roles": [named(role) for role in member.roles],
        "authorities": sorted(member.authorities),
        "effective_authorities": []
        if account.is_suspended
        else sorted(effective_authorities(member)),
        "state": state_of(member),
        "suspended_at": member.suspended_at or account.suspended_at,
        "suspended_reason": member.suspended_reason if manages else None,
        "joined_at": member.joined_at,
        "invited_by": member.invited_by.email if member.invited_by else None,
        "last_access_at": member.last_access_at,
        "last_sign_in_at": account.last_sign_in_at,
        "two_factor": account.two_factor if manages else None,
        "two_factor_required": member.organization.two_factor_required,
        "managed": account.managed_by_id == member.organization_id,
    }
