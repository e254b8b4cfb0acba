"""`flask portal new-screen` and `flask portal new-migration`.

Here: the commands. Not here: what is written (scaffold.screens, scaffold.migrations).
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup, with_appcontext

from app import packages
from app.i18n import catalogue
from app.i18n.languages import SOURCE
from app.kernel.errors import Refusal
from app.kernel.i18n import _, lazy, own_name
from app.packages import Package
from app.scaffold import migrations, screens


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


@click.command("new-screen")
@with_appcontext
@click.argument("word")
@click.argument("columns", nargs=-1)
def new_screen(word: str, columns: tuple[str, ...]) -> None:
    """Write a package with a screen into this folder, such as: devices name:str
    'kind:choice(laptop,phone)' holder:member lent_on:date returned:bool
    """
    with _refusing():
        written, untranslated = screens.new_screen(Path.cwd(), word, columns, _known())
    for path in written:
        click.echo(_("Written: %(path)s", path=_shown(path)))
    for code, words in untranslated.items():
        if words and code != SOURCE:
            click.echo(
                _(
                    "%(language)s: still to be translated in %(word)s/translations: %(words)s",
                    language=own_name(code),
                    word=word,
                    words=", ".join(words),
                )
            )
    click.echo(
        _(
            "Test it: python -m pytest %(word)s. Make its table: flask --app %(word)s portal"
            " upgrade. Then start it: flask --app %(word)s run",
            word=word,
        )
    )


def _known() -> dict[str, dict[str, str]]:
    """The portal's own words by language; English has a catalogue so that words can be changed."""
    folder: Path = current_app.config["SETTINGS"].translations_path
    found: dict[str, dict[str, str]] = {SOURCE: {}}
    for po in catalogue.languages(folder):
        read = catalogue.read(po)
        known = {one.id: one.string for one in read if isinstance(one.id, str) and not one.fuzzy}
        found[po.parent.parent.name] = {key: str(said) for key, said in known.items() if said}
    return found


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
    portal.add_command(new_screen)
    portal.add_command(new_migration)
