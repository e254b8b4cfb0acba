"""Members' forms.

Here: what must be typed and how it is read. Not here: whether it is allowed or possible
(memberships.suspension), what a member is given (offers.forms).
"""

from __future__ import annotations

from wtforms import TextAreaField

from app.kernel.i18n import lazy
from app.screens.forms import PortalForm, at_most, optional, strip


class SuspensionForm(PortalForm):
    """Why somebody is suspended."""

    reason = TextAreaField(
        lazy("Reason"),
        filters=[strip],
        validators=[optional(), at_most(500)],
        render_kw={"rows": 3},
        description=lazy("The member reads it in the letter that tells of the suspension."),
    )
