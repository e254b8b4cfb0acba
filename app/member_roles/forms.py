"""Roles' forms.

Here: what must be typed. Not here: whether it is allowed or possible (member_roles.service).
"""

from __future__ import annotations

from wtforms import SelectField, StringField

from app.kernel.i18n import lazy
from app.member_roles.fields import AuthoritiesField
from app.screens.forms import PortalForm, at_most, optional, required, strip

WITHOUT = "none"


class RoleForm(PortalForm):
    """A role of an organization's own."""

    name = StringField(lazy("Name"), filters=[strip], validators=[required(), at_most(64)])
    description = StringField(
        lazy("Description"), filters=[strip], validators=[optional(), at_most(300)]
    )
    authorities = AuthoritiesField(lazy("Authorities"))


class DeleteRoleForm(PortalForm):
    """What takes the place of a role that goes."""

    replacement = SelectField(lazy("Replacement role"), choices=[])
