"""What a browser makes of a page: the form with its values, and the words.

Here: HTML. Not here: which pages, and what is looked for in them (observations).
"""

from __future__ import annotations

import re
from html.parser import HTMLParser


class FormReader(HTMLParser):
    """The values that the first form with a field of this name would send."""

    def __init__(self, field: str) -> None:
        super().__init__()
        self.field, self.values, self.found = field, {}, False
        self._select: str | None = None
        self._textarea: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self.found:
            return
        given = dict(attrs)
        name, value = given.get("name"), given.get("value") or ""
        if tag == "form":
            self.values = {}
        elif tag == "input" and name and "disabled" not in given:
            self._input(name, given.get("type"), value, given)
        elif tag == "select" and name:
            self._select = name
            self.values.setdefault(name, "")
        elif tag == "option" and self._select and "selected" in given:
            self.values[self._select] = value
        elif tag == "textarea" and name:
            self.values[name] = ""
            self._textarea = name

    def handle_data(self, data: str) -> None:
        if self._textarea and not self.found:
            self.values[self._textarea] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self._select = None
        elif tag == "textarea":
            self._textarea = None
        elif tag == "form" and self.field in self.values:
            self.found = True

    def _input(self, name: str, kind: str | None, value: str, given: dict) -> None:
        if kind in {"submit", "button", "reset", "image", "file"}:
            return
        if kind not in {"checkbox", "radio"} or "checked" in given:
            self.values[name] = value or ("on" if kind == "checkbox" else "")


def form(html: str, field: str) -> dict[str, str]:
    """Return what a browser would send of the form that has this field; nothing without one."""
    reader = FormReader(field)
    reader.feed(html)
    return reader.values if reader.found else {}


def words(html: str) -> str:
    """Return what a page says, without its tags, scripts and styles."""
    text = re.sub(r"<(script|style)\b.*?</\1>", " ", html, flags=re.DOTALL | re.IGNORECASE)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text)).strip()


def controls(html: str) -> str:
    """Return what can be pressed on a page: the words of links and buttons, values and titles."""
    pressed = re.findall(r"<(?:a|button)\b[^>]*>.*?</(?:a|button)>", html, re.DOTALL)
    named = re.findall(r"\b(?:value|title|placeholder|aria-label)=\"([^\"]*)\"", html)
    return " | ".join([*map(words, pressed), *named])


def sentence(html: str, about: str) -> str:
    """Return the first words of a page around what is looked for, or nothing."""
    found = re.search(rf".{{0,60}}(?:{about}).{{0,80}}", words(html), re.IGNORECASE)
    return found[0].strip() if found else ""
