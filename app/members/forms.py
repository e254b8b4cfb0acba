"""Members' forms, for one and for many at once.

Here: what is typed and chosen on the pages that ask. Not here: whether it is allowed or possible
(members.kinds, memberships), what a member is given (offers.forms).
"""

from __future__ import annotations

from typing import Any, Self

from wtforms import BooleanField, RadioField, SelectField

from app.kernel.i18n import lazy
from app.member_roles.builtin import role_name
from app.offers.context import available_roles
from app.screens.forms import PortalForm, reason_field


class SuspensionForm(PortalForm):
    """Why somebody is suspended."""

    reason = reason_field(lazy("The member reads it in the letter that tells of the suspension."))


class RemovalForm(PortalForm):
    """Whether invitations are kept."""

    keep_invites = BooleanField(lazy("Keep pending invitations under my name"))

    @property
    def arguments(self) -> dict[str, Any]:
        """What the batch keeps."""
        return {"keep": bool(self.keep_invites.data)}


class SuspensionsForm(SuspensionForm, RemovalForm):
    """Why, and whether invitations are kept."""

    @property
    def arguments(self) -> dict[str, Any]:
        return {**super().arguments, "reason": self.reason.data or ""}


class GiveRoleForm(PortalForm):
    """Which role."""

    chosen_role = SelectField(lazy("Role"), coerce=int)

    @classmethod
    def offered(cls) -> Self:
        """Make the form with the roles of the organization."""
        form = cls()
        form.chosen_role.choices = [(role.id, role_name(role)) for role in available_roles()]
        return form

    @property
    def arguments(self) -> dict[str, Any]:
        """What the batch keeps."""
        return {"role_id": self.chosen_role.data}


class TakeRoleForm(GiveRoleForm):
    """Which role, and what becomes of whom it is all they have (D-C13)."""

    others = RadioField(
        lazy("Members for whom it is all they have"),
        choices=[
            ("keep", lazy("Leave them as they are")),
            ("remove", lazy("Remove them from the organization")),
        ],
        default="keep",
    )

    @property
    def arguments(self) -> dict[str, Any]:
        return {**super().arguments, "sure": self.others.data == "remove"}
