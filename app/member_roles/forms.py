"""Roles' forms.

Here: what must be typed. Not here: whether it is allowed or possible (member_roles.service).
"""

from __future__ import annotations

from collections.abc import Sequence

from wtforms import SelectField

from app.kernel.i18n import lazy
from app.member_roles.fields import AuthoritiesField
from app.models import MemberRole
from app.screens.forms import PortalForm, text_field

WITHOUT = "none"


class RoleForm(PortalForm):
    """A role of an organization's own."""

    name = text_field(lazy("Name"), 64, needed=True)
    description = text_field(lazy("Description"), 300)
    authorities = AuthoritiesField(lazy("Authorities"))


class DeleteRoleForm(PortalForm):
    """What takes the place of a role that goes."""

    available: Sequence[MemberRole] = ()
    """The roles among which it is; the view says them."""
    replacement = SelectField(lazy("Replacement role"), choices=[])
