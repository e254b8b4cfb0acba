"""Words of an integrator's package: its own catalogue first, then the portal's, then English.

Here: finding a package's translations/ and saying a sentence with it. Not here: the portal's own
catalogue (i18n).
"""

from __future__ import annotations

import sys
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask_babel import Domain

from app.i18n.languages import compile_catalogue
from app.kernel.i18n import Sentence, _


def say(package: str, sentence: str, /, **words: Any) -> str:
    """Say a sentence in the language of the moment, by the package's catalogue where it has it."""
    domain = _domain(package)
    translated = domain.get_translations().ugettext(sentence) if domain is not None else sentence
    if translated == sentence:
        return _(sentence, **words)
    return str(translated % words if words else translated)


def lazy_of(package: str, sentence: str, /, **words: Any) -> Sentence:
    """Say a sentence of a package whenever it is shown."""
    return Sentence(say, package, sentence, **words)


def package_of(view: type[Any]) -> str:
    """The name of the package that a view is written in."""
    return view.__module__.partition(".")[0]


def lazy(sentence: str, /, **words: Any) -> Sentence:
    """Say a sentence of the module that calls this, by its package's own catalogue first."""
    module = sys._getframe(1).f_globals.get("__name__", "")
    return lazy_of(module.partition(".")[0], sentence, **words)


@lru_cache(maxsize=64)
def _domain(package: str) -> Domain | None:
    """A package's catalogue, compiled where its .po is newer; None where it has none."""
    file = getattr(sys.modules.get(package), "__file__", None)
    folder = Path(file).parent / "translations" if file else None
    if package in ("app", "__main__") or folder is None or not folder.is_dir():
        return None
    for po in folder.glob("*/LC_MESSAGES/messages.po"):
        compile_catalogue(po)
    return Domain(str(folder))
