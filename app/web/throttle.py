"""Throttle: how often something may be tried, counted for every process alike.

Here: taking a turn, giving it back, forgetting; the sentence that says how long to wait. Not here: what is limited (each feature's own
table), where it is counted (web.limits, or Redis).
"""
from __future__ import annotations

import logging
import time
from collections.abc import Callable
from datetime import timedelta
from functools import lru_cache
from typing import TypeVar

from babel.dates import format_timedelta
from flask import current_app
from limits import RateLimitItem, parse
from limits.storage import Storage, storage_from_string

from app.kernel.errors import Refusal
from app.kernel.i18n import current_language, lazy
from app.web.limits import DatabaseStorage

Answer = TypeVar("Answer")
log = logging.getLogger(__name__)


class TooManyTries(Refusal):
    """Something was tried too often; the sentence says how long to wait."""

    status = 429
    text = lazy("Too many tries. Wait %(wait)s, then try again.")

    def __init__(self, *, seconds: float) -> None:
        super().__init__(wait=spoken(seconds))


class Limit:
    """So many turns in a window of time, for each name. Ask before the request has written anything (web.limits)."""

    def __init__(self, name: str, words: str, refusal: type[TooManyTries] = TooManyTries) -> None:
        self._name, self._refusal = name, refusal
        self._item: RateLimitItem = parse(words)

    def take(self, who: object) -> None:
        """Take a turn; raise TooManyTries where none is left. Of parallel requests, no more get through than there are turns."""
        key, item = self._key(who), self._item
        if _counting(lambda storage: storage.incr(key, item.get_expiry())) > item.amount:
            raise self._refusal(seconds=_counting(lambda storage: storage.get_expiry(key)) - time.time())

    def give_back(self, who: object) -> None:
        """Give a turn back: it was not one of those that are limited."""
        key, item = self._key(who), self._item
        _counting(lambda storage: storage.incr(key, item.get_expiry(), -1))

    def forget(self, who: object) -> None:
        """Start this name's window anew."""
        key = self._key(who)
        _counting(lambda storage: storage.clear(key))

    def _key(self, who: object) -> str:
        return f"{self._name}/{self._item.get_expiry()}/{who}"


def spoken(seconds: float) -> str:
    """Return a time to wait as people say it, never too short: 15 minutes, 40 seconds."""
    rounded = -(-max(seconds, 1) // 60) * 60 if seconds > 60 else -(-max(seconds, 1) // 1)
    told = format_timedelta(timedelta(seconds=rounded), threshold=1.5, locale=current_language())
    # CLDR writes 15 分 with a space, which nothing else in our Japanese has.
    return told.replace(" ", "") if current_language().startswith("ja") else told


def _counting(count: Callable[[Storage], Answer]) -> Answer:
    """Count where everybody counts; in the database while that cannot be reached."""
    storage = _storage(current_app.config["RATELIMIT_STORAGE_URI"])
    try:
        return count(storage)
    except storage.base_exceptions:
        log.warning("tries are counted in the database: %s does not answer", type(storage).__name__)
        return count(DatabaseStorage())


@lru_cache(maxsize=4)
def _storage(uri: str) -> Storage:
    return storage_from_string(uri)
