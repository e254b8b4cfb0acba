"""Letters as people of a town read them: the text, its links and codes.

Here: one letter that arrived. Not here: whose it is (people.py), the post office (town.py).
"""

from __future__ import annotations

import re
from email.message import EmailMessage

LINK = re.compile(r"http://localhost(/[\w/?=&.-]+)")
SIX_DIGITS = re.compile(r"(?<!\d)\d{6}(?!\d)")


def text_of(mail: EmailMessage) -> str:
    """The text part of a letter, its HTML part checked to say the same link."""
    text, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert text is not None
    assert html is not None
    read = str(text.get_content())
    for path in LINK.findall(read):
        assert path in str(html.get_content()), f"the HTML of “{mail['Subject']}” lacks {path}"
    return read


def link_in(letter: str) -> str:
    """The first link of a letter."""
    found = LINK.search(letter)
    assert found, letter
    return found[1]
