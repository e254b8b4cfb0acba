"""The settings of the organization in the address.

Here: what is seen and pressed. Not here: the platform administrator's list (organizations.views),
what happens (organizations.service).
"""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from flask_appbuilder import BaseView, expose
from flask_appbuilder.security.decorators import has_access
from werkzeug.wrappers import Response

from app.access.policy import may
from app.access.two_factor import verdict_of
from app.http.context import organization, seat
from app.kernel.clock import utcnow
from app.kernel.i18n import _
from app.models import Organization
from app.organizations import columns, editing, queries
from app.organizations import service as organizations
from app.organizations.forms import SettingsForm
from app.screens import optimistic_lock
from app.screens.actions import Page, submit
from app.two_factor_rule import queries as two_factor_rule


class SettingsView(BaseView):
    """The settings of the organization in the address: 組織の設定."""

    route_base = "/o/<organization>/settings"
    default_view = "edit"
    class_permission_name = "Settings"
    method_permission_name = {"edit": "manage"}

    @expose("/", methods=["GET", "POST"])
    @has_access
    def edit(self) -> Page:
        here = organization()
        form = SettingsForm() if request.method == "POST" else SettingsForm(obj=here)
        if request.method != "POST":
            form.show(here)
            return self._page(form)
        return submit(
            form,
            lambda: self._save(here, form),
            self._page,
            lambda changed: self._saved(here, changed),
        )

    def _save(self, here: Organization, form: SettingsForm) -> bool:
        editing.look_again(here)
        optimistic_lock.ensure_same(
            organizations.settings_of(here), editing.about(here), now=utcnow()
        )
        return editing.save(here, form)

    def _saved(self, here: Organization, changed: bool) -> Response:
        flash(
            _("The settings were saved.") if changed else _("Nothing was changed."),
            "success" if changed else "info",
        )
        if (
            changed
            and here.two_factor_strong
            and not two_factor_rule.figures(here, now=utcnow()).ready_power
        ):
            flash(
                _(
                    "No power user has an authenticator app or a passkey yet. When the rule holds,"
                    " nobody can manage the organization."
                ),
                "warning",
            )
        if self._has_to_set_up(here):
            flash(
                _(
                    "The rule holds for you, too. Set up your second step here, then sign in again"
                    " with it."
                ),
                "warning",
            )
            return redirect(url_for("ProfileView.edit", _anchor="two-factor"))
        return redirect(url_for("SettingsView.edit", organization=here.code))

    def _has_to_set_up(self, here: Organization) -> bool:
        """Whether the rule keeps this very person out, who has no second step of their own."""
        own = two_factor_rule.factors_of([seat().account.id]).get(seat().account.id)
        return verdict_of(seat(), now=utcnow(), organization=here).withholds and not own

    def _page(self, form: SettingsForm) -> str:
        here = organization()
        form.seen = optimistic_lock.stamp_for(form, organizations.settings_of(here), now=utcnow())
        return str(
            self.render_template(
                "organizations/settings.html",
                title=_("Settings"),
                form=form,
                organization=here,
                choices=columns,
                without_two_factor=queries.without_two_factor(here),
                cancel_url=url_for("HomeView.home"),
                board_url=url_for("TwoFactorBoardView.list"),
                webhooks_url=url_for("WebhookView.list") if may(seat(), "read", "Webhook") else "",
            )
        )
