"""Forms of an organization: what it is called, and its rules.

Here: is what was typed well-formed? Not here: codes' own rules (organizations.codes), whether a code is taken (organizations.service).
"""
from __future__ import annotations

from typing import Any

from wtforms import BooleanField, RadioField, StringField

from app.kernel.i18n import lazy
from app.models import FirstLogin, PasswordPolicyName
from app.organizations.codes import LONGEST
from app.organizations.columns import FIRST_LOGINS, LABELS, PASSWORD_POLICIES
from app.organizations.service import NAME_LENGTH, Settings
from app.web.forms import PortalForm, at_most, language_field, required, strip

CODE_HELP = lazy("Part of every address: /o/aozora/. Lower-case letters, digits and hyphens.")
LATIN_HELP = lazy("Shown to readers of other languages than Japanese.")
LANGUAGE_HELP = lazy("For new members and for letters to people whose language is not known.")


def _code_field(**more: Any) -> StringField:
    return StringField(
        LABELS["code"], filters=[strip], validators=[required(), at_most(LONGEST)], description=more.pop("description", CODE_HELP),
        render_kw={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false", "maxlength": LONGEST},
    )


class OrganizationForm(PortalForm):
    """A new organization."""

    name = StringField(LABELS["name"], filters=[strip], validators=[required(), at_most(NAME_LENGTH)], render_kw={"autocomplete": "organization"})
    latin_name = StringField(LABELS["latin_name"], filters=[strip], validators=[at_most(NAME_LENGTH)], description=LATIN_HELP)
    code = _code_field()
    language = language_field(LABELS["language"], description=LANGUAGE_HELP)


class SettingsForm(OrganizationForm):
    """An organization's settings."""

    code = _code_field(description=lazy("Changing it changes every address of the organization: links in old letters and bookmarks stop working."))
    password_policy = RadioField(LABELS["password_policy"], choices=[(one.value, one.label) for one in PASSWORD_POLICIES])
    first_login = RadioField(LABELS["first_login"], choices=[(one.value, one.label) for one in FIRST_LOGINS])
    two_factor_required = BooleanField(lazy("Required of every member"))

    @property
    def settings(self) -> Settings:
        """What was chosen, as the service takes it."""
        return Settings(
            name=self.name.data, latin_name=self.latin_name.data or "", code=self.code.data, language=self.language.data,
            password_policy=PasswordPolicyName(self.password_policy.data), first_login=FirstLogin(self.first_login.data),
            two_factor_required=self.two_factor_required.data,
        )
