"""Doors to organizations: the platform administrator's list.

Here: what is seen and pressed. Not here: an organization's home (home.views) and settings
(organizations.settings_views), what happens (organizations.service).
"""

from __future__ import annotations

from functools import partial
from typing import Any

from flask import url_for
from markupsafe import Markup

from app.kernel.clock import utcnow
from app.kernel.i18n import current_language, lazy
from app.kernel.signals import organization_deleted
from app.models import Organization
from app.organizations import columns, deleting, editing, lists
from app.organizations import service as organizations
from app.organizations.forms import DeleteForm, OrganizationForm, SettingsForm
from app.screens import formatters
from app.screens.model_view import ServiceModelView
from app.screens.services import does, says


def _home_link(code: str) -> Markup:
    return Markup('<a href="{}"><code>{}</code></a>').format(
        url_for("HomeView.home", organization=code), code
    )


class OrganizationView(ServiceModelView):
    """Every organization of the portal, for the platform administrator: 組織 (S4-02)."""

    definition = lists.ORGANIZATIONS
    list_title = lazy("Organizations")
    show_title = lazy("Organization")
    add_title = lazy("New organization")
    edit_title = lazy("Edit organization")
    delete_title = delete_label = lazy("Delete organization")
    delete_asks = lazy("Delete “%(name)s”?")
    add_label = lazy("Create organization")
    added = lazy("The organization was created.")
    added_opens = True
    saved = lazy("The settings were saved.")
    deleted = lazy("The organization was deleted.")
    page_folder = "organizations"
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
        "password_policy": columns.CHOSEN.get,
        "first_login": columns.CHOSEN.get,
    }
    add_form = OrganizationForm
    edit_form = SettingsForm
    delete_form = DeleteForm
    method_permission_name = {"*": "manage"}

    def fill(self, form: Any, item: Any = None) -> None:
        if item is None:
            form.language.data = current_language()
        else:
            form.show(item)

    item_name = says(lambda organization: organization.name_in(current_language()))
    watched = says(organizations.settings_of)
    look_again = says(editing.look_again)
    about = says(editing.about)
    create = does(organizations.create)
    remove = does(deleting.delete, needs_proof=True)

    def update(self, item: Organization, form: SettingsForm) -> None:
        editing.save(item, form)

    def consequences(self, item: Organization) -> list[tuple[str, str]]:
        return organization_deleted.consequences([item], also_none=True, now=utcnow())

    def page(self, template: str, **words: Any) -> str:
        """Give the settings' page what its choices say."""
        return super().page(template, choices=columns, **words)
