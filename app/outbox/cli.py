"""`flask outbox …`, for the operator.

Here: sending what is due, once. Not here: delivery itself (outbox.delivery), the worker (jobs.cli).
"""

from __future__ import annotations

import sys

import click
from flask import Flask
from flask.cli import AppGroup

from app.kernel.clock import utcnow
from app.kernel.i18n import _
from app.outbox import failures
from app.outbox.delivery import Delivered, deliver_due

outbox = AppGroup("outbox", help="Letters on their way.")


@outbox.command("deliver")
def deliver() -> None:
    """Send what is due now, once."""
    total = Delivered()
    while True:
        batch = deliver_due(utcnow())
        total += batch
        if not batch.is_full:
            break
    click.echo(
        _(
            "Sent: %(sent)s. Waiting: %(put_off)s. Undeliverable: %(dead)s. Dropped as out of date:"
            " %(dropped)s.",
            sent=total.sent,
            put_off=total.put_off,
            dead=total.dead,
            dropped=total.dropped,
        )
    )
    if total.trouble:
        click.echo(
            _("The mail server cannot be used: %(reason)s", reason=failures.spoken(total.trouble)),
            err=True,
        )
        sys.exit(1)


def register_commands(app: Flask) -> None:
    """Add `flask outbox …`."""
    app.cli.add_command(outbox)
