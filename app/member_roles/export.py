"""Roles as a file: every column in its order (R13), and the door that hands it out.

Here: names of columns, which are never translated, labels, raw values. Not here: how a file is
written (exchange).
"""

from __future__ import annotations

from app.activity import events
from app.exchange.columns import authorities_of, same
from app.exchange.files import File
from app.exchange.views import ExportView
from app.kernel.i18n import lazy
from app.member_roles import lists
from app.models import MemberRole

COLUMNS = (
    same("id", lazy("Role ID")),
    same("key", lazy("Key of a built-in role")),
    same("name", lazy("Name")),
    same("description", lazy("Description")),
    authorities_of(lazy("Authorities")),
)

FILE = File("roles", MemberRole, COLUMNS, events.ROLE_LIST_EXPORTED)


class MemberRoleExport(ExportView):
    """Roles as a file."""

    file = FILE
    definition = lists.ROLES
