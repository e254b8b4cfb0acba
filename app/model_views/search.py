"""Search: words that are found however they are written: ＡＢＣ as abc, ﾃﾞﾊﾞｲｽ as デバイス.

Here: the database's function `folded`, and conditions made with it. Not here: which columns a list
searches (model_views.lists).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import current_app
from sqlalchemy import JSON, ColumnElement, String, and_, cast, false, or_, select, type_coerce
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from app.access.context import current_seat
from app.access.policy import may
from app.kernel.text import search_key
from app.model_views.reach import withheld
from app.models import Membership
from app.models.base import OrganizationModel, texts_of
from app.models.column_types import Translated
from app.search_index.entries import PEOPLE
from app.search_index.finding import is_found, narrow
from app.search_index.question import wanted

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
        return is_found(Membership.account_id, PEOPLE, words, organization_id=here())
    names = [name for name in texts_of(model) if name not in withheld(model)]
    if len(names) < len(texts_of(model)):
        return containing([getattr(model, name) for name in names], words)
    return is_found(model.id, model.__tablename__, words, organization_id=place_of(model))


def by_index(query: Any, model: type[Any], relations: Mapping[str, Any], words: str) -> Any:
    """Narrow to rows in which every word stands, or in how a row is called that they point to."""
    kind, place = model.__tablename__, place_of(model)
    seen = {name: one for name, one in relations.items() if may_be_searched(one.target)}
    if not seen:
        return narrow(query, model.id, kind, words, place)
    asked = wanted(words)
    return query.where(
        *(
            or_(
                is_found(model.id, kind, word.typed, organization_id=place),
                *(
                    getattr(model, one.key).in_(
                        select(one.target.id).where(rows_called(one.target, word.typed))
                    )
                    for one in seen.values()
                ),
            )
            for word in asked
        )
        if asked
        else (false(),)
    )


def may_be_searched(model: type[Any]) -> bool:
    """Whether the reader may find rows by the name of such a row."""
    return not issubclass(model, Membership) or may(current_seat(), "read", "Member")


def place_of(model: type[Any]) -> int | None:
    """The organization whose rows of a model are found; None for those of the whole portal."""
    return here() if issubclass(model, OrganizationModel) else None


def here() -> int | None:
    """The organization in the address."""
    seat = current_seat()
    return seat.organization.id if seat and seat.organization else None
