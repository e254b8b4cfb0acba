"""Blocklist: passwords that many people use, and the disguises people put on them.

Here: zxcvbn's list of 30,000, names and codes of the person's own surroundings, repeats and
sequences; pure. Not here: the other rules (passwords.policy).
"""

from __future__ import annotations

import string
from collections.abc import Iterable
from functools import lru_cache
from itertools import pairwise

from app.kernel.text import fold

PORTAL = "meibo"
DEMO = "Meibo-demo-2026"
"""What everybody of the demo signs in with: it stands in our documentation, so nobody may choose
it."""
EVERYDAY = 5_000
"""How many of the list are recognized in disguise, too."""
DISGUISE = 6
"""So many characters around a word do not make it another one."""
SHORTEST_WORD = 4
SHORTEST_NAME = 3
LEET = str.maketrans("013457@$!|+", "oleastasiit")
EDGES = string.digits + string.punctuation + string.whitespace


def is_common(password: str, names: Iterable[str] = ()) -> bool:
    """Whether a password is, disguised or not, one that many people use or one of these names."""
    word = fold(password)
    unit = _repeated(word)
    if _is_run(word) or (unit != word and len(unit) < SHORTEST_WORD):
        return True
    known = _known(names)
    return any(one in _list() or one in known or _is_disguised(one, known) for one in {word, unit})


def _is_disguised(word: str, known: frozenset[str]) -> bool:
    """Whether digits and signs around and between a word's letters, or in place of them, are all
    there is to it.
    """
    signless = word.rstrip(string.punctuation)
    letters = "".join(filter(str.isalpha, word))
    cores = {
        word.strip(EDGES),
        word.translate(LEET).strip(EDGES),
        word.strip(EDGES).translate(LEET),
        signless.translate(LEET).strip(EDGES),
        letters,
    }
    return any(
        (core in _everyday() or core in known)
        and (len(word) - len(core) <= DISGUISE or _is_edge_common(word, core))
        for core in cores
    )


def _is_edge_common(word: str, core: str) -> bool:
    rest = word.replace(core, "", 1).strip(string.punctuation + string.whitespace)
    return rest in _list() or _is_run(rest)


def _repeated(word: str) -> str:
    """Return what a word repeats: "abc" of "abcabcabc", itself where it repeats nothing."""
    length = (word + word).find(word, 1) if word else 0
    return word[:length] if length else word


def _is_run(word: str) -> bool:
    """Whether each character follows the one before: 12345678, abcdefgh, aaaaaaaa, 7890123."""
    ring = 10 if word.isascii() and word.isdigit() else 0x110000
    steps = {(ord(after) - ord(before)) % ring for before, after in pairwise(word)}
    return len(word) > 1 and len(steps) == 1 and steps <= {0, 1, ring - 1}


def _known(names: Iterable[str]) -> frozenset[str]:
    pieces = {piece for name in (*names, PORTAL, DEMO) for piece in _pieces(fold(name))}
    return frozenset(
        piece for piece in pieces if len(piece) >= SHORTEST_NAME or not piece.isascii()
    )


def _pieces(name: str) -> set[str]:
    words = name.split()
    return {name, *words, "".join(words), "".join(reversed(words))}


def _passwords() -> list[str]:
    """zxcvbn's list, read by whoever asks first: a process that never does has 13 MB less."""
    from zxcvbn.frequency_lists import FREQUENCY_LISTS

    found: list[str] = FREQUENCY_LISTS["passwords"]
    return found


@lru_cache(maxsize=1)
def _list() -> frozenset[str]:
    return frozenset(_passwords())


@lru_cache(maxsize=1)
def _everyday() -> frozenset[str]:
    return frozenset(word for word in _passwords()[:EVERYDAY] if len(word) >= SHORTEST_WORD)
