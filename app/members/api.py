"""Members for machines: the screens' verbs at /api/v1/members.

Here: what can be asked and sent. Not here: what happens (memberships, managed_accounts), what is
answered (members.lists).
"""

from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from sqlalchemy.orm import joinedload

from app.access.locks import look_again
from app.accounts.policy import LOGIN_ID, LoginIdMalformed
from app.http.context import organization, seat
from app.kernel.clock import utcnow
from app.kernel.i18n import lazy
from app.managed_accounts import registering
from app.members import bulk_shapes, lists
from app.memberships import service as members
from app.memberships import suspension
from app.models import FirstLogin, Membership
from app.offers.shapes import OfferBody, OfferChange, changing, offered
from app.rest.errors import InvalidInput
from app.rest.identifiers import Address, Identifier
from app.rest.rows import RowsApi, acting, adding, listing, removing, shapes_of, showing
from app.rest.schemas import Flag, Like, Shape, Text, language

CONFLICTS = (HTTPStatus.CONFLICT,)
NO_PASSWORD = lazy("This organization’s first sign-in is by a link, so no password can be set.")
MEMBERS = shapes_of(lists.MEMBERS, "Member")


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


class MemberChange(OfferChange):
    """What changes of a member; what is left out stays."""

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


class MembersApi(RowsApi):
    """Members of the key's organization."""

    definition = lists.MEMBERS
    resource_name = "members"
    method_permission_name = {"list": "read", "show": "read", "*": "manage"}

    list = listing(lazy("List members"), MEMBERS, example_query="?type=general&page_size=100")
    show = showing(lazy("Show a member"), MEMBERS)
    edit = changing(
        members.edit,
        look_again,
        lazy("Change a member’s type, roles and authorities"),
        MEMBERS,
        body=MemberChange,
        more=lambda body: {"sure": body.get("remove", False)},
        refuses=CONFLICTS,
    )
    suspend = acting(
        suspension.suspend,
        lazy("Suspend a member"),
        MEMBERS,
        body=Suspension,
        refuses=CONFLICTS,
        example={"reason": "On leave"},
        is_body_needed=False,
    )
    reinstate = acting(suspension.reinstate, lazy("Reinstate a member"), MEMBERS, refuses=CONFLICTS)
    remove = removing(
        members.remove,
        lazy("Remove a member from the organization"),
        name="remove",
        refuses=CONFLICTS,
    )

    bulk = bulk_shapes.BULK

    def read_along(self) -> Sequence[Any]:
        return *lists.MEMBERS.eager, joinedload(Membership.invited_by)

    @adding(
        lazy("Register a member"),
        MEMBERS,
        body=Registration,
        refuses=CONFLICTS,
        example={
            "family_name": "Doe",
            "given_name": "Jane",
            "email": "jane.doe@example.com",
            "login_id": "jane.doe",
            "authorities": ["user_viewer"],
        },
    )
    def register(self, body: dict[str, Any]) -> Membership:
        offer = offered(body)
        identity = {name: body[name] for name in body.keys() - OfferBody().fields.keys()}
        if identity.get("password") and organization().first_login is not FirstLogin.PASSWORD:
            raise InvalidInput({"password": str(NO_PASSWORD)})
        registering.LOOKUPS.hit(seat().account.id)
        return registering.register(
            organization(),
            offer=offer,
            by=seat(),
            now=utcnow(),
            **({"language": organization().language} | identity),
        )
