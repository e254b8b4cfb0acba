"""Languages: how sentences are marked, and in whose language they are said.

Here: gettext in its four forms and the language of the moment. Not here: dates and names
(screens.formatters), the catalogue itself (translations/).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

from babel import Locale
from babel.lists import format_list
from flask import g, has_app_context
from flask_babel import force_locale, get_domain, get_locale
from flask_babel.speaklater import LazyString
from markupsafe import escape

__all__ = [
    "_",
    "categories",
    "counted",
    "current_language",
    "in_language",
    "is_family_first",
    "lazy",
    "lazy_n",
    "listed",
    "ngettext",
    "own_name",
]

MOST_SAMPLES = 200
"""Numbers up to here are asked for their plural category; every language’s are met by then."""


def _(sentence: str, /, **words: Any) -> str:
    """Say a sentence in the language of the moment."""
    said: str = _catalogue()[1].ugettext(sentence)
    return said % words if words else said


def ngettext(singular: str, plural: str, num: int, /, **words: Any) -> str:
    """Say a sentence about so many; `%(num)s` is that number."""
    return counted(singular, plural, num) % ({"num": num} | words)


def counted(singular: str, plural: str, num: int) -> str:
    """The sentence about so many, its words not yet put in."""
    return str(_catalogue()[1].ungettext(singular, plural, num))


def categories(say: Callable[[int], str]) -> dict[str, str]:
    """Say a sentence for one number of each plural category of the language of the moment, for
    scripts, which know the categories by name (Intl.PluralRules).
    """
    rule = Locale.parse(current_language()).plural_form
    samples: dict[str, int] = {}
    for number in range(MOST_SAMPLES, -1, -1):
        samples[rule(number)] = number
    return {category: say(number) for category, number in samples.items()}


class Sentence(LazyString):
    """A sentence that is said when it is shown, and escaped like any text: Flask-Babel's own passes
    for HTML.
    """

    def __html__(self) -> str:
        return str(escape(str(self)))


def lazy(sentence: str, /, **words: Any) -> LazyString:
    """Say a sentence whenever it is shown."""
    return Sentence(_, sentence, **words)


def lazy_n(singular: str, plural: str, num: int, /, **words: Any) -> LazyString:
    """Say a sentence about so many whenever it is shown."""
    return Sentence(ngettext, singular, plural, num, **words)


def listed(words: Iterable[Any]) -> str:
    """Say words one after the other, in the language of the moment: a, b and c; "" for none."""
    return format_list([str(word) for word in words], locale=current_language())


def current_language() -> str:
    """Return the language of the moment, such as "en" or "ja_JP"."""
    return _catalogue()[0]


def _catalogue() -> tuple[str, Any]:
    """The language and its sentences, looked up once for as long as Flask-Babel keeps the same
    locale.
    """
    babel = g.get("_flask_babel") if has_app_context() else None
    locale = getattr(babel, "babel_locale", None)
    if locale is not None:
        known = babel.__dict__.get("catalogue")
        if known is not None and known[0] is locale:
            return known[1]
    found = str(get_locale() or "en"), get_domain().get_translations()
    if has_app_context():
        g._flask_babel.catalogue = get_locale(), found
    return found


@contextmanager
def in_language(language: str) -> Iterator[None]:
    """Say everything inside in this language, whoever asked."""
    with force_locale(language):
        yield


@lru_cache(maxsize=64)
def own_name(language: str) -> str:
    """Return a language's name in itself: 日本語, English."""
    locale = Locale.parse(language)
    return (locale.get_language_name(language) or language).capitalize()


@lru_cache(maxsize=64)
def is_family_first(language: str) -> bool:
    """Whether readers of this language expect the family name first."""
    return Locale.parse(language).language in {"ja", "zh", "ko", "hu", "vi"}
