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
    email_field,
    identifier,
    language_field,
    no_at_sign,
    reason_field,
    text_field,
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
    needed = lazy("Enter a family name.")
    return text_field(lazy("Family name"), 64, needed=needed, autocomplete=autocomplete)


def given_name_field(autocomplete: str = "off") -> StringField:
    """The other name."""
    return text_field(lazy("Given name"), 64, autocomplete=autocomplete)


def login_id_field(autocomplete: str = "off") -> StringField:
    """What somebody may sign in with, beside the address."""
    return text_field(
        lazy("Login ID"),
        64,
        needed=lazy("Enter a login ID."),
        filters=[identifier],
        rules=[no_at_sign],
        description=lazy("Letters a–z, digits, period, underscore and hyphen."),
        autocomplete=autocomplete,
        autocapitalize="none",
        spellcheck="false",
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
    reading = text_field(
        lazy("Reading"),
        128,
        description=lazy("In kana, for readers of Japanese."),
        autocomplete="off",
    )
    latin_name = text_field(
        lazy("Name in Latin letters"),
        128,
        description=lazy("For readers of other languages."),
        autocomplete="off",
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
