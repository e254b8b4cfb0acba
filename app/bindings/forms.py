"""The form of adding an account that exists already.

Here: who, and what they are given. Not here: whether it may be given (offers.offer).
"""

from __future__ import annotations

from wtforms import StringField

from app.former_members.afresh import AfreshForm
from app.kernel.i18n import lazy
from app.screens.forms import at_most, required, strip


class AddExistingForm(AfreshForm):
    """Somebody who has an account already (S3-35)."""

    who = StringField(
        lazy("E-mail address or login ID"),
        filters=[strip],
        validators=[required(), at_most(254)],
        render_kw={"autocapitalize": "none", "autocomplete": "off"},
        description=lazy(
            "Exactly as the person’s account has it. People of your other organizations are offered"
            " while you type."
        ),
    )
