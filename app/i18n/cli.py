"""Commands for translators: `flask translations update`, `compile`, `check`, `add`.

Here: the four commands. Not here: what they do (i18n.catalogue, i18n.languages).
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from babel import Locale, UnknownLocaleError
from flask import Flask, current_app
from flask.cli import AppGroup

from app.i18n import catalogue
from app.i18n.languages import compile_catalogue
from app.kernel.errors import Refusal
from app.kernel.i18n import _, ngettext, own_name
from config import ROOT


@click.group("translations", cls=AppGroup, help="The catalogue of sentences (docs/translating.md).")
def translations() -> None:
    os.umask(0o022)  # whoever compiles need not be whoever serves


@translations.command("update")
def update() -> None:
    """Bring messages.pot and every language up to date with the code."""
    sentences = catalogue.extract(ROOT)
    catalogue.write_template(_folder() / "messages.pot", sentences)
    for po in catalogue.languages(_folder()):
        with _refusing():
            changed = catalogue.update(po, sentences)
        click.echo(
            _("%(language)s: brought up to date.", language=_name(po))
            if changed
            else _("%(language)s: nothing new.", language=_name(po))
        )


@translations.command("compile")
def compile_all() -> None:
    """Write the .mo files that the portal reads."""
    for po in catalogue.languages(_folder()):
        with _refusing():
            catalogue.read(po)
        compile_catalogue(po)
        click.echo(_("%(language)s: compiled.", language=_name(po)))


@translations.command("check")
def check() -> None:
    """Name missing, fuzzy, obsolete and mismatched sentences; exit 1 if there are any."""
    sentences, total = catalogue.extract(ROOT), 0
    for po in catalogue.languages(_folder()):
        with _refusing():
            found = list(catalogue.complaints(po, sentences))
        total += len(found)
        for complaint in found:
            click.echo(f"{po.parent.parent.name}: {complaint}", err=True)
        if not found:
            click.echo(_("%(language)s: complete.", language=_name(po)))
    if total:
        click.echo(
            ngettext(
                "%(num)s sentence needs a translator.",
                "%(num)s sentences need a translator.",
                total,
            ),
            err=True,
        )
        sys.exit(1)


@translations.command("add")
@click.argument("language")
def add(language: str) -> None:
    """Start a new language, such as fr or pt_BR."""
    try:
        Locale.parse(language)
    except (ValueError, UnknownLocaleError):
        raise click.BadParameter(
            _("“%(code)s” is not the code of a language.", code=language)
        ) from None
    started = catalogue.add(_folder(), language, catalogue.extract(ROOT))
    click.echo(
        _("%(language)s: started.", language=own_name(language))
        if started
        else _("%(language)s is there already.", language=own_name(language))
    )


@contextmanager
def _refusing() -> Iterator[None]:
    """A refusal goes to stderr and ends the command with 1."""
    try:
        yield
    except Refusal as refusal:
        click.echo(str(refusal), err=True)
        sys.exit(1)


def _folder() -> Path:
    folder: Path = current_app.config["SETTINGS"].translations_path
    return folder


def _name(po: Path) -> str:
    return own_name(po.parent.parent.name)


def register_commands(app: Flask) -> None:
    """Add `flask translations …`."""
    app.cli.add_command(translations)
