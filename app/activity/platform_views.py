"""The activity log of the whole portal, for the platform administrator: what happened in every
organization, and in none.

Here: one screen. Not here: an organization's own (activity.views).
"""

from __future__ import annotations

from app.activity import lists, queries
from app.activity.views import ActivityView
from app.kernel.i18n import lazy
from app.models import Activity


class PlatformActivityView(ActivityView):
    """What happened anywhere in the portal (S4-02); what belongs to no organization, and what
    outlived one.
    """

    definition = lists.PLATFORM_ACTIVITY
    list_title = lazy("Platform log")
    show_title = lazy("Platform log")
    on_platform = True

    def whose(self) -> None:
        """Everybody's."""

    def places(self, lines: list[Activity]) -> dict[int, str]:
        """The organizations of lines."""
        return queries.places(lines)
