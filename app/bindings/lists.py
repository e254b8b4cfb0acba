"""The list of role bindings: its rows, columns, orders and filters.

Here: what is offered; what files hold and programs are told. Not here: the screens
(bindings.views), statements (bindings.queries).
"""

from __future__ import annotations

from marshmallow import fields
from sqlalchemy.orm import joinedload, selectinload

from app.activity.binding_events import BINDING_LIST_EXPORTED
from app.bindings import queries
from app.exchange.columns import TEXT, TEXT_OR_NONE, authorities_of, same
from app.exchange.files import File
from app.kernel.i18n import lazy
from app.models import BindingStatus, MemberType, RoleBinding
from app.offers.shapes import roles_of
from app.offers.words import TYPES, ShownOffer
from app.rest.schemas import Moment, Word
from app.screens.counts import JOINING, MenuCount
from app.screens.interface import OrganizationInterface
from app.screens.list_definition import ListDefinition
from app.screens.list_filter import by_state, one_of

WHO = lazy("The e-mail address or login ID, as it was given.")
WAITING = lazy("“waiting”: joins at the next sign-in.")
STATES = {
    queries.WAITING: lazy("Joins at the next sign-in"),
    queries.DECLINED: lazy("Declined"),
    queries.VOID: lazy("Void"),
}
FILTERS = (
    by_state(
        STATES, queries.in_states, about=lazy("Those in any of these states; without it all three.")
    ),
    one_of("type", lazy("Type"), TYPES, RoleBinding.type, multiple=False),
)


COLUMNS = (
    same("id", lazy("Number of the addition"), fields.Integer()),
    same("who", lazy("Added as"), TEXT, of="address", about=WHO),
    same("type", lazy("Type"), Word(*map(str, MemberType))),
    roles_of(lazy("Roles")),
    authorities_of(lazy("Single authorities")),
    same("state", lazy("State"), Word(*map(str, BindingStatus)), of="status", about=WAITING),
    same("added_by", lazy("Added by"), TEXT_OR_NONE, of="made_by_email"),
    same("added_at", lazy("Added"), Moment(), of="created_at"),
    same("settled_at", lazy("Answered or ended"), Moment(allow_none=True)),
)


def shown(binding: RoleBinding) -> ShownOffer:
    """A role binding in the reader's words."""
    return ShownOffer(binding, binding.made_by, binding.made_by_email)


BINDINGS = ListDefinition(
    OrganizationInterface(RoleBinding),
    route_base="/o/<organization>/bindings",
    class_permission_name="Binding",
    label_columns={
        "address": lazy("Added as"),
        "made_by": lazy("Added by"),
        "type": lazy("Type"),
        "offer": lazy("Is given"),
        "status": lazy("State"),
        "created_at": lazy("Added"),
    },
    order_columns=[
        ("address", RoleBinding.address_key),
        ("made_by", RoleBinding.made_by_email),
        "type",
        "status",
        "created_at",
    ],
    base_order=("created_at", "desc"),
    filters=FILTERS,
    search=queries.search,
    search_label=lazy("Search the address or login ID"),
    eager=(joinedload(RoleBinding.made_by), selectinload(RoleBinding.roles)),
    cells="bindings/_cells.html",
    cells_of=lambda bindings: [*map(shown, bindings)],
    file=File(
        "bindings",
        RoleBinding,
        COLUMNS,
        BINDING_LIST_EXPORTED,
        (selectinload(RoleBinding.roles),),
    ),
    menu_count=MenuCount(JOINING, queries.joining),
)
