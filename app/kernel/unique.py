"""Unique: what only one row may have, and another one got between our look and our write.

Here: which columns a database means by its refusal, and the sentence for it. Not here: the look
before (each feature's service), what is a conflict of any other kind (http.errors).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sqlalchemy.exc import IntegrityError

POSTGRESQL_CODE = "23505"
NAMED = (re.compile(r"UNIQUE constraint failed: (.+)"), re.compile(r"\(([^()]+)\)=\("))
"""How SQLite and PostgreSQL, in any language, name the columns."""


@contextmanager
def unless_taken(**refusals: Callable[[], Exception]) -> Iterator[None]:
    """Raise, by the name of a column, what is said where another row has its value already; what
    the database refuses for any other reason stays what it is.
    """
    try:
        yield
    except IntegrityError as error:
        taken = taken_columns(error)
        refusal = next((one for name, one in refusals.items() if name in taken), None)
        if refusal is None:
            raise
        raise refusal() from error


def taken_columns(error: IntegrityError) -> frozenset[str]:
    """Return the columns in which a row is like another that is there; none where the database
    refused it for another reason.
    """
    text = str(error.orig)
    found = next((match for one in NAMED if (match := one.search(text))), None)
    code = getattr(error.orig, "sqlstate", POSTGRESQL_CODE)
    if found is None or code != POSTGRESQL_CODE:
        return frozenset()
    names = found.group(1).splitlines()[0].split(",")
    return frozenset(name.strip().rpartition(".")[2] for name in names)
