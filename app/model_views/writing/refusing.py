"""Refusing: what the database would not take, said at its field or in the view's words.

Here: values that only one row may have, rows that others point to, what is left to the database.
Not here: writing (model_views.writing.verbs).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import UniqueConstraint, inspect, select
from sqlalchemy.exc import DataError, IntegrityError
from sqlalchemy.orm.exc import StaleDataError

from app.extensions import db
from app.kernel.errors import Conflict, Refusal
from app.kernel.i18n import lazy
from app.models.organization_scope import OWN


class Taken(Refusal):
    """A value that only one row may have."""

    status = 409
    text = lazy("There is one with this value already: %(label)s.")


class Alike(Refusal):
    """Values that only one row may have together, or that the database refuses otherwise."""

    status = 409
    text = lazy("The database refuses this, probably because there is one like it already.")


class StillUsed(Refusal):
    """A row that others point to, and that the database therefore keeps."""

    status = 409
    text = lazy("Something else still refers to this, so it cannot be deleted.")


class Unkept(Refusal):
    """A value that the database cannot keep."""

    status = 409
    text = lazy("The database cannot keep this value.")


def refusal_with(refusal: type[Refusal], sentence: Any, **words: Any) -> Refusal:
    """Return a refusal, in the words of a view where it has some."""
    made = refusal(**words)
    if sentence:
        made.text = sentence  # type: ignore[misc]
        made.words = {}
    return made


@contextmanager
def in_words_of(view: Any, which: str) -> Iterator[None]:
    """Say what the database refuses meanwhile as FAB's messages of a view have it: `which` is add,
    edit or delete.
    """
    try:
        yield
    except StaleDataError as error:
        raise Conflict() from error
    except IntegrityError as error:
        usual = StillUsed if which == "delete" else Alike
        raise refusal_with(usual, getattr(view, f"{which}_integrity_error_message")) from error
    except DataError as error:
        raise refusal_with(Unkept, view.database_error_message) from error


def ensure_free(view: Any, item: Any) -> None:
    """Raise Taken, at its field, where another row has a value that only one may have."""
    model = type(item)
    for names in unique_names(model):
        own = [name for name in names if name != OWN]
        values = {name: getattr(item, name) for name in names}
        if len(own) != 1 or any(value is None for value in values.values()):
            continue
        same = [getattr(model, name) == value for name, value in values.items()]
        other = select(model.id).where(*same, model.id.is_distinct_from(item.id))
        with db.session.no_autoflush:
            is_taken = db.session.scalar(other.limit(1)) is not None
        if is_taken:
            which = "edit" if inspect(item).persistent else "add"
            sentence = getattr(view, f"{which}_integrity_error_message")
            raise refusal_with(Taken, sentence, field=own[0], label=view.label_of(own[0]))


def unique_names(model: type[Any]) -> list[tuple[str, ...]]:
    """Return the names of the columns that are unique, alone or together."""
    table = model.__table__
    found: list[tuple[Any, ...]] = [(column.key,) for column in table.c if column.unique]
    found += [
        tuple(column.key for column in constraint.columns)
        for constraint in table.constraints
        if isinstance(constraint, UniqueConstraint)
    ]
    attributes = {column.key: name for name, column in inspect(model).columns.items()}
    return list(dict.fromkeys(tuple(attributes[one] for one in names) for names in found))
