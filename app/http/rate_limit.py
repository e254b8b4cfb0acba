"""Rate limits: how often something may be tried, counted for every process alike.

Here: taking a turn, giving it back, forgetting; the sentence and the header that say how long to
wait. Not here: what is limited (each feature's own table), where it is counted
(http.rate_limit_storage, or Redis).
"""

from __future__ import annotations

import ipaddress
import logging
import math
import time
from collections.abc import Callable, Iterable
from datetime import timedelta
from functools import lru_cache
from http import HTTPStatus
from typing import TypeVar

from babel.dates import format_timedelta
from flask import Flask, current_app
from limits import RateLimitItem, parse
from limits.storage import Storage, storage_from_string
from redis.backoff import NoBackoff
from redis.retry import Retry
from werkzeug.wrappers import Response

from app.access.context import context
from app.extensions import db
from app.http.rate_limit_storage import DatabaseStorage
from app.kernel.errors import Refusal
from app.kernel.i18n import current_language, lazy

Answer = TypeVar("Answer")
PATIENCE = 2.0
"""Seconds that Redis may take to answer."""
log = logging.getLogger(__name__)


class TooManyTries(Refusal):
    """Something was tried too often; the sentence says how long to wait."""

    status = 429
    text = lazy("Too many tries. Wait %(wait)s, then try again.")

    def __init__(self, *, seconds: float) -> None:
        super().__init__(wait=waiting_time(seconds))
        self.seconds = max(1, math.ceil(seconds))


class Limit:
    """So many turns in a window of time, for each name.

    Ask before the request has written anything (http.rate_limit_storage).
    """

    def __init__(self, name: str, words: str, refusal: type[TooManyTries] = TooManyTries) -> None:
        self.name, self.words, self._refusal = name, words, refusal
        self._item: RateLimitItem = parse(words)

    def hit(self, who: object) -> None:
        """Take a turn; raise TooManyTries where none is left.

        Of parallel requests, no more get through than there are turns.
        """
        key, item = self._key(who), self._item
        if _count(lambda storage: storage.incr(key, item.get_expiry())) > item.amount:
            raise self._refusal(
                seconds=_count(lambda storage: storage.get_expiry(key)) - time.time()
            )

    def spend(self, who: object, turns: int = 1) -> None:
        """Take turns that count only if the caller's transaction commits: for what happens, not for
        what is tried. Raises TooManyTries.

        Of several names, spend in one order everywhere.
        """
        self.spend_each([who], turns)

    def spend_each(self, these: Iterable[object], turns: int = 1) -> None:
        """The same for several names."""
        keys, item, storage = sorted(map(self._key, these)), self._item, DatabaseStorage()
        counted = storage.count(db.session.connection(), keys, item.get_expiry(), turns)
        if counted > item.amount:
            raise self._refusal(seconds=max(map(storage.get_expiry, keys)) - time.time())

    def give_back(self, who: object) -> None:
        """Give a turn back: it was not one of those that are limited."""
        key, item = self._key(who), self._item
        _count(lambda storage: storage.incr(key, item.get_expiry(), -1))

    def forget(self, who: object) -> None:
        """Start this name's window anew."""
        key = self._key(who)
        _count(lambda storage: storage.clear(key))

    def _key(self, who: object) -> str:
        return (
            f"{self.name}/{self._item.get_expiry()}/{network(who) if isinstance(who, str) else who}"
        )


def install(app: Flask) -> None:
    """Let every answer that asks for patience say for how long, to machines."""

    @app.after_request
    def add_retry_after(response: Response) -> Response:
        seconds = context().retry_after
        if response.status_code == HTTPStatus.TOO_MANY_REQUESTS and seconds is not None:
            response.headers.setdefault("Retry-After", str(seconds))
        return response


def network(ip: str) -> str:
    """Return whom an address stands for: of IPv6, everybody has a whole /64 to try from. What is no
    address stays as it is.
    """
    try:
        address = ipaddress.IPv6Address(ip)
    except ValueError:
        return ip
    return str(address.ipv4_mapped or ipaddress.IPv6Network((int(address), 64), strict=False))


def waiting_time(seconds: float) -> str:
    """Return a time to wait as people say it, never too short: 15 minutes, 40 seconds."""
    rounded = -(-max(seconds, 1) // 60) * 60 if seconds > 60 else -(-max(seconds, 1) // 1)
    words = format_timedelta(timedelta(seconds=rounded), threshold=1.5, locale=current_language())
    # CLDR writes 15 分 with a space, which nothing else in our Japanese has.
    return words.replace(" ", "") if current_language().startswith("ja") else words


def _count(count: Callable[[Storage], Answer]) -> Answer:
    """Count where everybody counts; in the database while that cannot be reached."""
    storage = _storage(current_app.config["RATELIMIT_STORAGE_URI"])
    try:
        return count(storage)
    except storage.base_exceptions:
        log.warning("tries are counted in the database: %s does not answer", type(storage).__name__)
        return count(DatabaseStorage())


@lru_cache(maxsize=4)
def _storage(uri: str) -> Storage:
    """Find the storage of an address; a Redis that says nothing keeps nobody waiting for long."""
    if uri.startswith("database:"):
        return storage_from_string(uri)
    address = f"redis+{uri}" if uri.startswith("unix:") else uri
    return storage_from_string(
        address,
        socket_connect_timeout=PATIENCE,
        socket_timeout=PATIENCE,
        retry=Retry(NoBackoff(), 0),
    )
