"""Accounts' forms: who somebody is, wherever it is typed, and what the platform administrator fills
in.

Here: what must be typed and how it is read. Not here: whether it is taken or possible
(accounts.service, accounts.suspension).
"""

from __future__ import annotations

from typing import cast

from wtforms import BooleanField, StringField

from app.accounts.policy import Identity, IdentityEdit
from app.kernel.i18n import lazy
from app.screens.forms import (
    PortalForm,
    at_most,
    email_field,
    identifier,
    language_field,
    no_at_sign,
    optional,
    reason_field,
    required,
    strip,
    zone_field,
)


class IdentityForm(PortalForm):
    """Something of who somebody is."""

    @property
    def identity(self) -> Identity:
        """What was typed of it."""
        return cast(
            "Identity",
            {
                name: "" if self[name].data is None else self[name].data
                for name in Identity.__annotations__
                if name in self
            },
        )


def family_name_field(autocomplete: str = "off") -> StringField:
    """The name that every account has."""
    return StringField(
        lazy("Family name"),
        filters=[strip],
        validators=[required(lazy("Enter a family name.")), at_most(64)],
        render_kw={"autocomplete": autocomplete},
    )


def given_name_field(autocomplete: str = "off") -> StringField:
    """The other name."""
    return StringField(
        lazy("Given name"),
        filters=[strip],
        validators=[optional(), at_most(64)],
        render_kw={"autocomplete": autocomplete},
    )


def login_id_field(autocomplete: str = "off") -> StringField:
    """What somebody may sign in with, beside the address."""
    return StringField(
        lazy("Login ID"),
        filters=[identifier],
        validators=[required(lazy("Enter a login ID.")), at_most(64), no_at_sign],
        render_kw={"autocomplete": autocomplete, "autocapitalize": "none", "spellcheck": "false"},
        description=lazy("Letters a–z, digits, period, underscore and hyphen."),
    )


def notifications_field() -> BooleanField:
    """Whether somebody gets letters that need not arrive."""
    return BooleanField(
        lazy("E-mail notifications"),
        default=True,
        description=lazy("Letters about changes of the membership. Sign-in letters always arrive."),
    )


class NamesForm(IdentityForm):
    """Somebody's names (S2-11, S2-25)."""

    family_name = family_name_field()
    given_name = given_name_field()
    reading = StringField(
        lazy("Reading"),
        filters=[strip],
        validators=[optional(), at_most(128)],
        render_kw={"autocomplete": "off"},
        description=lazy("In kana, for readers of Japanese."),
    )
    latin_name = StringField(
        lazy("Name in Latin letters"),
        filters=[strip],
        validators=[optional(), at_most(128)],
        render_kw={"autocomplete": "off"},
        description=lazy("For readers of other languages."),
    )


class OwnNamesForm(NamesForm):
    """One's own names, which the browser knows."""

    family_name = family_name_field("family-name")
    given_name = given_name_field("given-name")


class RegisterAccountForm(NamesForm):
    """Who somebody is (S2-11)."""

    email = email_field(lazy("E-mail address"), render_kw={"autocomplete": "off"})
    login_id = login_id_field()
    language = language_field(
        lazy("Language"), description=lazy("Of the screens and of the letters to this person.")
    )
    time_zone = zone_field(lazy("Time zone"), description=lazy("Dates and times are shown in it."))
    notifications = notifications_field()


class EditAccountForm(RegisterAccountForm):
    """An account's identity, to be changed (S2-25, D-C3)."""

    two_factor = BooleanField(
        lazy("2-step verification"),
        description=lazy("After the password, a code from the mailbox."),
    )

    @property
    def edited(self) -> IdentityEdit:
        """What was typed, 2-step verification included (S2-29)."""
        edited = {**self.identity, "two_factor": bool(self.two_factor.data)}
        return cast("IdentityEdit", edited)


class AccountSuspensionForm(PortalForm):
    """Why an account is suspended."""

    reason = reason_field(
        lazy(
            "The person reads it in the letter that tells of the suspension, administrators of"
            " their organizations in the activity log."
        )
    )
