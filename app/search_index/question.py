"""What was typed into a search box: words, "phrases", ^beginnings.

Here: reading it, and by which pieces of text an index finds it. Not here: asking the index
(search_index.finding).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from app.kernel.spelling import BEGIN, beginnings, pieces
from app.kernel.text import search_key

LONGEST_QUESTION, MOST_WORDS = 200, 10


@dataclass(frozen=True)
class Wanted:
    """One word, or phrase in quotation marks, of what was typed."""

    text: str
    is_beginning: bool = False
    """Whether a name or an address has to begin so: typed as ^text."""

    @property
    def typed(self) -> str:
        """The word as it may be typed again."""
        return f'{"^" if self.is_beginning else ""}"{self.text}"'

    @property
    def within(self) -> str:
        """What the lines, each after a line end, contain."""
        return "\n" + self.text if self.is_beginning else self.text

    @property
    def pieces(self) -> set[str]:
        """The pieces of it that `pieces` keeps."""
        found = pieces([self.text]) if not self.text.isascii() else set()
        found = {one for one in found if not one.startswith(BEGIN)}
        if len(found) > 1:
            found = {one for one in found if len(one) == 2} or found
        return found | ({max(beginnings(self.text), key=len)} if self.is_beginning else set())

    @property
    def trigrams(self) -> set[str]:
        return {self.within[at : at + 3] for at in range(len(self.within) - 2)}


_ASKED = re.compile(r'(\^?)(?:"([^"]*)"|“([^”]*)”|「([^」]*)」|([^\s\u3000]+))')


def wanted(typed: str) -> list[Wanted]:
    """Read what was typed into a search box: words, "phrases", ^beginnings."""
    found = []
    for caret, *texts in _ASKED.findall(typed.replace("＾", "^")[:LONGEST_QUESTION]):
        text = search_key(next((one for one in texts if one), ""))
        if text:
            found.append(Wanted(text, bool(caret)))
    return found[:MOST_WORDS]
