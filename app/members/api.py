"""Members for machines: the screens' verbs at /api/v1/members.

Here: what can be asked. Not here: what happens (memberships.service, managed_accounts.registering),
what it looks like (members.shapes).
"""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from flask_appbuilder import expose
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from app.access.guard import look_again
from app.http.context import organization, seat
from app.kernel.clock import utcnow
from app.kernel.i18n import lazy
from app.managed_accounts import registering
from app.members import lists, shapes
from app.memberships import service as members
from app.memberships import suspension
from app.models import FirstLogin, Membership, MemberType
from app.offers.offer import Offer
from app.offers.shapes import changed, chosen
from app.rest import pages
from app.rest.api import ROOT, PortalApi, operation
from app.rest.errors import InvalidInput

CONFLICTS = (HTTPStatus.CONFLICT,)
NO_PASSWORD = lazy("This organization’s first sign-in is by a link, so no password can be set.")
WHOLE = (
    contains_eager(Membership.account),
    selectinload(Membership.roles),
    joinedload(Membership.invited_by),
)


class MembersApi(PortalApi):
    """Members of the key's organization."""

    resource_name = "members"
    class_permission_name = "Member"
    method_permission_name = {
        "list": "read",
        "show": "read",
        "register": "manage",
        "edit": "manage",
        "suspend": "manage",
        "reinstate": "manage",
        "remove": "manage",
    }
    datamodel = lists.MEMBERS.datamodel

    @expose("", methods=["GET"])
    @operation(
        lazy("List members"),
        query=shapes.MemberQuery,
        answers=shapes.MemberPage,
        example_query="?type=general&page_size=100",
    )
    def list(self, query: Mapping[str, Any]) -> dict[str, Any]:
        found = pages.page(lists.MEMBERS, query, options=WHOLE)
        return found | {"items": [shapes.told(one) for one in found["rows"]]}

    @expose("", methods=["POST"])
    @operation(
        lazy("Register a member"),
        body=shapes.Registration,
        answers=shapes.Member,
        status=HTTPStatus.CREATED,
        refuses=CONFLICTS,
        example={
            "family_name": "Doe",
            "given_name": "Jane",
            "email": "jane.doe@example.com",
            "login_id": "jane.doe",
            "authorities": ["user_viewer"],
        },
    )
    def register(self, body: dict[str, Any]) -> dict[str, Any]:
        offer = Offer(
            MemberType(body.pop("type")),
            chosen(body.pop("roles")),
            frozenset(body.pop("authorities")),
        )
        password = body.pop("password", "")
        if password and organization().first_login is not FirstLogin.PASSWORD:
            raise InvalidInput({"password": str(NO_PASSWORD)})
        body.setdefault("language", organization().language)
        registering.LOOKUPS.take(seat().account.id)
        made = registering.register(
            organization(), offer=offer, password=password or None, by=seat(), now=utcnow(), **body
        )
        return shapes.told(made) | {"url": f"{ROOT}/members/{made.id}"}

    @expose("/<pk>", methods=["GET"])
    @operation(lazy("Show a member"), answers=shapes.Member)
    def show(self, pk: str) -> dict[str, Any]:
        return shapes.told(self.datamodel.one(pk))

    @expose("/<pk>", methods=["PATCH"])
    @operation(
        lazy("Change a member’s type, roles and authorities"),
        body=shapes.MemberChange,
        answers=shapes.Member,
        refuses=CONFLICTS,
        example={"authorities": ["user_viewer", "billing_viewer"]},
    )
    def edit(self, pk: str, body: Mapping[str, Any]) -> dict[str, Any]:
        member = self.datamodel.one(pk)
        look_again(
            member, by=seat()
        )  # what is not named stays as it is now, not as it was before somebody else's change
        offer, sure = changed(Offer.of(member), body), body.get("remove", False)
        told = shapes.told(member)
        if members.edit(member, offer=offer, sure=sure, by=seat(), now=utcnow()):
            told = shapes.told(member)
        return told

    @expose("/<pk>/suspend", methods=["POST"])
    @operation(
        lazy("Suspend a member"),
        body=shapes.Suspension,
        answers=shapes.Member,
        refuses=CONFLICTS,
        example={"reason": "On leave"},
        is_body_needed=False,
    )
    def suspend(self, pk: str, body: Mapping[str, Any]) -> dict[str, Any]:
        member = self.datamodel.one(pk)
        suspension.suspend(member, reason=body["reason"], by=seat(), now=utcnow())
        return shapes.told(member)

    @expose("/<pk>/reinstate", methods=["POST"])
    @operation(lazy("Reinstate a member"), answers=shapes.Member, refuses=CONFLICTS)
    def reinstate(self, pk: str) -> dict[str, Any]:
        member = self.datamodel.one(pk)
        suspension.reinstate(member, by=seat(), now=utcnow())
        return shapes.told(member)

    @expose("/<pk>", methods=["DELETE"])
    @operation(
        lazy("Remove a member from the organization"),
        status=HTTPStatus.NO_CONTENT,
        refuses=CONFLICTS,
    )
    def remove(self, pk: str) -> None:
        members.remove(self.datamodel.one(pk), by=seat(), now=utcnow())
