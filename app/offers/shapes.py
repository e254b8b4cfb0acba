"""What a program sends and is told of an offer: roles by id, and what changes of what somebody has.

Here: shapes and bodies of requests as offers, for members, invitations and role bindings. Not here:
what an offer is (offers.offer), the operations (each feature's api).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

from flask_appbuilder import expose
from marshmallow import fields

from app.exchange.columns import BY_NAME, Column, role_names
from app.http.context import seat
from app.kernel.clock import utcnow
from app.kernel.i18n import lazy
from app.member_roles.builtin import role_name
from app.models import MemberRole, MemberType
from app.offers.context import available_roles
from app.offers.offer import Offer, RoleElsewhere
from app.rest.api import operation
from app.rest.rows import RowsApi, RowShapes
from app.rest.schemas import Many, Number, Shape, Word, authorities

ROLES_HERE = lazy("Roles by id; 422 RoleElsewhere where one is no role of the organization.")
TYPES = tuple(map(str, MemberType))


class NamedRole(Shape):
    """A role by id, with its name in the reader's language."""

    id = fields.Integer(required=True)
    name = fields.String(required=True)


def named(role: MemberRole) -> dict[str, Any]:
    """A role as answers name it."""
    return {"id": role.id, "name": role_name(role)}


def roles_of(label: Any) -> Column:
    """The roles of a row: by name in a file, by id and name for programs."""
    return Column(
        "roles",
        label,
        lambda row: role_names(row.roles),
        BY_NAME,
        field=fields.List(fields.Nested(NamedRole)),
        answer=lambda row: [named(role) for role in row.roles],
    )


class OfferBody(Shape):
    """What somebody is offered: a type, roles, single authorities."""

    type = Word(*TYPES, load_default=str(MemberType.GENERAL))
    roles = Many(Number(), load_default=list, metadata={"description": ROLES_HERE})
    authorities = authorities(load_default=list)


class OfferChange(Shape):
    """What changes of what somebody has or is offered; what is left out stays."""

    type = Word(*TYPES)
    roles = Many(
        Number(),
        metadata={
            "description": lazy(
                "All roles from then on, by id; 422 RoleElsewhere where one is no role of the"
                " organization."
            )
        },
    )
    authorities = authorities(
        metadata={"description": lazy("All single authorities from then on.")}
    )


def offered(body: Mapping[str, Any]) -> Offer:
    """What a body offers. Raises RoleElsewhere."""
    return Offer(MemberType(body["type"]), chosen(body["roles"]), frozenset(body["authorities"]))


def chosen(ids: Iterable[int]) -> tuple[MemberRole, ...]:
    """The roles with these ids. Raises RoleElsewhere."""
    known = {role.id: role for role in available_roles()}
    wanted = dict.fromkeys(ids)
    if not wanted.keys() <= known.keys():
        raise RoleElsewhere()
    return tuple(known[pk] for pk in wanted)


def changed(has: Offer, body: Mapping[str, Any]) -> Offer:
    """What somebody has, with what the body changes. Raises RoleElsewhere."""
    read: dict[str, Any] = {"type": MemberType, "roles": chosen, "authorities": frozenset}
    return replace(has, **{name: of(body[name]) for name, of in read.items() if name in body})


def changing(
    verb: Callable[..., Any],
    look_again: Callable[..., Any],
    summary: Any,
    shapes: RowShapes,
    *,
    body: type[Shape] = OfferChange,
    more: Callable[[Mapping[str, Any]], Mapping[str, Any]] = lambda _body: {},
    **described: Any,
) -> Any:
    """PATCH /<pk>: a verb that changes what somebody has or is offered; the row is answered as it
    is then, or as it was where the verb says False, for it is gone.
    """

    @expose("/<pk>", methods=["PATCH"])
    @operation(summary, body=body, answers=shapes.row, example=EXAMPLE, **described)
    def edit(self: RowsApi, pk: str, body: Mapping[str, Any]) -> dict[str, Any]:
        row = self.load(pk)
        look_again(row, by=seat())  # what is not named stays as it is now, not as it was
        offer, before = changed(Offer.of(row), body), self.row(row)
        stays = verb(row, offer=offer, **more(body), by=seat(), now=utcnow())
        return before if stays is False else self.row(row)

    return edit


EXAMPLE = {"authorities": ["user_viewer", "billing_viewer"]}
