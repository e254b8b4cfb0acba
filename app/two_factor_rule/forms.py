"""The form of an exception.

Here: until when and why, well-formed. Not here: how long one may last, and for whom
(two_factor_rule.service).
"""

from __future__ import annotations

from datetime import datetime

from wtforms import DateField, TextAreaField

from app.http.context import organization
from app.kernel.clock import end_of_day, zone_of
from app.kernel.i18n import lazy
from app.screens.forms import PortalForm, at_most, required, strip
from app.two_factor_rule.service import REASON_LENGTH


class ExceptionForm(PortalForm):
    """Until when the rule does not hold for a member, and why."""

    until = DateField(
        lazy("Last day"), validators=[required()], description=lazy("At most 90 days from today.")
    )
    reason = TextAreaField(
        lazy("Reason"),
        filters=[strip],
        validators=[required(), at_most(REASON_LENGTH)],
        render_kw={"rows": 3},
        description=lazy("It stands in the activity log, for everybody who may read it."),
    )

    @property
    def end(self) -> datetime:
        """The moment at which the last day is over, in the organization's zone, however many hours
        it has (T2-49).
        """
        return end_of_day(self.until.data, zone_of(organization().time_zone))
