"""Living memberships: every statement of every test is watched, so that none forgets that some
ended.

Here: the watch. Not here: what it watches for (models.membership: `_living_only`, `with_ended`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Engine, event

from app.models.membership import WITH_ENDED

TABLE = re.compile(r"\b(?:FROM|JOIN|UPDATE|,)\s+membership\b(?![.])", re.IGNORECASE)
ENDED = re.compile(r"\bended_at IS (?:NOT )?NULL", re.IGNORECASE)
BY_ID = re.compile(r"WHERE membership\.id = \S+( RETURNING .*)?$", re.DOTALL)
WHOLE = "DELETE FROM membership"
SAY = (
    "this statement reads memberships that ended, too: ask by the session, which narrows it to"
    " living ones, or say with_ended(query)"
)


def forgets(statement: str) -> bool:
    """Whether a statement finds members without looking whether they still are."""
    found = len(TABLE.findall(statement))
    if not found or statement == WHOLE or BY_ID.search(statement):
        return False
    return len(ENDED.findall(statement)) < found


@pytest.fixture(autouse=True)
def _living_memberships_only(request: pytest.FixtureRequest) -> Iterator[None]:
    if "migrations" in request.path.parts:  # they see rows as they are
        yield
        return
    seen: list[str] = []

    def look(
        _connection: Any, _cursor: Any, statement: str, _values: Any, context: Any, *_: Any
    ) -> None:
        said = context is not None and context.execution_options.get(WITH_ENDED)
        if not said and forgets(statement):
            seen.append(statement)

    event.listen(Engine, "before_cursor_execute", look)
    yield
    event.remove(Engine, "before_cursor_execute", look)
    assert not seen, f"{SAY}: {seen[0]}"
