"""Commands: everything `flask …` can do, gathered.

Here: which command groups exist, and how a refusal ends a command. Not here: what they do
(each feature's cli).
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import click
from flask import Flask

from app import upgrade as upgrading
from app.extensions import db
from app.kernel.errors import Refusal


def register(app: Flask) -> None:
    """Teach the application its commands."""
    from app.activity_log import cli as activity
    from app.backup import cli as backup
    from app.batches import cli as batches
    from app.i18n import cli as translations
    from app.imports import cli as imports
    from app.jobs import cli as jobs
    from app.log_integrity import cli as log_integrity
    from app.members import cli as members
    from app.outbox import cli as outbox
    from app.scaffold import cli as scaffold
    from app.setup import cli as portal

    scaffold.join(portal.portal)
    backup.join(portal.portal)
    imports.join(members.members)
    log_integrity.join(activity.activity)
    for group in (portal, activity, members, batches, jobs, outbox, translations):
        group.register_commands(app)


@contextmanager
def one_transaction() -> Iterator[None]:
    """Commit what a command did; a refusal undoes it, goes to stderr and ends the command with 1,
    as an old database does; an upgrade that runs is waited for.
    """
    upgrading.ensure_done()
    try:
        yield
        db.session.commit()
    except Refusal as refusal:
        db.session.rollback()
        click.echo(str(refusal), err=True)
        sys.exit(1)
