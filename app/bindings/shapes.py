"""Bindings' shapes: what programs send and are told about people who were added.

Here: shapes, and a role binding as plain values. Not here: the operations (bindings.api).
"""

from __future__ import annotations

from typing import Any

from marshmallow import fields

from app.bindings.lists import BINDINGS
from app.bindings.queries import SHOWN
from app.kernel.i18n import lazy
from app.models import BindingStatus, MemberType, RoleBinding
from app.offers.shapes import TYPES, NamedRole, named
from app.rest.pages import Page, PageQuery, order
from app.rest.schemas import Many, Moment, Number, Shape, Text, Word, authorities


class Binding(Shape):
    """Somebody who has an account already and was added to the key's organization."""

    id = fields.Integer(required=True)
    who = fields.String(
        required=True,
        metadata={"description": lazy("The e-mail address or login ID, as it was given.")},
    )
    type = Word(*TYPES, required=True)
    roles = fields.List(fields.Nested(NamedRole), required=True)
    authorities = fields.List(fields.String(), required=True)
    state = Word(
        *map(str, BindingStatus),
        required=True,
        metadata={"description": lazy("“waiting”: joins at the next sign-in.")},
    )
    added_by = fields.String(required=True, allow_none=True)
    added_at = Moment(required=True)
    settled_at = Moment(required=True, allow_none=True)


class BindingPage(Page):
    """One page of role bindings."""

    items = fields.List(fields.Nested(Binding), required=True)


class BindingQuery(PageQuery):
    """What the list of role bindings can be asked, as on its screen."""

    sort = order(BINDINGS)
    status = Many(
        Word(*SHOWN),
        metadata={"description": lazy("Those in any of these states; without it all three.")},
    )
    type = Word(*TYPES)


class NewBinding(Shape):
    """Whom to add, and what they are given."""

    who = Text(
        longest=254,
        shortest=1,
        required=True,
        metadata={"description": lazy("Exactly the e-mail address or login ID of the account.")},
    )
    type = Word(*TYPES, load_default=str(MemberType.GENERAL))
    roles = Many(Number(), load_default=list)
    authorities = authorities(load_default=list)


class BindingChange(Shape):
    """What changes of a role binding that waits; what is left out stays."""

    type = Word(*TYPES)
    roles = Many(Number(), metadata={"description": lazy("All roles that are given, by id.")})
    authorities = authorities(
        metadata={"description": lazy("All single authorities that are given.")}
    )


def told(binding: RoleBinding) -> dict[str, Any]:
    """A role binding as plain values, for `Binding`."""
    return {
        "id": binding.id,
        "who": binding.address,
        "type": binding.type,
        "roles": [named(role) for role in binding.roles],
        "authorities": sorted(binding.authorities),
        "state": binding.status,
        "added_by": binding.made_by_email or None,
        "added_at": binding.created_at,
        "settled_at": binding.settled_at,
    }
