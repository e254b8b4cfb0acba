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


def available_roles() -> list[MemberRole]:
    """The roles of the organization in the address, read once in a request."""
    if context().roles is None:
        context().roles = queries.available(organization())
    return list(context().roles or ())


def keeps_invites() -> bool:
    """Whether the page that asked was told to keep pending invitations under the actor's name."""
    return "keep_invites" in request.form


def roles_to_give(account_id: int, held: Collection[MemberRole]) -> list[MemberRole]:
    """The roles that the reader could add to what a member holds (D-1)."""
    given = seat().gives_to(account_id)
    return [
        role for role in available_roles() if role not in held and known(role.authorities) <= given
    ]
