"""Languages: how sentences are marked, and in whose language they are said.

Here: gettext in its four forms and the language of the moment. Not here: dates and names (web.formatters), the
catalogue itself (translations/).
"""
from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from babel import Locale
from flask_babel import force_locale, get_locale, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as lazy
from flask_babel import lazy_ngettext as lazy_n

__all__ = ["_", "current_language", "in_language", "is_family_first", "lazy", "lazy_n", "ngettext", "own_name"]


def current_language() -> str:
    """Return the language of the moment, such as "en" or "ja_JP"."""
    return str(get_locale() or "en")


@contextmanager
def in_language(language: str) -> Iterator[None]:
    """Say everything inside in this language, whoever asked."""
    with force_locale(language):
        yield


def own_name(language: str) -> str:
    """Return a language's name in itself: 日本語, English."""
    locale = Locale.parse(language)
    return (locale.get_language_name(language) or language).capitalize()


def is_family_first(language: str) -> bool:
    """Whether readers of this language expect the family name first."""
    return Locale.parse(language).language in {"ja", "zh", "ko", "hu", "vi"}
