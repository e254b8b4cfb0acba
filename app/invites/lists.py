"""The list of invitations: its rows, columns, orders and filters.

Here: what is offered, what its cells are given; what files hold and programs are told. Not here:
the screens (invites.views), statements (invites.queries).
"""

from __future__ import annotations

from marshmallow import fields
from sqlalchemy.orm import joinedload, selectinload

from app.activity.events import INVITE_LIST_EXPORTED
from app.exchange.columns import TEXT, TEXT_OR_NONE, Column, authorities_of, same
from app.exchange.files import File
from app.invites import queries
from app.invites.cells import with_letters
from app.kernel.clock import utcnow
from app.kernel.i18n import lazy
from app.models import Invite, InviteStatus, MemberType
from app.offers.shapes import roles_of
from app.offers.words import TYPES
from app.rest.schemas import Moment, Word
from app.screens.counts import MenuCount
from app.screens.interface import OrganizationInterface
from app.screens.list_definition import ListDefinition
from app.screens.list_filter import Filter, by_state, one_of

STATES = {
    queries.PENDING: lazy("Pending"),
    queries.DECLINED: lazy("Declined"),
    queries.EXPIRED: lazy("Expired"),
}
FILTERS = (
    by_state(
        STATES,
        queries.in_states,
        about=lazy("Invitations in any of these states; without it all three."),
    ),
    one_of("type", lazy("Type"), TYPES, Invite.type, multiple=False),
    Filter(
        "inviter",
        lazy("Invited by"),
        list,
        queries.sent_by,
        text=True,
        about=lazy("The exact e-mail address of who invited."),
    ),
)


COLUMNS = (
    same("id", lazy("Invitation ID"), TEXT, of="public_id"),
    same("address", lazy("Invited address"), TEXT),
    same("type", lazy("Type"), Word(*map(str, MemberType))),
    same("preset", lazy("Authority preset"), TEXT),
    roles_of(lazy("Roles")),
    authorities_of(lazy("Single authorities")),
    same("language", lazy("Language"), TEXT),
    Column(
        "state",
        lazy("State"),
        lambda invite: queries.state_of(invite, now=utcnow()),
        field=Word(*dict.fromkeys((*STATES, *map(str, InviteStatus)))),
    ),
    same("invited_by", lazy("Invited by"), TEXT_OR_NONE, of="inviter_email"),
    same("inviter_hidden", lazy("Inviter hidden"), fields.Boolean(), of="hide_inviter"),
    same("created_at", lazy("Created"), Moment()),
    same("sent_at", lazy("Sent"), Moment()),
    same("expires_at", lazy("Valid until"), Moment()),
    same("answered_at", lazy("Answered"), Moment(allow_none=True)),
)


INVITES = ListDefinition(
    OrganizationInterface(Invite),
    route_base="/o/<organization>/invites",
    class_permission_name="Invite",
    label_columns={
        "address": lazy("Invited address"),
        "inviter": lazy("Invited by"),
        "type": lazy("Type"),
        "offer": lazy("Offered"),
        "status": lazy("State"),
        "letter": lazy("Letter"),
        "expires_at": lazy("Expires"),
    },
    order_columns=[
        ("address", Invite.address_key),
        ("inviter", Invite.inviter_email),
        "type",
        ("status", (queries.by_state(), Invite.expires_at)),
        "expires_at",
    ],
    base_order=("status", "asc"),
    filters=FILTERS,
    search=queries.search,
    search_label=lazy("Search the invited address"),
    eager=(joinedload(Invite.inviter), selectinload(Invite.roles)),
    cells="invites/_cells.html",
    cells_of=with_letters,
    file=File("invitations", Invite, COLUMNS, INVITE_LIST_EXPORTED, (selectinload(Invite.roles),)),
    menu_count=MenuCount("invites", queries.pending),
)
