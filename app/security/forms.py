"""Forms of signing in, setting and changing passwords, and the first start.

Here: what must be typed. Not here: whether it is right (services).
"""
from __future__ import annotations

import unicodedata

from wtforms import HiddenField, PasswordField, StringField
from wtforms.validators import Regexp

from app.kernel.i18n import lazy
from app.web.forms import PortalForm, at_most, email_field, language_field, no_at_sign, optional, required, strip, zone_field

NEW_PASSWORD = {"autocomplete": "new-password", "data-rules": "1"}


def plain_digits(value: str | None) -> str | None:
    """A filter: a code as it was sent, however wide it was typed and whatever stands between its digits."""
    return "".join(unicodedata.normalize("NFKC", value).replace("-", " ").split()) if isinstance(value, str) else value


class SignInForm(PortalForm):
    """Login ID or address, and password."""

    login_id = StringField(
        lazy("Login ID or e-mail address"), filters=[strip], validators=[required(lazy("Enter your login ID or e-mail address.")), at_most(254)],
        render_kw={"autocomplete": "username", "autofocus": True, "autocapitalize": "none"},
    )
    password = PasswordField(
        lazy("Password"), validators=[required(lazy("Enter your password.")), at_most(1000)], render_kw={"autocomplete": "current-password"}
    )
    next = HiddenField()


class CodeForm(PortalForm):
    """The six digits of the letter."""

    code = StringField(
        lazy("Sign-in code (6 digits)"), filters=[plain_digits],
        validators=[required(lazy("Enter the six digits of the letter.")), Regexp(r"^[0-9]{6}$", message=lazy("The code has six digits."))],
        render_kw={"inputmode": "numeric", "autocomplete": "one-time-code", "maxlength": 20, "autofocus": True},
    )


class ForgottenForm(PortalForm):
    """Who wants a link."""

    login_id = StringField(
        lazy("Login ID or e-mail address"), filters=[strip], validators=[required(lazy("Enter your login ID or e-mail address.")), at_most(254)],
        render_kw={"autocomplete": "username", "autofocus": True},
    )


class NewPasswordForm(PortalForm):
    """A new password."""

    password = PasswordField(lazy("New password"), validators=[required(lazy("Enter a new password.")), at_most(1000)], render_kw=NEW_PASSWORD)


class ChangePasswordForm(NewPasswordForm):
    """The current password and a new one."""

    current_password = PasswordField(
        lazy("Current password"), validators=[required(lazy("Enter your current password.")), at_most(1000)],
        render_kw={"autocomplete": "current-password"},
    )


class SetupForm(PortalForm):
    """The platform administrator and the first organization."""

    family_name = StringField(lazy("Family name"), filters=[strip], validators=[required(), at_most(64)], render_kw={"autocomplete": "family-name"})
    given_name = StringField(lazy("Given name"), filters=[strip], validators=[optional(), at_most(64)], render_kw={"autocomplete": "given-name"})
    email = email_field(lazy("E-mail address"))
    login_id = StringField(lazy("Login ID"), filters=[strip], validators=[required(), at_most(64), no_at_sign], render_kw={"autocomplete": "username"})
    password = PasswordField(lazy("Password"), validators=[required(lazy("Enter a password.")), at_most(1000)], render_kw=NEW_PASSWORD)
    language = language_field(lazy("Language"))
    time_zone = zone_field(lazy("Time zone"), render_kw={"data-guess-zone": "1"})
    organization_name = StringField(lazy("Organization name"), filters=[strip], validators=[required(), at_most(128)])
    organization_code = StringField(
        lazy("Organization code"), filters=[strip], validators=[required(), at_most(32)],
        description=lazy("It stands in every address of the organization: lower-case letters, digits and hyphens, such as aozora-inc."),
    )
