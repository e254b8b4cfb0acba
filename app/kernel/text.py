"""Text: how typed words are folded, compared and split.

Here: pure functions over strings. Not here: sentences shown to people.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from app.kernel.i18n import current_language
from app.kernel.spelling import one_spelling

_CONTROLS = r"\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ufffe\uffff"
_LINES = r"\r\n\t"
_CONTROL, _LINE = re.compile(f"[{_CONTROLS}]"), re.compile(f"[{_LINES}]")
_SITE = re.compile(
    r"://|\bwww\.|(?<![\w.-])(?!co\.ltd/)"
    r"(?:(?:[a-z0-9-]+\.)+[a-z]{2,}|\d{1,3}(?:\.\d{1,3}){3})(?::\d+)?[/?#][!-~]"
)
_UNSEEN = re.compile("[\u00ad\u034f\u061c\u180e\u200b\u200e\u200f\u2060-\u2064\u206a-\u206f\ufeff]")
_UNSEEN_KINDS = frozenset({"Cf", "Zs", "Zl", "Zp", "Mn", "Me", "Mc"})
_FILLERS = frozenset("\u115f\u1160\u2800\u3164\uffa0")


def fold(text: str) -> str:
    """Return the key under which two spellings are the same: NFKC, then case folded, spaces
    trimmed, what cannot be seen left out.
    """
    once = unicodedata.normalize("NFKC", without_unseen(text)).casefold().strip()
    return unicodedata.normalize("NFKC", once)


@lru_cache(maxsize=4096)
def search_key(text: str) -> str:
    """Return the form in which text is searched: folded, in one spelling, inner spaces single."""
    return " ".join(one_spelling(fold(text)).split())


def without_unseen(text: str) -> str:
    """Return text without the characters of no width that come along when text is copied."""
    return _UNSEEN.sub("", text)


def tidy(text: str) -> str:
    """Return what was typed as it is kept: trimmed, without what cannot be seen; "" where nothing
    of it can.
    """
    text = without_unseen(text).strip()
    return text if any(map(_is_seen, text)) else ""


def within_sentence(label: str) -> str:
    """Return a label as it stands inside a sentence: Device → device, but API key → API key;
    Japanese keeps foreign words as they are.
    """
    return (
        label
        if label[1:2].isupper() or current_language().startswith("ja")
        else label[:1].lower() + label[1:]
    )


def narrow(text: str) -> str:
    """Return an identifier as it is kept: tidy, full-width forms narrowed."""
    return unicodedata.normalize("NFKC", tidy(text))


def _is_seen(char: str) -> bool:
    return char not in _FILLERS and unicodedata.category(char) not in _UNSEEN_KINDS


def has_control_characters(text: str, *, lines: bool = False) -> bool:
    """Whether text holds characters nobody types; tabs and line ends count unless `lines`."""
    return bool(_CONTROL.search(text)) or (not lines and bool(_LINE.search(text)))


def typed_pattern(*, lines: bool = False, seen: bool = False) -> str:
    """Return the regular expression, as JSON Schema writes them, of text that passes
    `has_control_characters`; with `seen`, of text that is more than spaces.
    """
    never = _CONTROLS if lines else _CONTROLS + _LINES
    return f"^[^{never}]*[^{never}\\s][^{never}]*$" if seen else f"^[^{never}]*$"


def has_site(text: str) -> bool:
    """Whether a name holds the address of a site: `://`, `www.`, or a domain with a path behind it.

    A domain alone is none: companies are called so ("example.com株式会社"), and "Dr.Smith" looks
    like one.
    """
    return bool(_SITE.search(fold(text)))
