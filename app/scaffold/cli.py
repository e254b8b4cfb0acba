"""`flask portal new-migration`.

Here: the command. Not here: what is written (scaffold.migrations).
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from flask.cli import AppGroup, with_appcontext

from app import packages
from app.kernel.errors import Refusal
from app.kernel.i18n import _, lazy
from app.packages import Package
from app.scaffold import migrations


class WhichPackage(Refusal):
    """None or several to write a migration for."""

    text = lazy(
        "Say whose tables changed with --package NAME, for one of: %(packages)s. They are those of"
        " the portal that --app starts."
    )


class NoPackage(Refusal):
    """The portal alone was started."""

    text = lazy(
        "This portal has no package of yours. Name yours: flask --app PACKAGE portal new-migration"
    )


@click.command("new-migration")
@with_appcontext
@click.argument("message")
@click.option("--package", "name", default="", help="Which package, where there are several.")
def new_migration(message: str, name: str) -> None:
    """Write what changed in the models of your package as its next migration."""
    with _refusing():
        written = migrations.new_migration(_asked(name), message)
        click.echo(_("Written: %(path)s", path=_shown(written)))
        click.echo(
            _(
                "Read it, then run: flask --app %(package)s portal upgrade",
                package=_asked(name).name,
            )
        )


def _asked(name: str) -> Package:
    found = packages.of_application()
    named = [one for one in found if name in ("", one.name)]
    if not found:
        raise NoPackage()
    if len(named) != 1:
        raise WhichPackage(packages=", ".join(one.name for one in found))
    return named[0]


def _shown(path: Path) -> str:
    return os.path.relpath(path)


@contextmanager
def _refusing() -> Iterator[None]:
    """A refusal goes to stderr and ends the command with 1; what is written is for everybody."""
    os.umask(0o022)
    try:
        yield
    except Refusal as refusal:
        click.echo(str(refusal), err=True)
        sys.exit(1)


def join(portal: AppGroup) -> None:
    """Add the commands to `flask portal …`."""
    portal.add_command(new_migration)
