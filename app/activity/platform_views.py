"""The activity log of the whole portal, for the platform administrator: what happened in every
organization, and in none.

Here: one screen. Not here: an organization's own (activity.views).
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select

from app.activity import offers, queries
from app.activity.filters import filters
from app.activity.views import ActivityView
from app.kernel.i18n import _, lazy
from app.models import Activity
from app.screens.interface import PlatformInterface
from app.screens.list_filter import Filter

NOWHERE = "none"


def _organizations() -> list[tuple[str, Any]]:
    named = [
        (str(one), name if is_there else _("%(name)s (deleted)", name=name))
        for one, name, is_there in offers.organizations()
    ]
    return [(NOWHERE, _("No organization")), *named]


def _in(lines: Select[Any], chosen: Any) -> Select[Any]:
    return lines.where(
        Activity.organization_id.is_(None)
        if chosen[0] == NOWHERE
        else Activity.organization_id == int(chosen[0])
    )


class PlatformActivityView(ActivityView):
    """What happened anywhere in the portal (S4-02); what belongs to no organization, and what
    outlived one.
    """

    datamodel = PlatformInterface(Activity)
    route_base = "/activity"
    list_title = lazy("Platform log")
    show_title = lazy("Platform log")
    class_permission_name = "PlatformActivity"
    filters = (
        Filter("organization", lazy("Organization"), options=_organizations, apply=_in),
        *filters(lambda: None),
    )
    on_platform = True

    def whose(self) -> None:
        """Everybody's."""

    def places(self, lines: list[Activity]) -> dict[int, str]:
        """The organizations of lines."""
        return queries.places(lines)
