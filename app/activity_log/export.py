"""The activity log as a file: every column in its order (R13), and the door that hands it out.

Here: names of columns, which are never translated, labels, raw values. Not here: how a file is
written (exchange).
"""

from __future__ import annotations

from app.activity import events, nouns
from app.activity_log import lists
from app.exchange.columns import Column, same
from app.exchange.files import File
from app.exchange.views import ExportView
from app.kernel.i18n import lazy
from app.models import Activity

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

FILE = File("activity", Activity, COLUMNS, events.ACTIVITY_EXPORTED)


class ActivityExport(ExportView):
    """The activity log, or a slice of it, as a file (B-80)."""

    file = FILE
    definition = lists.ACTIVITY
