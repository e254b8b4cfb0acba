"""Pages as a person has them: what is written there, which links and buttons it has, what a form
would send.

Here: reading HTML, as a browser without scripts does. Not here: who reads (people.py).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "use", "wbr"}
INLINE = {"a", "b", "code", "em", "i", "small", "span", "strong", "svg", "time", "use"}
UNSEEN = {"script", "style", "template", "title"}
Values = dict[str, list[str]]


@dataclass
class Node:
    """An element, or the page itself."""

    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    parent: Node | None = field(default=None, repr=False)
    content: list[Node | str] = field(default_factory=list, repr=False)

    def __getitem__(self, name: str) -> str:
        return self.attributes.get(name, "")

    def has(self, name: str) -> bool:
        """Whether the attribute is there, even without a value."""
        return name in self.attributes

    def walk(self) -> Iterator[Node]:
        """This element and everything in it, in order."""
        yield self
        for one in self.content:
            if isinstance(one, Node):
                yield from one.walk()

    def all(self, *tags: str) -> list[Node]:
        """The elements of these kinds in it."""
        return [node for node in self.walk() if node.tag in tags]

    def within(self, tag: str) -> Node | None:
        """The nearest element of a kind around it."""
        node = self.parent
        while node is not None and node.tag != tag:
            node = node.parent
        return node

    @property
    def text(self) -> str:
        """What can be read in it, on one line."""
        return " ".join("".join(self._pieces()).split())

    def _pieces(self) -> Iterator[str]:
        for one in self.content:
            if isinstance(one, str):
                yield one
            elif one.tag not in UNSEEN:
                yield "" if one.tag in INLINE else " "
                yield from one._pieces()
                yield "" if one.tag in INLINE else " "

    @property
    def label(self) -> str:
        """How a button or link is called."""
        return self["aria-label"] or self.text


class Page(HTMLParser):
    """A page that was received."""

    def __init__(self, html: str, path: str = "", status: int = 200) -> None:
        super().__init__()
        self.path, self.status, self.html = path, status, html
        self.root = self._open = Node("page")
        self.feed(html)

    @property
    def text(self) -> str:
        """What can be read on it."""
        return self.root.text

    @property
    def main(self) -> str:
        """What can be read between its top bar and its foot."""
        return " ".join(node.text for node in self.root.all("main"))

    @property
    def language(self) -> str:
        """The language the page says it is in."""
        return next((node["lang"] for node in self.root.all("html")), "")

    def button(self, label: str, near: str = "") -> Node:
        """The button of this label, or that begins so; `near` is what else its row or box says."""
        return self._called(label, self.root.all("button"), near)

    def link(self, label: str) -> Node:
        """The link of this label, or that begins so."""
        return self._called(label, [node for node in self.root.all("a") if node["href"]])

    def has(self, label: str) -> bool:
        """Whether there is a button or link of this label that works."""
        return any(
            node.label == label and node["aria-disabled"] != "true"
            for node in self.root.all("a", "button")
        )

    def _called(self, label: str, nodes: list[Node], near: str = "") -> Node:
        here = [node for node in nodes if near in _neighbourhood(node)]
        found = [node for node in here if node.label == label] or [
            node for node in here if node.label.startswith(label)
        ]
        assert found, (
            f"nothing is called “{label}” on {self.path}; there is:"
            f" {sorted({node.label for node in nodes})}"
        )
        return found[0]

    def form_of(self, button: Node) -> Node:
        """The form that a button sends."""
        form = next(
            (one for one in self.root.all("form") if one["id"] and one["id"] == button["form"]),
            None,
        ) or button.within("form")
        assert form is not None, f"“{button.label}” on {self.path} sends no form"
        return form

    def values(self, form: Node) -> Values:
        """What a form would send as it stands, its buttons apart."""
        outside = [node for node in self.root.walk() if form["id"] and node["form"] == form["id"]]
        sent: Values = {}
        for node in [*form.walk(), *outside]:
            if node["name"] and not node.has("disabled"):
                sent.setdefault(node["name"], []).extend(_value(node))
        return {name: values for name, values in sent.items() if values}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        node = Node(tag, {name: value or "" for name, value in attrs}, self._open)
        self._open.content.append(node)
        if tag not in VOID:
            self._open = node

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._open.content.append(
            Node(tag, {name: value or "" for name, value in attrs}, self._open)
        )

    def handle_endtag(self, tag: str) -> None:
        node: Node | None = self._open
        while node is not None and node.tag != tag:
            node = node.parent
        if node is not None and node.parent is not None:
            self._open = node.parent

    def handle_data(self, data: str) -> None:
        self._open.content.append(data)


def _value(node: Node) -> list[str]:
    if node.tag == "textarea":
        return ["".join(one for one in node.content if isinstance(one, str)).removeprefix("\n")]
    if node.tag == "select":
        options = node.all("option")
        chosen = [one for one in options if one.has("selected")] or (
            [] if node.has("multiple") else options[:1]
        )
        return [one["value"] for one in chosen]
    if node.tag != "input" or node["type"] in {"submit", "button", "image", "file"}:
        return []
    if node["type"] in {"checkbox", "radio"}:
        return [node["value"] or "on"] if node.has("checked") else []
    return [node["value"]]


def _neighbourhood(node: Node) -> str:
    around = (
        node.within("tr") or node.within("article") or node.within("section") or node.within("form")
    )
    return around.text if around is not None else ""
