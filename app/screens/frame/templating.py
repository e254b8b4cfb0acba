"""Templating: Jinja as pages with many parts need it.

Here: one table of globals for all templates, fragments that are drawn once, pages without the
indentation of their templates. Not here: the words of
templates (screens.frame.theme), the templates.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, MutableMapping
from typing import Any

import flask.templating
from flask import has_request_context, request
from jinja2 import pass_environment
from markupsafe import Markup, escape

from app.kernel.cache import Cache

LONGEST_FRAGMENT = 32_768
"""Characters: a fragment has a few thousand; one that somebody made huge is drawn each time."""
INDENTATION = re.compile(r"(?<![%#]\}\n)(?m:^)[ \t]+|(?<=[%#]\}\n)[ \t]+(?=[ \t])")
"""But for one blank after a tag of Jinja, whose line's end is not drawn: it may part two words."""


class Environment(flask.templating.Environment):
    """Flask's, but templates without globals of their own share the environment's: chained ones are
    compared at every import of a macro.
    """

    def __init__(self, app: Any, **options: Any) -> None:
        super().__init__(app, **options)
        self.kept: Cache = app.cache
        self.globals.update(fragment=fragment, hole=hole)

    def preprocess(self, source: str, name: str | None = None, filename: str | None = None) -> str:
        """A page's template without its indentation, which browsers ignore and every row would
        carry; its lines keep their numbers.
        """
        read = super().preprocess(source, name, filename)
        return INDENTATION.sub("", read) if (name or "").endswith(".html") else read

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        return super().make_globals(d) if d else self.globals


@pass_environment
def fragment(
    environment: Environment,
    name: str,
    of: Hashable | None,
    *,
    caller: Callable[[], Markup],
    **holes: str,
) -> Markup:
    """Return a fragment of a page, drawn once for all `of` which it is made; its `holes` are filled
    anew, each where `hole(name)` stands.

    For `{% call fragment(…) %}` in templates. `of` must tell all that it shows, its language too;
    for None it is drawn anew. Holes are filled in the order given: what comes from the address goes
    last.
    """
    key = name, request.script_root if has_request_context() else "", of
    drawn: str | None = environment.kept.get("fragment", key) if of is not None else None
    if drawn is None:
        drawn = caller()
        if of is not None and len(drawn) <= LONGEST_FRAGMENT:
            environment.kept.keep("fragment", key, drawn)
    for gap, value in holes.items():
        drawn = str.replace(drawn, hole(gap), escape(value))
    return Markup(drawn)


def hole(name: str) -> str:
    """Where a fragment leaves room for what differs each time: marked by characters that nothing
    typed contains.
    """
    return f"\x02{name}\x03"
