"""Profile's forms.

Here: what must be typed. Not here: whether it is allowed or possible (accounts.service, profile.service).
"""
from __future__ import annotations

from wtforms import BooleanField, HiddenField, PasswordField, StringField
from wtforms.validators import Regexp

from app.accounts.policy import Identity
from app.kernel.i18n import lazy
from app.web.forms import PortalForm, at_most, email_field, language_field, no_at_sign, optional, plain_digits, required, strip, zone_field


class ProfileForm(PortalForm):
    """Names and preferences."""

    family_name = StringField(lazy("Family name"), filters=[strip], validators=[required(), at_most(64)], render_kw={"autocomplete": "family-name"})
    given_name = StringField(lazy("Given name"), filters=[strip], validators=[optional(), at_most(64)], render_kw={"autocomplete": "given-name"})
    reading = StringField(
        lazy("Reading"), filters=[strip], validators=[optional(), at_most(128)], description=lazy("In kana, for readers of Japanese."),
        render_kw={"autocomplete": "off"},
    )
    latin_name = StringField(
        lazy("Name in Latin letters"), filters=[strip], validators=[optional(), at_most(128)], description=lazy("For readers of other languages."),
        render_kw={"autocomplete": "off"},
    )
    language = language_field(lazy("Language"), description=lazy("Of the screens and of the letters to you."))
    time_zone = zone_field(lazy("Time zone"), description=lazy("Dates and times are shown in it."))
    notifications = BooleanField(
        lazy("E-mail notifications"),
        description=lazy(
            "Letters about your memberships, answers to your invitations and sign-ins from new browsers. Letters that protect the account always arrive."
        ),
    )

    @property
    def identity(self) -> Identity:
        """What was typed."""
        return Identity(
            family_name=self.family_name.data or "", given_name=self.given_name.data or "", reading=self.reading.data or "",
            latin_name=self.latin_name.data or "", language=self.language.data, time_zone=self.time_zone.data,
            notifications=bool(self.notifications.data),
        )


class EmailForm(PortalForm):
    """A new e-mail address."""

    email = email_field(lazy("New e-mail address"), description=lazy("Sign-in codes and links to set a password go there."))


class LoginIdForm(PortalForm):
    """The login ID, and the password."""

    login_id = StringField(
        lazy("Login ID"), filters=[strip], validators=[required(), at_most(64), no_at_sign],
        description=lazy("Letters a–z, digits, period, underscore and hyphen."),
        render_kw={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"},
    )
    current_password = PasswordField(
        lazy("Current password"), validators=[required(lazy("Enter your current password.")), at_most(1000)],
        render_kw={"autocomplete": "current-password"},
    )


class AppForm(PortalForm):
    """The first code of an authenticator app, and what it was shown, sealed."""

    sealed = HiddenField()
    code = StringField(
        lazy("Code that the app shows (6 digits)"), filters=[plain_digits],
        validators=[required(lazy("Enter the six digits.")), Regexp(r"^[0-9]{6}$", message=lazy("The code has six digits."))],
        render_kw={"inputmode": "numeric", "autocomplete": "one-time-code", "maxlength": 20},
    )
