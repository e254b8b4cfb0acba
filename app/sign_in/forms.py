"""Forms of signing in, and of setting and changing passwords.

Here: what must be typed. Not here: whether it is right (services).
"""

from __future__ import annotations

from wtforms import (
    BooleanField,
    Field,
    Form,
    HiddenField,
    PasswordField,
    StringField,
    ValidationError,
)
from wtforms.validators import Regexp

from app.kernel.i18n import lazy
from app.screens.forms import (
    PortalForm,
    at_most,
    plain_digits,
    required,
    strip,
)
from app.two_factor import recovery

NEW_PASSWORD = {"autocomplete": "new-password", "data-rules": "1"}


class SignInForm(PortalForm):
    """Login ID or address, and password."""

    login_id = StringField(
        lazy("Login ID or e-mail address"),
        filters=[strip],
        validators=[required(lazy("Enter your login ID or e-mail address.")), at_most(254)],
        render_kw={"autocomplete": "username", "autofocus": True, "autocapitalize": "none"},
    )
    password = PasswordField(
        lazy("Password"),
        validators=[required(lazy("Enter your password.")), at_most(1000)],
        render_kw={"autocomplete": "current-password"},
    )
    next = HiddenField()


class StepForm(PortalForm):
    """What every way of taking the second step has."""

    trust = BooleanField(
        lazy("Trust this device for 30 days"),
        description=lazy(
            "Until then, signing in here asks for the password only. Not for a device that others"
            " use, too."
        ),
    )


class CodeForm(StepForm):
    """The six digits of the letter or of the authenticator app."""

    code = StringField(
        lazy("Sign-in code (6 digits)"),
        filters=[plain_digits],
        validators=[
            required(lazy("Enter the six digits.")),
            Regexp(r"^[0-9]{6}$", message=lazy("The code has six digits.")),
        ],
        render_kw={
            "inputmode": "numeric",
            "autocomplete": "one-time-code",
            "maxlength": 20,
            "autofocus": True,
        },
    )


def whole_recovery_code(_form: Form, field: Field) -> None:
    """A rule: as many signs as a recovery code has."""
    if len(recovery.plain(field.data or "")) != recovery.GROUPS * recovery.LENGTH:
        raise ValidationError(
            lazy("A recovery code has twelve letters and digits, in three groups.")
        )


class RecoveryCodeForm(StepForm):
    """One of the ten codes on paper."""

    code = StringField(
        lazy("Recovery code"),
        filters=[strip],
        validators=[
            required(lazy("Enter one of your recovery codes.")),
            at_most(40),
            whole_recovery_code,
        ],
        render_kw={
            "autocomplete": "off",
            "autocapitalize": "none",
            "spellcheck": "false",
            "autofocus": True,
            "placeholder": "xxxx-xxxx-xxxx",
        },
    )


class ForgottenForm(PortalForm):
    """Who wants a link."""

    login_id = StringField(
        lazy("Login ID or e-mail address"),
        filters=[strip],
        validators=[required(lazy("Enter your login ID or e-mail address.")), at_most(254)],
        render_kw={"autocomplete": "username", "autofocus": True},
    )


class NewPasswordForm(PortalForm):
    """A new password."""

    password = PasswordField(
        lazy("New password"),
        validators=[required(lazy("Enter a new password.")), at_most(1000)],
        render_kw=NEW_PASSWORD,
    )


class ChangePasswordForm(NewPasswordForm):
    """The current password and a new one."""

    current_password = PasswordField(
        lazy("Current password"),
        validators=[required(lazy("Enter your current password.")), at_most(1000)],
        render_kw={"autocomplete": "current-password"},
    )
