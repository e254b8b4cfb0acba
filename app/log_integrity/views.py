"""For how long an organization keeps its log: one small page, which shows what would go before
anything does.

Here: what is seen and pressed. Not here: what happens (log_integrity.retention).
"""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, request, url_for
from flask_appbuilder import BaseView, expose
from flask_appbuilder.security.decorators import has_access
from werkzeug.wrappers import Response
from wtforms import IntegerField, RadioField
from wtforms.validators import NumberRange, Optional

from app.http.context import organization, seat
from app.http.reauthentication import ensure_recent
from app.kernel.clock import utcnow
from app.kernel.i18n import _, lazy
from app.log_integrity import retention
from app.log_integrity.retention import LONGEST, SHORTEST, Going, KeptTooShort
from app.screens.actions import Page, submit
from app.screens.forms import PortalForm

FOR_EVER, FOR_DAYS = "ever", "days"


class RetentionForm(PortalForm):
    """For ever, or for some days."""

    kept = RadioField(
        lazy("The log is kept"),
        choices=[(FOR_EVER, lazy("For ever")), (FOR_DAYS, lazy("For some time"))],
    )
    days = IntegerField(
        lazy("Days"),
        validators=[Optional(), NumberRange(SHORTEST, LONGEST, KeptTooShort.text)],
        render_kw={"inputmode": "numeric", "autocomplete": "off"},
        description=lazy(
            "At least %(shortest)d. Older lines are deleted every night, and the log says so.",
            shortest=SHORTEST,
        ),
    )

    def validate(self, extra_validators: Any = None) -> bool:
        """Ask for the days where the log is kept for some."""
        valid = super().validate(extra_validators)
        if valid and self.kept.data == FOR_DAYS and self.days.data is None:
            self.refuse("days", _("Fill this in."))
            return False
        return valid

    @property
    def wanted(self) -> int | None:
        """The days asked for, None for ever."""
        return self.days.data if self.kept.data == FOR_DAYS else None


class RetentionView(BaseView):
    """How long the log is kept: ログの保存期間 (B-84, B-107)."""

    route_base = "/o/<organization>/activity/retention"
    default_view = "edit"
    class_permission_name = "Settings"
    method_permission_name = {"edit": "manage"}

    @expose("/", methods=["GET", "POST"])
    @has_access
    def edit(self) -> Page:
        form = RetentionForm()
        if request.method != "POST":
            form.kept.data, form.days.data = (
                FOR_DAYS if organization().log_kept_days else FOR_EVER,
                organization().log_kept_days,
            )
            return self._page(form)
        ensure_recent(seat(), now=utcnow())
        if "sure" not in request.form and form.validate():
            going = retention.going(organization(), form.wanted, now=utcnow())
            if going.count:
                return self._page(form, going=going)
        return submit(
            form,
            lambda: retention.choose(organization(), form.wanted, by=seat(), now=utcnow()),
            self._page,
            _saved,
        )

    def _page(self, form: RetentionForm, *, going: Going | None = None) -> str:
        words: dict[str, Any] = {
            "form": form,
            "going": going,
            "cancel_url": url_for("ActivityView.list"),
        }
        return str(
            self.render_template(
                "log_integrity/retention.html", title=_("How long the log is kept"), **words
            )
        )


def _saved(_kept: object) -> Response:
    flash(_("The settings were saved."), "success")
    return redirect(url_for("ActivityView.list"))
