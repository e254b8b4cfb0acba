"""The activity log as an organization's readers see it, and that of the whole portal, for the
platform administrator.

Here: two screens, which nobody can write on. Not here: sentences (activity_log.rendering), which
rows (activity.queries).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from flask import url_for
from werkzeug.datastructures import MultiDict

from app.activity import queries, undoable
from app.activity.batch_events import HEADINGS
from app.activity_log import links, lists
from app.activity_log.around import around
from app.activity_log.filters import NAMED
from app.activity_log.rendering import RenderedLine, by_day, render_all
from app.http.context import organization, seat
from app.kernel.clock import utcnow
from app.kernel.i18n import _, lazy
from app.models import Activity, Batch, Organization
from app.screens import batch_verbs, notes
from app.screens.list_query import Listing
from app.screens.model_view import ServiceModelView
from app.screens.services import leads_to


class ActivityView(ServiceModelView):
    """What happened in the organization: アクティビティログ (S3-04)."""

    definition = lists.ACTIVITY
    exclude_route_methods: ClassVar[set[str]] = {
        "download",
        "add",
        "edit",
        "delete",
        "action",
        "action_post",
    }
    list_title = show_title = lazy("Activity log")
    page_folder = "activity_log"
    method_permission_name = {"list": "read", "show": "read"}
    on_platform = False

    def whose(self) -> Organization | None:
        """Whose log this is; None for everybody's."""
        return organization()

    def named(self, listing: Listing) -> list[tuple[str, str, str]]:
        """Whom or what the lines are narrowed to by a link from elsewhere: the filter, its value,
        the name.
        """
        asked = [narrowing for narrowing in listing.filters if narrowing.name in NAMED]
        return [
            (narrowing.name, value, narrowing.told(value))
            for narrowing in asked
            for value in listing.chosen.get(narrowing.name, [])
        ]

    def read_listing(self, parameters: MultiDict[str, str]) -> Listing:
        """Read the address; what was done to many is one line here."""
        listing = super().read_listing(parameters)
        listing.folds = True
        return listing

    def page(self, template: str, **words: Any) -> str:
        """Tell the lines of a page."""
        rows = words["listing"].rows if "listing" in words else around(words["item"])
        told = render_all(rows)
        words |= (
            {}
            if "listing" in words
            else {"line": next(rendered for rendered in told if rendered.id == words["item"].id)}
        )
        undos = self.undo_urls(rows) if "listing" in words else {}
        places = self.places(rows)
        parts = {
            one.heading_id: url_for(f"{self.endpoint}.list", batch=one.public_id)
            for one in self.headed(rows)
        }
        words |= {"undos": undos, "places": places, "parts": parts}
        return super().page(template, days=by_day(told), **words)

    def places(self, lines: list[Activity]) -> dict[int, str]:
        """The organizations of lines, where they are not all of one."""
        return {}

    # a line's own page

    def links(self, item: Activity, told: RenderedLine) -> list[tuple[str, str]]:
        """Where a line leads: to whom or what it is about, and to the log of each."""
        kind, found = (
            queries.kind_of(item),
            links.links_of(item, seat(), on_platform=self.on_platform),
        )
        if kind is not None:
            about = f"{kind}-{item.subject_id}".removeprefix("-")
            found.append(
                (
                    _("Everything about %(name)s", name=told.subject),
                    url_for(f"{self.endpoint}.list", about=about),
                )
            )
        if item.actor_id is not None:
            found.append(
                (
                    _("Everything by %(name)s", name=told.actor),
                    url_for(f"{self.endpoint}.list", by=item.actor_id),
                )
            )
        return found

    def undoings(self, item: Activity) -> tuple[RenderedLine | None, RenderedLine | None]:
        """The line that this one took back, and the one that took this back."""
        found = [queries.undone(item), queries.undoing(item)]
        told = {line.id: line for line in render_all(line for line in found if line is not None)}
        before, after = (told.get(line.id) if line is not None else None for line in found)
        return before, after

    def undo_url(self, item: Activity) -> str:
        """Where this line can be taken back, "" where it cannot, or not by this reader."""
        return self.undo_urls([item]).get(item.id, "")

    def undo_urls(self, lines: Sequence[Activity]) -> dict[int, str]:
        """The same for the lines of a page; those taken back already have none."""
        recent = [line for line in lines if undoable.is_recent(line, now=utcnow())]
        can_be = [] if self.on_platform else [line for line in recent if notes.can_undo(line)]
        undone = queries.undone_among(can_be) if can_be else set()
        found = {
            line.id: url_for("UndoView.undo", pk=line.id)
            for line in can_be
            if line.id not in undone
        }
        return found | {
            batch.heading_id: batch_verbs.page_url(batch, "undo")
            for batch in self.headed(lines)
            if batch.heading_id is not None and batch_verbs.can_undo(batch)
        }

    def headed(self, lines: Sequence[Activity]) -> Sequence[Batch]:
        """The batches that lines of a page are headings of."""
        ids = [one.id for one in lines if one.event in HEADINGS]
        return [] if self.on_platform or not ids else queries.headed_by(ids)

    retention_url = leads_to("RetentionView.edit", "manage", "Settings")
    """Where it is chosen for how long the log is kept."""


class PlatformActivityView(ActivityView):
    """What happened anywhere in the portal (S4-02); what belongs to no organization, and what
    outlived one.
    """

    definition = lists.PLATFORM_ACTIVITY
    list_title = show_title = lazy("Platform log")
    on_platform = True

    def whose(self) -> None:
        """Everybody's."""

    def retention_url(self) -> str:
        """Each organization chooses for itself."""
        return ""

    def places(self, lines: list[Activity]) -> dict[int, str]:
        """The organizations of lines."""
        return queries.places(lines)
