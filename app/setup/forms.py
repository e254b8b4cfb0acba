"""The form of the first start.

Here: what must be typed. Not here: whether it can be taken (setup.service).
"""

from __future__ import annotations

from wtforms import PasswordField, StringField

from app.accounts.forms import IdentityForm, family_name_field, given_name_field, login_id_field
from app.kernel.i18n import lazy
from app.screens.forms import at_most, email_field, language_field, required, strip, zone_field
from app.sign_in.forms import NEW_PASSWORD


class SetupForm(IdentityForm):
    """The platform administrator and the first organization."""

    family_name = family_name_field("family-name")
    given_name = given_name_field("given-name")
    email = email_field(lazy("E-mail address"))
    login_id = login_id_field("username")
    password = PasswordField(
        lazy("Password"),
        validators=[required(lazy("Enter a password.")), at_most(1000)],
        render_kw=NEW_PASSWORD,
    )
    language = language_field(lazy("Language"))
    time_zone = zone_field(
        lazy("Time zone"),
        render_kw={"data-guess-zone": "1"},
        description=lazy("Yours and the organization’s."),
    )
    name = StringField(
        lazy("Organization name"),
        name="organization_name",
        filters=[strip],
        validators=[required(), at_most(128)],
    )
    code = StringField(
        lazy("Organization code"),
        name="organization_code",
        filters=[strip],
        validators=[required(), at_most(32)],
        description=lazy(
            "It stands in every address of the organization: lower-case letters, digits and"
            " hyphens, such as aozora-inc."
        ),
    )
