"""The question that the portal's other services ask: may this member do that?

Here: the question and its answer. Somebody who is no member is a plain no, not a 404: a service
that asks wants to know whether to open its door, and an answer that looks like a wrong address
would be mistaken for one. Not here: the rules (access.policy, access.seat).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask_appbuilder import expose
from marshmallow import ValidationError, fields, validates_schema

from app.access import policy, two_factor
from app.access.authorities import CATALOGUE
from app.access.seat import Seat, effective_authorities
from app.accounts import queries as accounts
from app.http.context import seat as asker
from app.kernel.clock import utcnow
from app.kernel.errors import NotFound
from app.kernel.i18n import lazy
from app.kernel.text import typed_pattern
from app.members import queries
from app.memberships.interface import MemberInterface
from app.models import Membership
from app.offers.shapes import NamedRole, named
from app.rest.api import PortalApi, operation
from app.rest.errors import InvalidInput
from app.rest.schemas import LARGEST, Shape, Text, Word, is_whole

ONE_QUESTION = lazy("Ask for one authority, or for a permission and its view.")
NO_RULE = lazy("No line of the table of grants has this permission and view.")
POWER, PLATFORM, ROLE, SINGLE = "power_user", "platform_administrator", "role", "single"
HELD, NOT_HELD, NO_MEMBER, SUSPENDED, ACCOUNT_SUSPENDED = (
    "Held",
    "NotHeld",
    "NoSuchMember",
    "MembershipSuspended",
    "AccountSuspended",
)
WITHHELD, NO_ACCESS = "AccessWithheld", "NoAccess"
REASONS: dict[str, Any] = {
    HELD: lazy("The member may do this."),
    NOT_HELD: lazy("The member does not have the authority."),
    NO_MEMBER: lazy("Nobody by that name is a member of this organization."),
    SUSPENDED: lazy("The membership is suspended."),
    ACCOUNT_SUSPENDED: lazy("The account is suspended."),
    WITHHELD: lazy(
        "The member has not set up the 2-step verification that the organization asks for."
    ),
    NO_ACCESS: lazy("The member has no access at the moment."),
}
"""NoAccess stands for AccessWithheld where the asker may not know who has no second step."""


class MemberName(fields.Raw):
    """A member by id (a number), e-mail address or login ID (text)."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> int | str:
        if isinstance(value, str):
            return str(Text(shortest=1).deserialize(value))
        if not is_whole(value) or not 1 <= value <= LARGEST:
            raise ValidationError(str(lazy("Name the member by id, e-mail address or login ID.")))
        return int(value)


class Question(Shape):
    """Who, and what."""

    member = MemberName(
        required=True,
        metadata={
            "oneOf": [
                {"type": "integer", "minimum": 1, "maximum": LARGEST},
                {
                    "type": "string",
                    "minLength": 1,
                    "maxLength": 254,
                    "pattern": typed_pattern(seen=True),
                },
            ],
            "description": lazy(
                "The member’s id as a number, or e-mail address or login ID as text."
            ),
        },
    )
    authority = Word(offered=lambda: CATALOGUE)
    permission = Text(
        longest=64,
        shortest=1,
        metadata={
            "description": lazy("As in the table of grants, such as read or manage; with its view.")
        },
    )
    view = Text(
        longest=64,
        shortest=1,
        metadata={"description": lazy("As in the table of grants, such as Member or Invite.")},
    )

    @validates_schema
    def ask_once(self, data: Mapping[str, Any], **_more: Any) -> None:
        """One question at a time."""
        if {"authority", "permission", "view"} & data.keys() not in (
            {"authority"},
            {"permission", "view"},
        ):
            raise ValidationError(str(ONE_QUESTION), field_name="authority")


class Reason(Shape):
    """Why, for a program and for a person."""

    code = Word(*REASONS, required=True)
    sentence = fields.String(required=True)


class Source(Shape):
    """Where an authority comes from."""

    source = Word(POWER, PLATFORM, ROLE, SINGLE, required=True)
    authority = fields.String(required=True)
    role = fields.Nested(NamedRole)


class Verdict(Shape):
    """Whether they may, and because of what."""

    allowed = fields.Boolean(required=True)
    reason = fields.Nested(Reason, required=True)
    because = fields.List(fields.Nested(Source), required=True)


class CheckApi(PortalApi):
    """May a member of the key's organization do something, at this moment?"""

    resource_name = "check"
    class_permission_name = "Member"
    method_permission_name = {"check": "read"}
    datamodel = MemberInterface(Membership)

    @expose("", methods=["POST"])
    @operation(
        lazy("Ask whether a member may do something"),
        body=Question,
        answers=Verdict,
        example={"member": "jane.doe@example.com", "authority": "billing_viewer"},
    )
    def check(self, body: Mapping[str, Any]) -> dict[str, Any]:
        alternatives = _alternatives(body)
        member = _member(self.datamodel, body["member"])
        code = _reason(member, body, now=utcnow())
        because = _because(member, alternatives) if member is not None and code == HELD else []
        return {
            "allowed": code == HELD,
            "reason": {"code": code, "sentence": str(REASONS[code])},
            "because": because,
        }


def _alternatives(body: Mapping[str, Any]) -> list[frozenset[str]]:
    if "authority" in body:
        return [frozenset({body["authority"]})]
    if not policy.is_granted(body["view"], body["permission"]):
        raise InvalidInput({"permission": str(NO_RULE)})
    return policy.authorities_for(body["permission"], body["view"])


def _member(datamodel: MemberInterface, name: int | str) -> Membership | None:
    if isinstance(name, int):
        try:
            found: Membership = datamodel.one(name)
        except NotFound:
            return None
        return found
    called: Membership | None = datamodel.only(queries.is_called(name))
    return called


def _reason(member: Membership | None, body: Mapping[str, Any], *, now: datetime) -> str:
    if member is None:
        return NO_MEMBER
    if member.account.is_suspended:
        return ACCOUNT_SUSPENDED
    platform = accounts.is_platform_administrator(member.account)
    if member.is_suspended and not platform:
        return SUSPENDED
    seat = Seat(
        member.account,
        organization=member.organization,
        membership=member,
        memberships=[member],
        is_platform_administrator=platform,
    )
    may = (
        policy.may(seat, body["permission"], body["view"])
        if "view" in body
        else body["authority"] in seat.authorities
    )
    if not may:
        return NOT_HELD
    if not two_factor.is_withheld(seat, now=now):
        return HELD
    return WITHHELD if policy.may(asker(), "manage", "Member") else NO_ACCESS


def _because(member: Membership, alternatives: list[frozenset[str]]) -> list[dict[str, Any]]:
    """Every source of every authority that was asked for, as on the member's page."""
    asked = sorted({key for needed in alternatives for key in needed} & set(CATALOGUE))
    if accounts.is_platform_administrator(member.account):
        return [{"source": PLATFORM, "authority": key} for key in asked]
    if member.is_power:
        return [{"source": POWER, "authority": key} for key in asked]
    held = effective_authorities(member)
    roles = [
        {"source": ROLE, "authority": key, "role": named(role)}
        for key in asked
        for role in member.roles
        if key in role.authorities & held
    ]
    return roles + [
        {"source": SINGLE, "authority": key} for key in asked if key in member.authorities
    ]
