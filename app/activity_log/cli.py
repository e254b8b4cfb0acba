"""`flask activity …`: everything that can stand in the log, as a table (docs/activity-log.md).

Here: Markdown, and the group of commands. Not here: the catalogue itself (activity.events),
`verify` and `prune` (log_integrity.cli).
"""

from __future__ import annotations

import click
from flask import Flask
from flask.cli import AppGroup

from app.activity import binding_events as _binding_events  # noqa: F401
from app.activity import two_factor_events as _two_factor_events  # noqa: F401
from app.activity import webhook_events as _webhook_events  # noqa: F401
from app.activity.events import CATALOGUE
from app.activity.words import GROUPS, HIDDEN, group_of
from app.kernel.i18n import in_language

activity = AppGroup("activity", help="The activity log.")


@activity.command("events")
def events() -> None:
    """Print the table of everything that can stand in the log, as docs/activity-log.md has it."""
    click.echo(table())


def register_commands(app: Flask) -> None:
    """Add `flask activity …`."""
    app.cli.add_command(activity)


def table() -> str:
    """Return one row for each event, under the headings of the log's filter."""
    with in_language("en"):
        rows = []
        for key, (label, _beginnings) in GROUPS.items():
            rows += [f"\n### {label}\n", "| Event | What the log says | Details |", "|---|---|---|"]
            rows += [
                f"| `{event.name}` | {_sentence(str(event.sentence))} |"
                f" {', '.join(f'`{name}`' for name in sorted(event.fields - HIDDEN)) or '–'} |"
                for event in CATALOGUE.values()
                if group_of(event.name) == key
            ]
    return "\n".join(rows).strip()


def _sentence(words: str) -> str:
    return (
        words.replace("%(actor)s", "*actor*")
        .replace("%(subject)s", "*subject*")
        .replace("%(", "*")
        .replace(")s", "*")
        .replace(")d", "*")
    )
