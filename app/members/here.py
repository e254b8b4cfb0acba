"""The roles of the organization in the address.

Here: the list that forms, filters and cells of one request share. Not here: finding them
(member_roles.queries).
"""

from __future__ import annotations

from flask import g

from app.member_roles import queries
from app.models import MemberRole
from app.web.here import organization


def roles_here() -> list[MemberRole]:
    """The roles of the organization in the address, read once in a request."""
    if "roles_here" not in g:
        g.roles_here = queries.available(organization())
    return list(g.roles_here)
