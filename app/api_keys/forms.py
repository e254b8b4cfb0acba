"""API keys' form.

Here: what must be typed. Not here: whether it is allowed or possible (api_keys.service).
"""

from __future__ import annotations

from typing import Any

from wtforms import HiddenField, IntegerField
from wtforms.validators import InputRequired, NumberRange

from app.api_keys.service import DAYS, MOST_DAYS, NAME_LENGTH
from app.kernel.i18n import lazy
from app.kernel.tokens import new_public_id
from app.member_roles.fields import AuthoritiesField, Box
from app.screens.forms import PortalForm, text_field

RANGE = lazy("Enter a number of days from 1 to %(most)d.", most=MOST_DAYS)


class ScopesField(AuthoritiesField):
    """What a key may be used for: of its holder's authorities, those that whoever issues it holds,
    too.
    """

    def groups(self) -> list[tuple[Any, list[Box]]]:
        """The boxes that can be ticked; the others would only be in the way."""
        open_ones = (
            (heading, [box for box in boxes if not box.locked])
            for heading, boxes in super().groups()
        )
        return [(heading, boxes) for heading, boxes in open_ones if boxes]

    def has_locked(self) -> bool:
        return False


class KeyForm(PortalForm):
    """A new key."""

    attempt = HiddenField(default=new_public_id)
    """The same for a form that is sent twice."""
    name = text_field(
        lazy("Name"),
        NAME_LENGTH,
        needed=True,
        description=lazy("What the key is for, such as “Nightly sync”."),
        autocomplete="off",
    )
    days = IntegerField(
        lazy("Valid for (days)"),
        default=DAYS,
        validators=[InputRequired(message=RANGE), NumberRange(1, MOST_DAYS, message=RANGE)],
        description=lazy(
            "From 1 to 365. The shorter, the safer; a letter reminds you a week before the end."
        ),
        render_kw={"inputmode": "numeric", "autocomplete": "off"},
    )
    scopes = ScopesField(lazy("Authorities"))

    @property
    def asked(self) -> dict[str, Any]:
        """What was typed."""
        return {
            "name": self.name.data or "",
            "days": int(self.days.data or 0),
            "scopes": self.scopes.chosen,
            "prefix": self.attempt.data or "",
        }
