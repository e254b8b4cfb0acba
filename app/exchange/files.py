"""Files: one kind of file.

Here: which noun, which columns, what the log says of it. Not here: the files there are (each
feature's export).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from app.activity.events import Event
from app.exchange.columns import Column


@dataclass(frozen=True)
class File:
    """One kind of file; `eager` keeps the statements for a batch few."""

    name: str
    model: Any
    columns: Sequence[Column]
    event: Event
    eager: Sequence[Any] = ()
