"""Invitations as a file: every column in its order (R13), and the door that hands it out.

Here: names of columns, which are never translated, labels, raw values. Not here: how a file is
written (exchange).
"""

from __future__ import annotations

from sqlalchemy.orm import selectinload

from app.activity import events
from app.exchange.columns import BY_NAME, Column, authorities_of, role_names, same
from app.exchange.files import File
from app.exchange.views import ExportView
from app.invites import lists
from app.invites.queries import state_of as invite_state
from app.kernel.clock import utcnow
from app.kernel.i18n import lazy
from app.models import Invite

COLUMNS = (
    Column("id", lazy("Invitation ID"), lambda invite: invite.public_id),
    same("address", lazy("Invited address")),
    same("type", lazy("Type")),
    same("preset", lazy("Authority preset")),
    Column("roles", lazy("Roles"), lambda invite: role_names(invite.roles), BY_NAME),
    authorities_of(lazy("Single authorities")),
    same("language", lazy("Language")),
    Column("state", lazy("State"), lambda invite: invite_state(invite, now=utcnow())),
    Column("invited_by", lazy("Invited by"), lambda invite: invite.inviter_email or None),
    Column("inviter_hidden", lazy("Inviter hidden"), lambda invite: invite.hide_inviter),
    same("created_at", lazy("Created")),
    same("sent_at", lazy("Sent")),
    same("expires_at", lazy("Valid until")),
    same("answered_at", lazy("Answered")),
)

FILE = File(
    "invitations",
    Invite,
    COLUMNS,
    events.INVITE_LIST_EXPORTED,
    (selectinload(Invite.roles),),
)


class InviteExport(ExportView):
    """Invitations as a file."""

    file = FILE
    definition = lists.INVITES
