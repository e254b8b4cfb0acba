"""Forms of one's passkeys.

Here: what must be typed, and what the browser fills in. Not here: whether it is right
(passkeys.service).
"""

from __future__ import annotations

from wtforms import HiddenField, StringField

from app.kernel.i18n import lazy
from app.passkeys.challenge_session import MOST_CHARACTERS
from app.passkeys.service import NAME_LENGTH
from app.screens.forms import PortalForm, at_most, required, strip


class PasskeyNameForm(PortalForm):
    """What a passkey is called."""

    name = StringField(
        lazy("Name"),
        filters=[strip],
        validators=[required(), at_most(NAME_LENGTH)],
        render_kw={"autocomplete": "off"},
        description=lazy("So that you recognize it, such as the device it is on."),
    )


class NewPasskeyForm(PasskeyNameForm):
    """A new passkey: its name, and the browser's answer."""

    answer = HiddenField(validators=[at_most(MOST_CHARACTERS)])
