"""The form of service accounts.

Here: what must be typed and chosen. Not here: whether it is possible (service_accounts.service).
"""

from __future__ import annotations

from wtforms import StringField

from app.kernel.i18n import lazy
from app.offers.forms import GrantForm
from app.screens.forms import at_most, required, strip


class ServiceAccountForm(GrantForm):
    """A member that is no person: never a power user, and without an address."""

    name = StringField(
        lazy("Name"),
        filters=[strip],
        validators=[required(), at_most(64)],
        description=lazy("What it works for, such as “Payroll”."),
        render_kw={"autocomplete": "off"},
    )
