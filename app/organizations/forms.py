"""Forms of an organization: what it is called, and its rules.

Here: is what was typed well-formed? Not here: codes' own rules (organizations.codes), whether a
code is taken (organizations.service).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any, cast

from wtforms import BooleanField, DateField, IntegerField, RadioField, StringField
from wtforms.validators import NumberRange, Optional

from app.kernel.clock import day_of, end_of_day, last_day, utcnow, zone_of
from app.kernel.i18n import lazy
from app.models import FirstLogin, Organization, PasswordPolicyName
from app.organizations.codes import LONGEST
from app.organizations.columns import FIRST_LOGINS, LABELS, PASSWORD_POLICIES, SettingChoice
from app.organizations.security_policy import LIMITS
from app.organizations.service import NAME_LENGTH, Settings
from app.screens.forms import PortalForm, language_field, optional, text_field, zone_field
from app.screens.moments.zones import reader_zone

SUGGESTED = timedelta(days=14)
"""How long people get to set a second factor up, where nobody says otherwise."""

CODE_HELP = lazy("Part of every address: /o/aozora/. Lower-case letters, digits and hyphens.")
LATIN_HELP = lazy("Shown to readers of other languages than Japanese.")
LANGUAGE_HELP = lazy("For new members and for letters to people whose language is not known.")

ZONE_HELP = lazy(
    "Its days begin and end in it: deadlines, last days. New members have it until their browser"
    " says otherwise."
)


def _code_field(description: Any = CODE_HELP) -> StringField:
    return text_field(
        LABELS["code"],
        LONGEST,
        needed=True,
        description=description,
        autocomplete="off",
        autocapitalize="none",
        spellcheck="false",
        maxlength=LONGEST,
    )


class _Kept(Optional):
    """A number that stays as it is where none is sent."""

    def __init__(self) -> None:
        super().__init__()
        self.field_flags = {"required": True}


def _limited(name: str) -> IntegerField:
    least, most = LIMITS[name]
    sentence = lazy("Between %(min)d and %(max)d.")
    return IntegerField(
        LABELS[name],
        validators=[_Kept(), NumberRange(least, most, message=sentence)],
        render_kw={"min": least, "max": most, "inputmode": "numeric", "class": "w-auto"},
    )


def _one_of(name: str, choices: Iterable[SettingChoice]) -> RadioField:
    named = [(choice.value, choice.label) for choice in choices]
    return RadioField(LABELS[name], choices=named)


class OrganizationForm(PortalForm):
    """A new organization."""

    name = text_field(LABELS["name"], NAME_LENGTH, needed=True, autocomplete="organization")
    latin_name = text_field(LABELS["latin_name"], NAME_LENGTH, description=LATIN_HELP)
    code = _code_field()
    language = language_field(LABELS["language"], description=LANGUAGE_HELP)
    time_zone = zone_field(LABELS["time_zone"], description=ZONE_HELP, default=reader_zone)


class DeleteForm(PortalForm):
    """What is typed before an organization is deleted: its code."""

    typed = StringField()

    @staticmethod
    def _is_clean(_field: Any) -> bool:
        """What is typed is compared, never kept."""
        return True


class SettingsForm(OrganizationForm):
    """An organization's settings."""

    code = _code_field(
        description=lazy(
            "Changing it changes every address of the organization: links in old letters and"
            " bookmarks stop working."
        )
    )
    password_policy = _one_of("password_policy", PASSWORD_POLICIES)
    first_login = _one_of("first_login", FIRST_LOGINS)
    two_factor_required = BooleanField(lazy("Required of every member"))
    two_factor_strong = BooleanField(
        LABELS["two_factor_strong"],
        description=lazy(
            "Codes by mail are as safe as the mailbox. An authenticator app or a passkey is safer."
        ),
    )
    two_factor_deadline = DateField(
        LABELS["two_factor_deadline"],
        validators=[optional()],
        description=lazy(
            "After this day, the pages of the organization stay closed to whoever has not. Leave it"
            " empty to begin at once."
        ),
    )
    at_once = BooleanField(
        lazy("Begin at once all the same"),
        description=lazy("To give people time, set a last day instead."),
    )
    session_idle_minutes = _limited("session_idle_minutes")
    session_hours = _limited("session_hours")
    grant_only_held = BooleanField(
        LABELS["grant_only_held"],
        description=lazy(
            "Without this, managers also give and take authorities that they do not hold, except"
            " administrative ones and never to themselves."
        ),
    )

    def show(self, organization: Organization) -> None:
        """Fill in the deadline as a day; where the rule is off, suggest one."""
        is_on = organization.two_factor_required
        self.two_factor_deadline.data = (
            last_day_of(organization)
            if is_on
            else day_of(utcnow(), zone_of(organization.time_zone)) + SUGGESTED
        )

    def settings(self, organization: Organization) -> Settings:
        """What was chosen, as the service takes it."""
        required = bool(self.two_factor_required.data)
        chosen = Settings(
            time_zone=self._zone(organization),
            password_policy=PasswordPolicyName(self.password_policy.data),
            first_login=FirstLogin(self.first_login.data),
            two_factor_strong=required and bool(self.two_factor_strong.data),
            two_factor_deadline=self._deadline(organization) if required else None,
        )
        entered = {name: value for name, value in self.entered.items() if value is not None}
        entered.pop("at_once")
        return cast("Settings", entered | chosen)

    def _zone(self, organization: Organization) -> str:
        """The zone that was sent; where none was, it stays as it is."""
        return str(self.time_zone.data) if self.time_zone.raw_data else organization.time_zone

    def _deadline(self, organization: Organization) -> datetime | None:
        """The moment after the last day, in the organization's zone; one that was left as it was
        stays the very same, in whichever zone it was chosen.
        """
        day: date | None = self.two_factor_deadline.data
        if organization.two_factor_required and day == last_day_of(organization):
            return organization.two_factor_deadline
        return None if day is None else end_of_day(day, zone_of(self._zone(organization)))


def last_day_of(organization: Organization) -> date | None:
    """The last day before the rule bites, in the organization's zone."""
    deadline = organization.two_factor_deadline
    return None if deadline is None else last_day(deadline, zone_of(organization.time_zone))
