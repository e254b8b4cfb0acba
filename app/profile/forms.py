"""Profile's forms.

Here: what must be typed. Not here: whether it is allowed or possible (accounts.service,
profile.service).
"""

from __future__ import annotations

from typing import cast

from wtforms import BooleanField, HiddenField, PasswordField, StringField
from wtforms.validators import Regexp

from app.accounts.forms import OwnNamesForm, login_id_field
from app.accounts.policy import IdentityEdit
from app.kernel.i18n import lazy
from app.screens.forms import (
    PortalForm,
    at_most,
    email_field,
    language_field,
    plain_digits,
    required,
    zone_field,
)


class ProfileForm(OwnNamesForm):
    """Names and preferences."""

    language = language_field(
        lazy("Language"), description=lazy("Of the screens and of the letters to you.")
    )
    time_zone = zone_field(lazy("Time zone"), description=lazy("Dates and times are shown in it."))
    notifications = BooleanField(
        lazy("E-mail notifications"),
        description=lazy(
            "Letters about your memberships, answers to your invitations and sign-ins from new"
            " browsers. Letters that protect the account always arrive."
        ),
    )
    power_notifications = BooleanField(
        lazy("Letters to power users"),
        description=lazy(
            "When others make somebody a power user, give administrative authorities, reset"
            " somebody’s 2-step verification or remove a member. Only with e-mail notifications"
            " on."
        ),
    )

    @property
    def edited(self) -> IdentityEdit:
        """What was typed, and what only power users choose."""
        edited = cast("IdentityEdit", self.identity)
        if "power_notifications" in self:
            edited["power_notifications"] = bool(self.power_notifications.data)
        return edited


class EmailForm(PortalForm):
    """A new e-mail address."""

    email = email_field(
        lazy("New e-mail address"),
        description=lazy("Sign-in codes and links to set a password go there."),
    )


class LoginIdForm(PortalForm):
    """The login ID, and the password."""

    login_id = login_id_field("username")
    current_password = PasswordField(
        lazy("Current password"),
        validators=[required(lazy("Enter your current password.")), at_most(1000)],
        render_kw={"autocomplete": "current-password"},
    )


class AppForm(PortalForm):
    """The first code of an authenticator app, and what it was offered, encrypted."""

    offer = HiddenField()
    code = StringField(
        lazy("Code that the app shows (6 digits)"),
        filters=[plain_digits],
        validators=[
            required(lazy("Enter the six digits.")),
            Regexp(r"^[0-9]{6}$", message=lazy("The code has six digits.")),
        ],
        render_kw={"inputmode": "numeric", "autocomplete": "one-time-code", "maxlength": 20},
    )
