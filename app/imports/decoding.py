"""Decoding: which encoding the bytes of a file are in, and their text.

Here: signatures, UTF-16 without a mark, ISO-2022-JP, strict UTF-8, then CP932, EUC-JP and Windows
Latin by how well the header and the characters fit (IMPORT: no detector library knows our headers).
Not here: lines and columns (imports.splitting).
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from app.imports.refusals import NotATable
from app.kernel.i18n import lazy

UNREADABLE = "\ufdd0"
"""Stands for what does not fit into the encoding: no text has this character."""
MARK = "meibo-unreadable"
SAMPLE = 64 * 1024
LABELS: dict[str, Any] = {
    "utf-8": "UTF-8",
    "utf-16-le": "UTF-16",
    "utf-16-be": "UTF-16",
    "iso2022_jp_ext": lazy("JIS (ISO-2022-JP)"),
    "cp932": "Shift_JIS",
    "euc_jp": "EUC-JP",
    "cp1252": lazy("Windows (Western European)"),
}
OFFERED = ("utf-8", "cp932", "euc_jp", "iso2022_jp_ext", "utf-16-le", "cp1252")
"""Those that can be chosen by hand."""
_GUESSED = ("cp932", "euc_jp", "cp1252")
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_OTHERS = ((b"%PDF", "PDF"), (b"bplist", "property list"), (b"{\\rtf", "RTF"), (b"<", "HTML"))
_C1 = re.compile("[\x80-\x9f]")
PRIVATE = re.compile("[\ue000-\uf8ff]")
Known = Callable[[str], int]
"""How many known columns the head of a text has."""


@dataclass(frozen=True)
class Decoded:
    """A text, and the encoding it was in."""

    text: str
    encoding: str


def decode(data: bytes, known: Known, *, encoding: str = "") -> Decoded:
    """Return the text of a file; what does not fit is UNREADABLE. Raises NotATable."""
    _ensure_text(data)
    if encoding in LABELS:
        return _marked(_without_bom(data), encoding)
    for bom, name in _BOMS:
        if data.startswith(bom):
            return _marked(data[len(bom) :], name)
    if data[:SAMPLE].count(0) * 10 >= max(len(data[:SAMPLE]), 1):
        return _marked(data, _order_of(data[:SAMPLE]))
    if b"\x1b$" in data:
        return _marked(data, "iso2022_jp_ext")
    return _strictly(data, "utf-8") or _guessed(data, known)


def _ensure_text(data: bytes) -> None:
    head = _without_bom(data)[:1024].lstrip()
    for start, kind in _OTHERS:
        if head.startswith(start):
            raise NotATable(kind=kind)


def _without_bom(data: bytes) -> bytes:
    bom = next((bom for bom, _name in _BOMS if data.startswith(bom)), b"")
    return data[len(bom) :]


def _order_of(sample: bytes) -> str:
    """The byte order of UTF-16 without a mark: by which half holds the zeros."""
    return "utf-16-le" if sample[1::2].count(0) >= sample[::2].count(0) else "utf-16-be"


def _guessed(data: bytes, known: Known) -> Decoded:
    """The encoding whose header has the most known columns, then the likeliest characters; where
    none fits strictly, or only one that knows no column, the best one with marks.
    """
    strict = [found for name in _GUESSED if (found := _strictly(data, name))]
    if strict:
        best = max(strict, key=lambda one: (known(one.text), _plausibility(one.text)))
        if known(best.text):
            return best
    loose = [_marked(data, name) for name in ("utf-8", *_GUESSED)]
    found = max(loose, key=lambda one: (known(one.text), -one.text.count(UNREADABLE)))
    return found if known(found.text) or not strict else best


def _strictly(data: bytes, encoding: str) -> Decoded | None:
    try:
        return Decoded(_cleaned(data.decode(encoding), encoding), encoding)
    except UnicodeDecodeError:
        return None


def _marked(data: bytes, encoding: str) -> Decoded:
    return Decoded(_cleaned(data.decode(encoding, MARK), encoding), encoding)


def _cleaned(text: str, encoding: str) -> str:
    return _C1.sub(UNREADABLE, text) if encoding == "cp932" else text


def _plausibility(text: str) -> float:
    """How likely people wrote this: kana and everyday kanji over rare ones, nothing unseen."""
    sample = [char for char in text[:SAMPLE] if char > "\x7f" or char < " "]
    return sum(map(_weight, sample)) / max(len(sample), 1)


def _weight(char: str) -> float:
    if "\u3041" <= char <= "\u30ff":
        return 2
    if "\u4e00" <= char <= "\u9fff":
        return 2 if _is_everyday(char) else 0.6
    if "\uff61" <= char <= "\uff9f":
        return 1.2
    if "\xc0" <= char <= "\u024f":
        return 1
    if char in "\r\n\t":
        return 0
    return -3 if char < " " or _C1.match(char) or PRIVATE.match(char) else 0.5


def _is_everyday(char: str) -> bool:
    """Whether a kanji is one of JIS level 1, which are EUC-JP's first rows."""
    try:
        written = char.encode("euc_jp")
    except UnicodeEncodeError:
        return False
    return len(written) == 2 and 0xB0 <= written[0] <= 0xCF


def _unreadable(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeDecodeError)
    return UNREADABLE, error.end


codecs.register_error(MARK, _unreadable)


def other_encoding(line: bytes, encoding: str) -> str:
    """The encoding that a line is in instead, "" where none fits it strictly."""
    others = (name for name in ("utf-8", *_GUESSED[:2]) if name != encoding)
    return next((name for name in others if _strictly(line, name)), "")
