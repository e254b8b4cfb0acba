"""Invitations' shapes: what programs send and are told about invitations; the names are those of
the export (S3-25).

Here: shapes, and an invitation as plain values. Not here: the operations (invites.api).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError, fields, validates_schema

from app.access.roles import CUSTOM, PRESETS
from app.invites.addresses import MOST
from app.invites.lists import INVITES
from app.invites.queries import DECLINED, EXPIRED, PENDING, state_of
from app.kernel.clock import utcnow
from app.kernel.i18n import lazy
from app.models import Invite, InviteStatus, MemberType
from app.offers.shapes import ROLES_HERE, TYPES, NamedRole, named
from app.rest.pages import Page, PageQuery, order
from app.rest.schemas import Flag, Many, Moment, Number, Shape, Text, Word, authorities, language

STATES = (PENDING, DECLINED, EXPIRED)
ONE_OF_BOTH = lazy("Give a preset or single authorities, not both.")


class Invitation(Shape):
    """An invitation to the key's organization."""

    id = fields.String(required=True)
    address = fields.String(required=True)
    type = Word(*TYPES, required=True)
    preset = fields.String(required=True)
    roles = fields.List(fields.Nested(NamedRole), required=True)
    authorities = fields.List(fields.String(), required=True)
    language = fields.String(required=True)
    state = Word(*dict.fromkeys((*STATES, *map(str, InviteStatus))), required=True)
    invited_by = fields.String(required=True, allow_none=True)
    inviter_hidden = fields.Boolean(required=True)
    created_at = Moment(required=True)
    sent_at = Moment(required=True)
    expires_at = Moment(required=True)
    answered_at = Moment(required=True, allow_none=True)


class InvitationPage(Page):
    """One page of invitations."""

    items = fields.List(fields.Nested(Invitation), required=True)


class Invitations(Shape):
    """The invitations that were sent."""

    items = fields.List(fields.Nested(Invitation), required=True)


class InvitationQuery(PageQuery):
    """What the list of invitations can be asked, as on its screen."""

    sort = order(INVITES)
    status = Many(
        Word(*STATES),
        metadata={"description": lazy("Invitations in any of these states; without it all three.")},
    )
    type = Word(*TYPES)
    inviter = Text(metadata={"description": lazy("The exact e-mail address of who invited.")})


class NewInvitations(Shape):
    """Up to twenty addresses, and what they are offered."""

    addresses = Many(
        Text(longest=320, shortest=1, metadata={"format": "email"}),
        most=MOST,
        least=1,
        required=True,
    )
    type = Word(*TYPES, load_default=str(MemberType.GENERAL))
    roles = Many(Number(), load_default=list, metadata={"description": ROLES_HERE})
    preset = Word(*PRESETS)
    authorities = authorities(load_default=list)
    language = language(
        load_default="en", metadata={"description": lazy("The language of the letter.")}
    )
    hide_inviter = Flag(load_default=False)

    @validates_schema
    def choose_one(self, data: Mapping[str, Any], **_more: Any) -> None:
        """A preset stands for its authorities."""
        if data.get("preset") and data.get("authorities"):
            raise ValidationError(str(ONE_OF_BOTH), field_name="preset")


def told(invite: Invite) -> dict[str, Any]:
    """An invitation as plain values, for `Invitation`."""
    return {
        "id": invite.public_id,
        "address": invite.address,
        "type": invite.type,
        "preset": invite.preset,
        "roles": [named(role) for role in invite.roles],
        "authorities": sorted(invite.authorities),
        "language": invite.language,
        "state": state_of(invite, now=utcnow()),
        "invited_by": invite.inviter_email or None,
        "inviter_hidden": invite.hide_inviter,
        "created_at": invite.created_at,
        "sent_at": invite.sent_at,
        "expires_at": invite.expires_at,
        "answered_at": invite.answered_at,
    }


def single(body: Mapping[str, Any]) -> tuple[frozenset[str], str]:
    """The single authorities that a body offers, and the preset's name."""
    preset = PRESETS.get(body.get("preset", ""))
    return (
        (frozenset(map(str, preset.authorities)), preset.key)
        if preset
        else (frozenset(body["authorities"]), CUSTOM)
    )
