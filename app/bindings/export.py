"""Role bindings as a file: every column in its order (R13), and the door that hands it out.

Here: names of columns, which are never translated, labels, raw values. Not here: how a file is
written (exchange).
"""

from __future__ import annotations

from sqlalchemy.orm import selectinload

from app.activity import binding_events
from app.bindings import lists
from app.exchange.columns import BY_NAME, Column, authorities_of, role_names, same
from app.exchange.files import File
from app.exchange.views import ExportView
from app.kernel.i18n import lazy
from app.models import RoleBinding

COLUMNS = (
    same("id", lazy("Number of the addition")),
    Column("who", lazy("Added as"), lambda binding: binding.address),
    same("type", lazy("Type")),
    Column("roles", lazy("Roles"), lambda binding: role_names(binding.roles), BY_NAME),
    authorities_of(lazy("Single authorities")),
    Column("state", lazy("State"), lambda binding: binding.status),
    Column("added_by", lazy("Added by"), lambda binding: binding.made_by_email or None),
    Column("added_at", lazy("Added"), lambda binding: binding.created_at),
    same("settled_at", lazy("Answered or ended")),
)

FILE = File(
    "bindings",
    RoleBinding,
    COLUMNS,
    binding_events.BINDING_LIST_EXPORTED,
    (selectinload(RoleBinding.roles),),
)


class BindingExport(ExportView):
    """People who were added and join at the next sign-in, as a file."""

    file = FILE
    definition = lists.BINDINGS
