"""The activity log as an organization's readers see it.

Here: one screen, which nobody can write on. Not here: sentences (activity.telling), which rows (activity.queries).
"""
from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any, ClassVar

from sqlalchemy import Select
from werkzeug.datastructures import MultiDict

from app.activity import queries
from app.activity.events import CATALOGUE
from app.activity.telling import by_day, tell_all
from app.activity.words import GROUPS, group_of
from app.kernel.i18n import lazy
from app.models import Activity
from app.web import formatters
from app.web.crud import ServiceModelView
from app.web.here import organization
from app.web.interface import OrganizationInterface
from app.web.listing import Filter, Listing

Lines = Select[tuple[Activity]]
DAYS = ("from", "to")
LONGEST_ID = 10
FIRST_DAY = date(1970, 1, 1)
"""Nothing happened before; the first days of the calendar have no midnight in UTC."""


class ActivityView(ServiceModelView):
    """What happened in the organization: アクティビティログ (S3-04)."""

    datamodel = OrganizationInterface(Activity)
    route_base = "/o/<organization>/activity"
    exclude_route_methods: ClassVar[set[str]] = {"download", "add", "edit", "delete", "action", "action_post"}
    list_title = lazy("Activity log")
    show_title = lazy("Activity log")
    list_template = "activity/list.html"
    show_template = "activity/show.html"
    list_columns = ["happened_at"]
    show_columns = ["happened_at"]
    label_columns = {"happened_at": lazy("When"), "from": lazy("From"), "to": lazy("Until"), "about": lazy("About")}
    sorts: ClassVar[dict[str, Any]] = {"happened_at": Activity.happened_at}
    base_sort = "-happened_at"
    search_label = lazy("Name or address")
    class_permission_name = "Activity"
    method_permission_name = {"list": "read", "show": "read"}

    filters = (
        Filter(
            "group", lazy("Kind"), options=lambda: [(key, label) for key, (label, _beginnings) in GROUPS.items()], multiple=True,
            apply=lambda lines, chosen: lines.where(Activity.event.in_([name for name in CATALOGUE if group_of(name) in chosen])),
        ),
        Filter(
            "actor", lazy("Who"), options=lambda: queries.actors(organization()),
            apply=lambda lines, chosen: lines.where(Activity.actor_id == int(chosen[0])),
        ),
        Filter("about", "", options=list, apply=lambda lines, chosen: queries.about(lines, int(chosen[0])), text=True),
        Filter("from", "", options=list, apply=lambda lines, chosen: queries.since(lines, _midnight(chosen[0])), text=True),
        Filter("to", "", options=list, apply=lambda lines, chosen: queries.before(lines, _midnight(chosen[0], days=1)), text=True),
    )

    def read_listing(self, parameters: MultiDict[str, str]) -> Listing:
        """Read what was asked for; days that are none, and people who cannot be, are left out."""
        listing = super().read_listing(parameters)
        for name in DAYS:
            if not _day("".join(listing.chosen.get(name, []))):
                listing.chosen.pop(name, None)
        asked = "".join(listing.chosen.get("about", []))
        if not (asked.isascii() and asked.isdigit() and len(asked) < LONGEST_ID):
            listing.chosen.pop("about", None)
        return listing

    def about(self, listing: Listing) -> str:
        """Who the lines are about, where only one person's are asked for."""
        asked = "".join(listing.chosen.get("about", []))
        return self.typed_words("about", asked) if asked else ""

    def typed_words(self, name: str, value: str) -> str:
        return queries.name_of(organization(), int(value)) or value if name == "about" else value

    def search(self, query: Lines, words: str) -> Lines:
        """Find lines by part of a name or address."""
        return queries.containing(query, words)

    def page(self, template: str, **words: Any) -> str:
        """Tell the lines of a page."""
        rows = words["listing"].rows if "listing" in words else [words["item"]]
        return super().page(template, days=by_day(tell_all(rows)), **words)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _midnight(text: str, *, days: int = 0) -> datetime:
    day, last = max(_day(text) or FIRST_DAY, FIRST_DAY), date.max - timedelta(days=days)
    return datetime.combine(min(day, last) + timedelta(days=days), time.min, tzinfo=formatters.zone()).astimezone(UTC)
