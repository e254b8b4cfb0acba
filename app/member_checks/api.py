"""The question that the portal's other services ask: may this member do that?

Here: the question and its answer. Somebody who is no member is a plain no, not a 404: a service
that asks wants to know whether to open its door, and an answer that looks like a wrong address
would be mistaken for one. Not here: the rules (member_checks.checking).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_appbuilder import expose
from marshmallow import ValidationError, fields, validates_schema

from app.access import policy
from app.access.authorities import CATALOGUE
from app.http.context import seat
from app.kernel.clock import utcnow
from app.kernel.i18n import lazy
from app.kernel.text import typed_pattern
from app.member_checks import checking
from app.members import queries
from app.memberships.interface import MemberInterface
from app.models import Membership
from app.offers.shapes import NamedRole
from app.rest.api import PortalApi, operation
from app.rest.errors import InvalidInput
from app.rest.schemas import LARGEST, Shape, Text, Word, is_whole

ONE_QUESTION = lazy("Ask for one authority, or for a permission and its view.")
NO_RULE = lazy("No line of the table of grants has this permission and view.")


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

    code = Word(*checking.REASONS, required=True)
    sentence = fields.String(required=True)


class Source(Shape):
    """Where an authority comes from."""

    source = Word(*checking.SOURCES, required=True)
    authority = fields.String(required=True)
    role = fields.Nested(NamedRole)


class CheckAnswer(Shape):
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
        answers=CheckAnswer,
        example={"member": "jane.doe@example.com", "authority": "billing_viewer"},
    )
    def check(self, body: Mapping[str, Any]) -> dict[str, Any]:
        authority, permission, view = map(body.get, ("authority", "permission", "view"))
        if view and not policy.is_granted(view, str(permission)):
            raise InvalidInput({"permission": str(NO_RULE)})
        asked = checking.Asked(authority, permission, view)
        member = queries.called(self.datamodel, body["member"])
        code = checking.reason(member, asked, by=seat(), now=utcnow())
        is_held = member is not None and code == checking.HELD
        return {
            "allowed": is_held,
            "reason": {"code": code, "sentence": str(checking.REASONS[code])},
            "because": checking.because(member, asked) if member and is_held else [],
        }
