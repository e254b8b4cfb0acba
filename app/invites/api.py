"""Invitations for machines: the screens' verbs at /api/v1/invites.

Here: what can be asked and sent. Not here: what happens (invites.service, invites.sending), what is
answered (invites.lists).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from http import HTTPStatus
from typing import Any

from flask_appbuilder import expose
from marshmallow import ValidationError, validates_schema

from app.access.roles import CUSTOM, PRESETS
from app.http.context import organization, seat
from app.invites import lists, sending
from app.invites import service as invites
from app.invites.addresses import MOST
from app.kernel.clock import utcnow
from app.kernel.i18n import lazy
from app.offers.shapes import OfferBody, offered
from app.rest.api import operation
from app.rest.rows import RowsApi, acting, items_shape, listing, removing, shapes_of, showing
from app.rest.schemas import Flag, Many, Text, Word, language

OVER = (HTTPStatus.GONE,)
ONE_OF_BOTH = lazy("Give a preset or single authorities, not both.")
INVITATIONS = shapes_of(lists.INVITES, "Invitation")


class NewInvitations(OfferBody):
    """Up to twenty addresses, and what they are offered."""

    addresses = Many(
        Text(longest=320, shortest=1, metadata={"format": "email"}),
        most=MOST,
        least=1,
        required=True,
    )
    preset = Word(*PRESETS)
    language = language(
        load_default="en", metadata={"description": lazy("The language of the letter.")}
    )
    hide_inviter = Flag(load_default=False)

    @validates_schema
    def choose_one(self, data: Mapping[str, Any], **_more: Any) -> None:
        """A preset stands for its authorities."""
        if data.get("preset") and data.get("authorities"):
            raise ValidationError(str(ONE_OF_BOTH), field_name="preset")


class InvitesApi(RowsApi):
    """Invitations to the key's organization, named by the id that their page shows (S3-49)."""

    definition = lists.INVITES
    resource_name = "invites"
    key = "public_id"
    example_key = "0123456789"
    key_pattern = "^[0-9a-f]{10}$"
    method_permission_name = {"list": "read", "show": "read", "*": "send"}

    list = listing(lazy("List invitations"), INVITATIONS, example_query="?status=pending")
    show = showing(lazy("Show an invitation"), INVITATIONS)
    resend = acting(
        invites.resend,
        lazy("Send an invitation again, for another week"),
        INVITATIONS,
        refuses=OVER,
    )
    cancel = acting(invites.cancel, lazy("Cancel an invitation"), INVITATIONS, refuses=OVER)
    delete = removing(
        invites.discard,
        lazy("Delete a closed invitation"),
        name="delete",
        refuses=(HTTPStatus.CONFLICT,),
    )

    @expose("", methods=["POST"])
    @operation(
        lazy("Invite people"),
        body=NewInvitations,
        answers=items_shape(INVITATIONS.row, "Invitations"),
        status=HTTPStatus.CREATED,
        example={"addresses": ["john.roe@example.com"], "preset": "view_only", "language": "en"},
    )
    def send(self, body: Mapping[str, Any]) -> dict[str, Any]:
        offer, preset = offered(body), PRESETS.get(body.get("preset", ""))
        if preset:
            offer = replace(offer, authorities=frozenset(map(str, preset.authorities)))
        asking = sending.Asking(
            offer,
            preset=preset.key if preset else CUSTOM,
            language=body["language"],
            hide_inviter=body["hide_inviter"],
        )
        sent = sending.send(
            organization(), to=body["addresses"], asking=asking, by=seat(), now=utcnow()
        )
        return {"items": [self.row(invite) for invite in sent]}
