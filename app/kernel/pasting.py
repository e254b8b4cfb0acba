"""Pasting: a list of addresses as people have it, taken apart.

Here: lists from mail programs, spreadsheets and running text. app/static/js/addresses.js reads the
same way; tests/kernel/pasted.json holds both to it. Not here: which pieces are addresses
(kernel.addresses).
"""

from __future__ import annotations

import re
import unicodedata

from app.kernel.addresses import narrowed

_QUOTED = re.compile(r'["“„]([^"“”„\r\n]*)["”](?!@)(\s*<)?')
_LINES = re.compile(r"[\r\n\v\f\x85\u2028\u2029]+")
_ANGLED = re.compile(r"<([^<>]*)>")
_AROUND = "()[]{}「」『』【】<>\"'“”„‘’."
_HEADINGS = frozenset(
    {"e-mail", "email", "mail", "メール", "メールアドレス", "アドレス", "address"}
)


def pieces_of(text: str) -> list[str]:
    """Return what a pasted text lists, in its order: addresses, and what was meant as one but is
    none. Names beside addresses are left out (S1-11).
    """
    plain = _QUOTED.sub(_unquoted, unicodedata.normalize("NFKC", text))
    found = (
        _QUOTED.sub(_unquoted, piece).strip()
        for line in _LINES.split(plain)
        for cell in _cells(line)
        for entry in cell.split(";")
        for piece in _entry(entry)
    )
    return [piece for piece in found if piece]


def _unquoted(match: re.Match[str]) -> str:
    """A quoted name loses what would end it; quoted addresses only their quotes."""
    words, angle = match[1], match[2] or ""
    return words if "@" in words and not angle else re.sub("[,;、@\t]", " ", words) + angle


def _cells(line: str) -> list[str]:
    """A line of a spreadsheet: only cells with addresses count where there is one."""
    cells = [cell.strip() for cell in line.split("\t") if cell.strip()]
    if len(cells) < 2 or "@" in line:
        return [cell for cell in cells if "@" in cell] or cells
    is_heading = any(cell.lower().replace(" ", "") in _HEADINGS for cell in cells)
    return [] if is_heading else [" ".join(cells)]


def _entry(entry: str) -> list[str]:
    """What stands between semicolons; words between commas belong to the name in front of `<`."""
    found: list[str] = []
    waiting: list[str] = []
    for piece in filter(None, (part.strip() for part in re.split("[,、]", entry))):
        if "@" not in piece and "<" not in piece:
            waiting.append(piece)
            continue
        found += [] if _ANGLED.search(piece) else waiting
        found += _addresses(piece)
        waiting = []
    return found + waiting


def _addresses(piece: str) -> list[str]:
    found: list[str] = []
    end = 0
    for match in _ANGLED.finditer(piece):
        address = _bare(match[1])
        if not address:
            return [piece]
        found += [*_in_front(piece[end : match.start()]), address]
        end = match.end()
    rest = [word for word in piece[end:].split() if "@" in word]
    is_torn = any(word.strip(_AROUND).startswith("@") or word.endswith("@") for word in rest)
    return found + ([piece[end:].strip()] if is_torn else [_bare(word) for word in rest])


def _in_front(name: str) -> list[str]:
    """A name before `<`; what looks like an address is one, but for the word the `<` follows."""
    words = name.split()
    return [_bare(word) for word in words[:-1] if "@" in word]


def _bare(word: str) -> str:
    """An address without `mailto:`, quotes and brackets around it."""
    word = narrowed(word)
    if word.lower().startswith("mailto:"):
        word = word.partition("?")[0]
    word = re.sub('^"([^"]*)"@', r"\1@", word.strip("()[]{}<>"))
    local, at, domain = word.rpartition("@")
    return f"{local.rpartition(':')[2]}{at}{domain}".strip(_AROUND)
