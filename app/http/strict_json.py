"""Strict JSON: what JSON is read at all, wherever it comes from.

Here: no name twice in one object, no number that is none, nothing deeper than can be read, no half
of a character. Not here: what a request's JSON has to look like (rest.schemas).
"""

from __future__ import annotations

from typing import Any

from flask import Flask, request
from flask.json.provider import DefaultJSONProvider

from app.kernel import memory

LARGE = 128 * 1024
"""Bytes of a body that leaves a mark in the memory of the process."""


def install(app: Flask) -> None:
    """Give the memory of large bodies back when they are answered."""

    @app.teardown_request
    def give_back(_error: BaseException | None) -> None:
        if (request.content_length or 0) > LARGE:
            memory.give_back_now()


class StrictJson(DefaultJSONProvider):
    """Flask's JSON, with one meaning for every text or none: two readers never understand two
    things.
    """

    def loads(self, s: str | bytes, **kwargs: Any) -> Any:
        """Read JSON. Raises ValueError, which a request answers with 400."""
        try:
            read = super().loads(
                s,
                object_pairs_hook=reject_duplicate_names,
                parse_constant=reject_constant,
                **kwargs,
            )
        except RecursionError:
            raise ValueError("JSON is nested too deeply") from None
        if (b"\\u" if isinstance(s, bytes) else "\\u") in s:  # type: ignore[operator]
            super().dumps(read, ensure_ascii=False).encode()
        return read


def reject_duplicate_names(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Read an object. Raises ValueError where a name stands in it twice."""
    read = dict(pairs)
    if len(read) < len(pairs):
        raise ValueError("a name stands twice in one object")
    return read


def reject_constant(word: str) -> float:
    """Raise ValueError: NaN and Infinity are no JSON."""
    raise ValueError(f"{word} is no number")
