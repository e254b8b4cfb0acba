"""What an entry says of a row: where it is found, and its texts in one spelling.

Here: one `Source` for people, whose texts stand in their accounts, and one for each model of an
added screen. Not here: writing entries (search_index.writing), asking for them
(search_index.finding).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from flask_appbuilder import Model
from sqlalchemy import Connection, select

from app.kernel.spelling import pieces
from app.kernel.text import search_key
from app.models import Account, Membership, with_ended
from app.models.base import OrganizationModel, PlatformModel, texts_of
from app.models.search_entry import SearchEntry

PEOPLE = Account.__tablename__
NAMED = ("last_name", "first_name", "reading", "latin_name", "email", "username")
"""The columns of an account that it is found by."""
FIRST, SIGNS = 0xE000, 1000

Texts = tuple[int, Sequence[int | None], Sequence[str]]
"""The id of a row, the organizations in which it is found, its texts."""


def place(organization_id: int) -> str:
    """An organization as three characters that nobody types: one trigram, and one word."""
    parts = organization_id // SIGNS**2, organization_id // SIGNS % SIGNS, organization_id % SIGNS
    return "".join(chr(FIRST + part) for part in parts)


@dataclass(frozen=True)
class Source:
    """Rows of one table, as the index reads them."""

    model: type[Any]
    texts: Callable[[Connection, Sequence[int]], Iterator[Texts]]

    @property
    def kind(self) -> str:
        return str(self.model.__tablename__)

    def entries(self, connection: Connection, ids: Sequence[int]) -> list[dict[str, Any]]:
        """The entries of these rows."""
        own = issubclass(self.model, OrganizationModel)
        return [
            {
                "kind": self.kind,
                "row_id": row_id,
                "organization_id": places[0] if own else None,
                **written([one for one in places if one is not None], texts),
            }
            for row_id, places, texts in self.texts(connection, ids)
        ]


def written(places: Sequence[int], texts: Sequence[str]) -> Mapping[str, str]:
    """The two columns that are searched."""
    where = " ".join(sorted(map(place, places)))
    lines = list(dict.fromkeys(key for key in map(search_key, texts) if key))
    return {
        "words": "\n".join([where, *lines]),
        "pieces": " ".join([where, *sorted(pieces(lines))]),
    }


def names_of(
    family: str, given: str, reading: str, latin: str, email: str, login_id: str
) -> list[str]:
    """Everything that somebody is looked for by, either name first."""
    turned = [" ".join(reversed(name.split())) for name in (reading, latin)]
    together = [f"{family}{given}", reading.replace(" ", "")]
    return [
        f"{family} {given}",
        f"{given} {family}",
        *together,
        reading,
        latin,
        *turned,
        email,
        login_id,
    ]


def _people(connection: Connection, ids: Sequence[int]) -> Iterator[Texts]:
    accounts = Account.__table__
    belongs: dict[int, set[int]] = {}
    places = select(Membership.account_id, Membership.organization_id)
    for account_id, here in connection.execute(
        with_ended(places.where(Membership.account_id.in_(ids)))
    ):
        belongs.setdefault(account_id, set()).add(here)
    columns = [accounts.c[name] for name in NAMED]
    for row in connection.execute(select(accounts.c.id, *columns).where(accounts.c.id.in_(ids))):
        yield row[0], sorted(belongs.get(row[0], ())), names_of(*(one or "" for one in row[1:]))


def _of_model(model: type[Any]) -> Callable[[Connection, Sequence[int]], Iterator[Texts]]:
    names = texts_of(model)

    def texts(connection: Connection, ids: Sequence[int]) -> Iterator[Texts]:
        table, mapped = model.__table__, model.__mapper__.columns
        own = [table.c.organization_id] if issubclass(model, OrganizationModel) else []
        asked = select(table.c.id, *own, *(mapped[name] for name in names))
        for row in connection.execute(asked.where(table.c.id.in_(ids))):
            yield (
                row[0],
                row[1 : 1 + len(own)],
                [text for value in row[1 + len(own) :] for text in _spoken(value)],
            )

    return texts


def _spoken(value: Any) -> list[str]:
    """A text, or one in several languages."""
    if isinstance(value, Mapping):
        return [str(one) for one in value.values() if one]
    return [str(value)] if value else []


@cache
def source_of(model: type[Any]) -> Source | None:
    """How the index reads a model; None for one that it does not keep."""
    if issubclass(model, Account):
        return Source(Account, _people)
    if issubclass(model, OrganizationModel | PlatformModel) and texts_of(model):
        return Source(model, _of_model(model))
    return None


def sources() -> list[Source]:
    """Everything that the index keeps, of the models that are there."""
    models = sorted(
        (one.class_ for one in Model.registry.mappers if one.class_ is not SearchEntry),
        key=lambda model: str(model.__name__),
    )
    found = {one.kind: one for one in map(source_of, models) if one is not None}
    return [*found.values()]
