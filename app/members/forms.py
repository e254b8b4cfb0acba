"""Members' forms, for one and for many at once.

Here: what is typed and chosen on the pages that ask. Not here: whether it is allowed or possible
(members.kinds, memberships), what a member is given (offers.forms).
"""

from __future__ import annotations

from typing import Any, Self

from wtforms import BooleanField, RadioField, SelectField

from app.http.context import seat
from app.kernel.i18n import lazy
from app.member_roles.builtin import role_name
from app.offers.context import available_roles
from app.offers.fields import AuthoritiesField, TypeField
from app.screens.forms import PortalForm, language_field, reason_field, required


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


class OthersForm(PortalForm):
    """What becomes of members of whom nothing would be left (D-C13)."""

    others = RadioField(
        lazy("Members for whom it is all they have"),
        choices=[
            ("keep", lazy("Leave them as they are")),
            ("remove", lazy("Remove them from the organization")),
        ],
        default="keep",
    )

    @property
    def is_sure(self) -> bool:
        """Whether they are removed."""
        return bool(self.others.data == "remove")


class TakeRoleForm(GiveRoleForm, OthersForm):
    """Which role, and what becomes of whom it is all they have."""

    @property
    def arguments(self) -> dict[str, Any]:
        return {**super().arguments, "sure": self.is_sure}


class TypeForm(OthersForm):
    """Which type, and what becomes of power users of whom nothing would be left."""

    type = TypeField(lazy("Type"))

    @classmethod
    def offered(cls) -> Self:
        """Make the form; only power users make power users."""
        form = cls()
        form.type.may_give_power = seat().is_power
        return form

    @property
    def arguments(self) -> dict[str, Any]:
        """What the batch keeps."""
        return {"type": str(self.type.chosen), "sure": self.is_sure}


class GiveAuthoritiesForm(PortalForm):
    """Which authorities."""

    authorities = AuthoritiesField(
        lazy("Authorities"), validators=[required(lazy("Choose at least one authority."))]
    )

    @classmethod
    def offered(cls) -> Self:
        """Make the form with what the reader may give."""
        form = cls()
        form.authorities.offer(seat().gives_to())
        return form

    @property
    def arguments(self) -> dict[str, Any]:
        """What the batch keeps."""
        return {"authorities": sorted(self.authorities.chosen)}


class TakeAuthoritiesForm(GiveAuthoritiesForm, OthersForm):
    """Which authorities, and what becomes of whom they are all they have."""

    @property
    def arguments(self) -> dict[str, Any]:
        return {**super().arguments, "sure": self.is_sure}


class TwoFactorForm(PortalForm):
    """Whether the second step is asked for."""

    chosen = RadioField(
        lazy("2-step verification"),
        choices=[("on", lazy("On")), ("off", lazy("Off"))],
        default="on",
    )

    @property
    def arguments(self) -> dict[str, Any]:
        """What the batch keeps."""
        return {"two_factor": self.chosen.data == "on"}


class LanguageForm(PortalForm):
    """Which language."""

    chosen = language_field(lazy("Language"))

    @property
    def arguments(self) -> dict[str, Any]:
        """What the batch keeps."""
        return {"language": self.chosen.data}
