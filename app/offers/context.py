"""Context: what can be given within one request.

Here: the roles of the organization in the address, and whether invitations are to be kept. Not
here: finding roles (member_roles.queries).
"""

from __future__ import annotations

from collections.abc import Collection

from flask import request

from app.access.authorities import known
from app.access.context import context
from app.http.context import organization, seat
from app.member_roles import queries
from app.models import MemberRole
from app.offers.forms import GrantForm


def available_roles() -> list[MemberRole]:
    """The roles of the organization in the address, read once in a request."""
    if context().roles is None:
        context().roles = queries.available(organization())
    return list(context().roles or ())


def role_called(asked: str | None) -> MemberRole | None:
    """The role of the organization whose id was asked for."""
    return next((role for role in available_roles() if str(role.id) == asked), None)


def keeps_invites() -> bool:
    """Whether the page that asked was told to keep pending invitations under the actor's name."""
    return "keep_invites" in request.form


def let_choose(form: GrantForm, to: int | None = None) -> None:
    """Offer in a form the roles there are, and lock what the reader may not give, to whom (D-1)."""
    form.offer_to_choose(available_roles(), seat().gives_to(to), power=seat().is_power)


def roles_to_give(account_id: int, held: Collection[MemberRole]) -> list[MemberRole]:
    """The roles that the reader could add to what a member holds (D-1)."""
    given = seat().gives_to(account_id)
    return [
        role for role in available_roles() if role not in held and known(role.authorities) <= given
    ]
