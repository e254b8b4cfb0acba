"""The lists of the activity log: an organization's, and everybody's.

Here: their rows, columns, orders and filters, what a file holds, under names that are never
translated (R13). Not here: what the filters mean
(activity_log.filters), the screens (activity_log.views, activity_log.views).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Select

from app.activity import events, nouns, queries
from app.activity_log import filter_choices
from app.activity_log.filters import filters
from app.exchange.columns import Column, same
from app.exchange.files import File
from app.http.context import organization
from app.kernel.i18n import _, lazy
from app.models import Activity
from app.screens.interface import OrganizationInterface, PlatformInterface
from app.screens.list_definition import ListDefinition
from app.screens.list_filter import Filter, containing
from app.screens.list_query import Listing

NOWHERE = "none"

WHOLE = frozenset({"about", "target", "batch"})
"""Filters that ask for every line, also of what was done to many at once."""


@dataclass(frozen=True, eq=False)
class LogDefinition(ListDefinition):
    """A log; its screen shows one line of what was done to many, its file every line."""

    def matching(self, listing: Listing, rows: Select[Any] | None = None) -> Select[Any]:
        """Return the query for every line, for a screen without those below a heading."""
        query = super().matching(listing, rows)
        is_whole = not listing.folds or listing.q or WHOLE & listing.chosen.keys()
        return query if is_whole else queries.folded(query)


COLUMNS = (
    same("id", lazy("Line")),
    same("happened_at", lazy("When")),
    same("event", lazy("Event")),
    Column("actor_account_id", lazy("Account ID of who did it"), lambda line: line.actor_id),
    same("actor_name", lazy("Who")),
    same("as_platform", lazy("As platform administrator")),
    same("subject_id", lazy("ID of whom or what it concerns")),
    same("subject_name", lazy("Whom or what it concerns")),
    Column("details", lazy("Details"), lambda line: line.details, told=nouns.kept_for),
    same("via", lazy("API key")),
    same("undoes_id", lazy("Takes back line")),
    same("batch", lazy("Bulk action")),
)

ACTIVITY = LogDefinition(
    OrganizationInterface(Activity),
    route_base="/o/<organization>/activity",
    class_permission_name="Activity",
    list_columns=("happened_at",),
    label_columns={
        "from": lazy("From"),
        "to": lazy("Until"),
        "about": lazy("About"),
        "by": lazy("Who"),
        "batch": lazy("Batches"),
    },
    order_columns=["happened_at"],
    base_order=("happened_at", "desc"),
    filters=filters(organization),
    search=containing(Activity.actor_name, Activity.subject_name),
    file=File("activity", Activity, COLUMNS, events.ACTIVITY_EXPORTED),
    search_label=lazy("Name or address"),
)


def _organizations() -> list[tuple[str, Any]]:
    named = [
        (str(organization_id), name if is_there else _("%(name)s (deleted)", name=name))
        for organization_id, name, is_there in filter_choices.organizations()
    ]
    return [(NOWHERE, _("No organization")), *named]


def _in(lines: Select[Any], chosen: Any) -> Select[Any]:
    return lines.where(
        Activity.organization_id.is_(None)
        if chosen[0] == NOWHERE
        else Activity.organization_id == int(chosen[0])
    )


PLATFORM_ACTIVITY = replace(
    ACTIVITY,
    datamodel=PlatformInterface(Activity),
    route_base="/activity",
    class_permission_name="PlatformActivity",
    file=None,
    label_columns=ACTIVITY.labels,
    filters=(
        Filter("organization", lazy("Organization"), options=_organizations, apply=_in),
        *filters(lambda: None),
    ),
)
