"""Doors to organizations: the platform administrator's list.

Here: what is seen and pressed. Not here: an organization's home (home.views) and settings
(organizations.settings_views), what happens (organizations.service).
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Any

from flask import flash, redirect, request, url_for
from flask_appbuilder import expose
from flask_appbuilder.security.decorators import has_access
from markupsafe import Markup
from werkzeug.wrappers import Response

from app.http.context import seat
from app.http.reauthentication import ensure_recent
from app.kernel.clock import utcnow
from app.kernel.i18n import _, current_language, lazy
from app.kernel.signals import organization_deleted
from app.models import Organization
from app.organizations import columns, deleting, editing, lists
from app.organizations import service as organizations
from app.organizations.forms import OrganizationForm, SettingsForm
from app.screens import formatters
from app.screens.actions import Page, refusal_of
from app.screens.model_view import ServiceModelView
from app.screens.optimistic_lock import About, State


def _home_link(code: str) -> Markup:
    return Markup('<a href="{}"><code>{}</code></a>').format(
        url_for("HomeView.home", organization=code), code
    )


def _choice(choices: Iterable[columns.SettingChoice], value: str) -> str:
    return str({choice.value: choice.label for choice in choices}[value])


class OrganizationView(ServiceModelView):
    """Every organization of the portal, for the platform administrator: 組織 (S4-02)."""

    definition = lists.ORGANIZATIONS
    list_title = lazy("Organizations")
    show_title = lazy("Organization")
    add_title = lazy("New organization")
    edit_title = lazy("Edit organization")
    delete_title = lazy("Delete organization")
    delete_label = lazy("Delete organization")
    add_label = lazy("Create organization")
    added = lazy("The organization was created.")
    saved = lazy("The settings were saved.")
    deleted = lazy("The organization was deleted.")
    show_template = "organizations/show.html"
    edit_template = "organizations/edit.html"
    delete_template = "organizations/delete.html"
    show_columns = [
        "name",
        "latin_name",
        "code",
        "language",
        "time_zone",
        "password_policy",
        "first_login",
        "two_factor_required",
        "two_factor_strong",
        "two_factor_deadline",
        "session_idle_minutes",
        "session_hours",
        "grant_only_held",
        "created_at",
    ]
    formatters_columns = {
        "code": _home_link,
        "language": formatters.language_name,
        "created_at": formatters.on_date,
        "two_factor_required": formatters.yes_no,
        "two_factor_strong": formatters.yes_no,
        "grant_only_held": formatters.yes_no,
        "two_factor_deadline": partial(formatters.local_date, is_end=True),
        "password_policy": lambda value: _choice(columns.PASSWORD_POLICIES, value),
        "first_login": lambda value: _choice(columns.FIRST_LOGINS, value),
    }
    add_form = OrganizationForm
    edit_form = SettingsForm
    method_permission_name = {
        "list": "manage",
        "show": "manage",
        "add": "manage",
        "edit": "manage",
        "delete": "manage",
    }

    def fill(self, form: Any, item: Any = None) -> None:
        if item is None:
            form.language.data, form.time_zone.data = current_language(), seat().account.time_zone
        else:
            form.show(item)

    def create(self, form: OrganizationForm) -> Organization:
        return organizations.create(
            code=form.code.data,
            name=form.name.data,
            latin_name=form.latin_name.data or "",
            language=form.language.data,
            time_zone=form.time_zone.data,
            by=seat(),
            now=utcnow(),
        )

    def after_add(self, item: Organization) -> Response:
        return redirect(self.show_url(item))

    def watched(self, item: Organization) -> State:
        return organizations.settings_of(item)

    def look_again(self, item: Organization) -> None:
        editing.look_again(item)

    def about(self, item: Organization) -> About:
        return editing.about(item)

    def update(self, item: Organization, form: SettingsForm) -> None:
        editing.save(item, form)

    @expose("/delete/<pk>", methods=["GET", "POST"])
    @has_access
    def delete(self, pk: str) -> Page:
        """Delete it, once its code has been typed; the page says what goes with it."""
        item = self.load(pk)
        typed = request.form.get("typed", "")
        if request.method != "POST":
            return self._delete_page(item)
        ensure_recent(seat(), now=utcnow())
        refused = refusal_of(lambda: deleting.delete(item, typed=typed, by=seat(), now=utcnow()))
        if refused is not None:
            return (
                self._delete_page(self.load(pk), typed=typed, complaint=str(refused)),
                refused.status,
            )
        flash(self.deleted, "success")
        return redirect(self.list_url())

    def delete_question(self, item: Organization) -> str:
        return _("Delete “%(name)s”?", name=item.name_in(current_language()))

    def consequences(self, item: Organization) -> list[tuple[str, str]]:
        return organization_deleted.consequences([item], also_none=True, now=utcnow())

    def item_name(self, item: Organization) -> str:
        return item.name_in(current_language())

    def page(self, template: str, **words: Any) -> str:
        """Give the settings' page what its choices say."""
        return super().page(template, choices=columns, **words)

    def _delete_page(self, item: Organization, *, typed: str = "", complaint: str = "") -> str:
        return self.page(
            self.delete_template,
            title=self.delete_title,
            question=self.delete_question(item),
            consequences=self.consequences(item),
            item=item,
            pk=item.id,
            label=self.delete_label,
            cancel_url=self.show_url(item),
            typed=typed,
            complaint=complaint,
        )
