"""Lines as they are sealed: one canonical text for each, its digest, and the chain of digests.

Here: pure functions, the same for writing and for checking. Not here: when seals are written
(log_integrity.hash_chain), what is found wrong (log_integrity.verification).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from app.models import Activity

COLUMNS = tuple(column.name for column in Activity.__table__.columns)
START = "0" * 64
"""What the first line is chained to."""


def values(line: Activity) -> dict[str, Any]:
    """Return every column of a line."""
    return {name: getattr(line, name) for name in COLUMNS}


def facts(line: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a line says.

    Whatever is empty is left out, so that a column of a later version changes no digest.
    """
    return {name: _plain(line[name]) for name in COLUMNS if not _is_empty(line[name])}


def canonical(said: Mapping[str, Any]) -> str:
    """Return one text for the same facts, always."""
    return json.dumps(said, ensure_ascii=True, sort_keys=True, separators=(",", ":"))


def digest(said: Mapping[str, Any]) -> str:
    """Return the digest of a line."""
    return sha256(canonical(said).encode()).hexdigest()


def chained(
    previous: str, line_digest: str, organization_id: int | None, happened_at: datetime
) -> str:
    """Return the next link: over the one before, the line, and what tells later whether the line
    was allowed to go.
    """
    return sha256(
        f"{previous}{line_digest}{organization_id or ''}|{_moment(happened_at)}".encode()
    ).hexdigest()


def _is_empty(value: Any) -> bool:
    return value is None or value is False or value in ("", {})


def _plain(value: Any) -> Any:
    return _moment(value) if isinstance(value, datetime) else value


def _moment(value: datetime) -> str:
    return value.astimezone(UTC).isoformat(timespec="microseconds")
