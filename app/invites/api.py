"""Invitations for machines: the screens' verbs at /api/v1/invites.

Here: what can be asked. Not here: what happens (invites.service), what it looks like
(invites.shapes).
"""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from flask_appbuilder import expose
from sqlalchemy.orm import selectinload

from app.http.context import organization, seat
from app.invites import discarding, lists, sending, shapes
from app.invites import service as invites
from app.kernel.clock import utcnow
from app.kernel.errors import NotFound
from app.kernel.i18n import lazy
from app.kernel.text import has_control_characters
from app.models import Invite, MemberType
from app.offers.offer import Offer
from app.offers.shapes import chosen
from app.rest import pages
from app.rest.api import PortalApi, operation

OVER = (HTTPStatus.GONE,)


class InvitesApi(PortalApi):
    """Invitations to the key's organization, named by the id that their page shows (S3-49)."""

    resource_name = "invites"
    example_key = "0123456789"
    key_pattern = "^[0-9a-f]{10}$"
    class_permission_name = "Invite"
    method_permission_name = {
        "list": "read",
        "show": "read",
        "send": "send",
        "resend": "send",
        "cancel": "send",
        "delete": "send",
    }
    datamodel = lists.INVITES.datamodel

    @expose("", methods=["GET"])
    @operation(
        lazy("List invitations"),
        query=shapes.InvitationQuery,
        answers=shapes.InvitationPage,
        example_query="?status=pending",
    )
    def list(self, query: Mapping[str, Any]) -> dict[str, Any]:
        found = pages.page(lists.INVITES, query, options=(selectinload(Invite.roles),))
        return found | {"items": [shapes.told(one) for one in found["rows"]]}

    @expose("", methods=["POST"])
    @operation(
        lazy("Invite people"),
        body=shapes.NewInvitations,
        answers=shapes.Invitations,
        status=HTTPStatus.CREATED,
        example={"addresses": ["john.roe@example.com"], "preset": "view_only", "language": "en"},
    )
    def send(self, body: Mapping[str, Any]) -> dict[str, Any]:
        authorities, preset = shapes.single(body)
        offer = Offer(MemberType(body["type"]), chosen(body["roles"]), authorities)
        asking = sending.Asking(
            offer, preset=preset, language=body["language"], hide_inviter=body["hide_inviter"]
        )
        sent = sending.send(
            organization(), to=body["addresses"], asking=asking, by=seat(), now=utcnow()
        )
        return {"items": [shapes.told(one) for one in sent]}

    @expose("/<pk>", methods=["GET"])
    @operation(lazy("Show an invitation"), answers=shapes.Invitation)
    def show(self, pk: str) -> dict[str, Any]:
        return shapes.told(self.one(pk))

    @expose("/<pk>/resend", methods=["POST"])
    @operation(
        lazy("Send an invitation again, for another week"), answers=shapes.Invitation, refuses=OVER
    )
    def resend(self, pk: str) -> dict[str, Any]:
        invite = self.one(pk)
        invites.resend(invite, by=seat(), now=utcnow())
        return shapes.told(invite)

    @expose("/<pk>/cancel", methods=["POST"])
    @operation(lazy("Cancel an invitation"), answers=shapes.Invitation, refuses=OVER)
    def cancel(self, pk: str) -> dict[str, Any]:
        invite = self.one(pk)
        invites.cancel(invite, by=seat(), now=utcnow())
        return shapes.told(invite)

    @expose("/<pk>", methods=["DELETE"])
    @operation(
        lazy("Delete a closed invitation"),
        status=HTTPStatus.NO_CONTENT,
        refuses=(HTTPStatus.CONFLICT,),
    )
    def delete(self, pk: str) -> None:
        discarding.discard(self.one(pk), by=seat(), now=utcnow())

    def one(self, public_id: str) -> Invite:
        """Return an invitation of the key's organization. Raises NotFound."""
        invite: Invite | None = (
            None
            if has_control_characters(public_id)
            else self.datamodel.only(Invite.public_id == public_id)
        )
        if invite is None:
            raise NotFound()
        return invite
