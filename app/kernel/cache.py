"""Cache: what is worked out once and kept by this process, in one place for each application.

Here: keeping, forgetting the oldest, forgetting in time. Not here: what is kept: parts of pages
(screens.frame.templating), addresses (http.application), counts that are large (screens.counts). A
key tells all that its value depends on: the reader's rights and language, too.
"""

from __future__ import annotations

import math
import time
from collections.abc import Hashable
from typing import Any

MOST = {"fragment": 256, "address": 4096, "count": 1024}
"""How many of each kind are kept; one kind never drives another out."""


class Cache:
    """Values by kind and key; several threads may ask at once."""

    def __init__(self) -> None:
        self._kinds: dict[str, dict[Hashable, tuple[Any, float]]] = {kind: {} for kind in MOST}

    def get(self, kind: str, key: Hashable) -> Any:
        """Return what is kept under a key, None where nothing is, or not any more."""
        value, until = self._kinds[kind].get(key, (None, math.inf))
        return value if until == math.inf or until > time.monotonic() else None

    def keep(self, kind: str, key: Hashable, value: Any, *, seconds: float = math.inf) -> Any:
        """Keep a value under a key, for ever or for some seconds; return it."""
        kept = self._kinds[kind]
        while len(kept) >= MOST[kind] and key not in kept:
            kept.pop(next(iter(kept)), None)
        kept[key] = value, time.monotonic() + seconds
        return value

    def count(self, kind: str) -> int:
        """How many values of a kind are kept."""
        return len(self._kinds[kind])

    def clear(self) -> None:
        """Forget everything."""
        for kept in self._kinds.values():
            kept.clear()
