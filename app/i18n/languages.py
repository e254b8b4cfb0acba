"""Languages: which ones there are, found in translations/, and compiled when a .po is newer.

Here: LANGUAGES, catalogues that follow their .po while developing, and Flask-Babel's selectors. Not
here: choosing for a request (i18n.language).
"""

from __future__ import annotations

import logging
from pathlib import Path

from babel import Locale, UnknownLocaleError
from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, read_po
from flask import Flask

from app.i18n.language import choose_language, choose_zone
from app.kernel.i18n import own_name

SOURCE = "en"
log = logging.getLogger(__name__)


def load(app: Flask) -> None:
    """Offer English and every language that has a catalogue; a third one needs no code."""
    folder = Path(app.config["BABEL_TRANSLATION_DIRECTORIES"].split(";")[-1])
    codes = (
        [SOURCE, *sorted(path.name for path in folder.iterdir() if _is_language(path))]
        if folder.is_dir()
        else [SOURCE]
    )
    app.config["LANGUAGES"] = {code: {"flag": "", "name": own_name(code)} for code in codes}
    for code in codes[1:]:
        compile_catalogue(folder / code / "LC_MESSAGES" / "messages.po")
    if app.config["BABEL_DEFAULT_LOCALE"] not in app.config["LANGUAGES"]:
        log.warning(
            "there is no catalogue of DEFAULT_LANGUAGE %s: strangers are answered in %s",
            app.config["BABEL_DEFAULT_LOCALE"],
            SOURCE,
        )
        app.config["BABEL_DEFAULT_LOCALE"] = SOURCE
    if app.debug:
        _follow(app, [folder / code / "LC_MESSAGES" / "messages.po" for code in codes[1:]])


def compile_catalogue(po: Path) -> bool:
    """Write the .mo beside a .po that is newer; return whether it was written. One that cannot be
    read leaves the .mo as it is.
    """
    if is_compiled(po):
        return False
    mo = po.with_suffix(".mo")
    try:
        with po.open("rb") as source:
            catalogue = read_po(source, locale=po.parent.parent.name, abort_invalid=True)
    except (PoFileError, ValueError) as error:
        log.warning("%s cannot be read, so its former sentences stay: %s", po, error)
        return False
    fresh = mo.with_suffix(f".mo.{id(catalogue)}")
    with fresh.open("wb") as target:
        write_mo(target, catalogue)
    fresh.replace(mo)
    return True


def is_compiled(po: Path) -> bool:
    """Whether the .mo beside a .po is as new."""
    mo = po.with_suffix(".mo")
    return mo.exists() and mo.stat().st_mtime >= po.stat().st_mtime


def _follow(app: Flask, files: list[Path]) -> None:
    """While developing, show a changed .po at the next reload; costs a look at each file per
    request.
    """
    seen = {po: po.stat().st_mtime_ns for po in files}

    @app.before_request
    def reread() -> None:
        changed = {po: po.stat().st_mtime_ns for po in files if po.stat().st_mtime_ns != seen[po]}
        for po in changed:
            compile_catalogue(po)
        if changed:
            seen.update(changed)
            app.extensions["babel"].instance.domain_instance.cache.clear()


def select_with(app: Flask) -> None:
    """Let our choice of language and zone replace FAB's, which writes a cookie for everybody."""
    babel = app.extensions["babel"]
    babel.locale_selector, babel.timezone_selector = choose_language, choose_zone


def _is_language(path: Path) -> bool:
    if not (path / "LC_MESSAGES" / "messages.po").is_file():
        return False
    try:
        Locale.parse(path.name)
    except (ValueError, UnknownLocaleError):
        log.warning("translations/%s is not the name of a language", path.name)
        return False
    return True
