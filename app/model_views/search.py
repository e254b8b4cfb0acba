"""Search: words that are found however they are written: ＡＢＣ as abc, ﾃﾞﾊﾞｲｽ as デバイス.

Here: the database's function `folded`, and conditions made with it. Not here: which columns a list
searches (model_views.lists).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import current_app
from sqlalchemy import JSON, ColumnElement, String, and_, cast, false, or_, select, type_coerce
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from app.kernel.text import search_key
from app.model_views.reach import withheld
from app.models import Account, Membership
from app.models.base import texts_of
from app.models.column_types import Translated

MOST_WORDS = 10
HIRAGANA = "".join(map(chr, range(0x3041, 0x3097)))
KATAKANA = "".join(map(chr, range(0x30A1, 0x30F7)))


class folded(FunctionElement[str]):  # noqa: N801 (the database's name)
    """Text as it is searched (kernel.text.search_key); database.py gives it to SQLite."""

    type = String()
    name = "folded"
    inherit_cache = True


@compiles(folded)
def _as_function(element: folded, compiler: Any, **options: Any) -> str:
    return f"folded({compiler.process(element.clauses, **options)})"


@compiles(folded, "postgresql")
def _as_expression(element: folded, compiler: Any, **options: Any) -> str:
    text = compiler.process(element.clauses, **options)
    return f"translate(lower(normalize({text}, NFKC)), '{HIRAGANA}', '{KATAKANA}')"


def containing(texts: Sequence[Any], words: str) -> ColumnElement[bool]:
    """The condition that each word stands in at least one of these texts."""
    asked = search_key(words).split()[:MOST_WORDS]
    if not asked or not texts:
        return false()
    spoken = [one for text in texts for one in _spoken(text)]
    return and_(*(or_(*(_holds(text, word) for text in spoken)) for word in asked))


def _spoken(text: Any) -> list[Any]:
    """A text in several languages as one in each of them."""
    if not isinstance(text.type, Translated):
        return [text]
    said = type_coerce(text, JSON)
    return [said[language].as_string() for language in current_app.config["LANGUAGES"]]


def _holds(text: Any, word: str) -> ColumnElement[bool]:
    return folded(cast(text, String)).contains(word, autoescape=True)


def rows_called(model: type[Any], words: str) -> ColumnElement[bool]:
    """The condition that rows of a model are called so: members by name, reading, address."""
    if issubclass(model, Membership):
        found = select(Account.id).where(
            *(
                Account.search_text.contains(word, autoescape=True)
                for word in search_key(words).split()[:MOST_WORDS]
            )
        )
        return Membership.account_id.in_(found)
    names = [name for name in texts_of(model) if name not in withheld(model)]
    return containing([getattr(model, name) for name in names], words)
