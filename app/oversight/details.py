"""Details: what a line of the log holds beside its people, read so that no line can break a commit.

Here: values of the shapes that acts are understood from; any other shape tells nothing. Not here:
what follows from them (oversight.acts).
"""

from __future__ import annotations

from typing import Any

from app.models import Activity

Pair = tuple[Any, Any]


def change(line: Activity, name: str) -> Pair | None:
    """What a field was and became; None where the line tells of no change of it."""
    changes = _held(line).get("changes")
    return as_pair(changes.get(name)) if isinstance(changes, dict) else None


def detail(line: Activity, name: str) -> Any:
    """What stands under a name, None for nothing."""
    return _held(line).get(name)


def as_pair(value: object) -> Pair | None:
    """Before and after, where it is that."""
    return tuple(value) if isinstance(value, list | tuple) and len(value) == 2 else None


def as_names(value: object) -> frozenset[str]:
    """The names in a list."""
    return frozenset(one for one in _listed(value) if isinstance(one, str))


def as_ids(value: object) -> tuple[int, ...]:
    """The ids in a list."""
    return tuple(one for one in _listed(value) if is_number(one))


def is_number(value: object) -> bool:
    """Whether it is a whole number; Python counts True as one."""
    return isinstance(value, int) and not isinstance(value, bool)


def _held(line: Activity) -> dict[str, Any]:
    return line.details if isinstance(line.details, dict) else {}


def _listed(value: object) -> list[Any]:
    return list(value) if isinstance(value, list | tuple | set | frozenset) else []
