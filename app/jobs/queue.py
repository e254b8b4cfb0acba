"""Queue: where jobs wait, in Redis, PostgreSQL or a file, as the settings say.

Here: building Huey, teaching it a job, asking for one. Not here: which jobs there are
(app.schedule).
"""

from __future__ import annotations

import hmac
import logging
import sqlite3
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any

import psycopg
from flask import Flask
from huey import Huey, PostgresHuey, RedisHuey, SqliteHuey
from huey.serializer import SignedSerializer
from redis import ConnectionPool
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry
from sqlalchemy.engine import make_url

from config import Settings

NAME = "meibo"
OUTAGES = (RedisError, psycopg.Error, sqlite3.Error, OSError)
"""What a queue that cannot be reached raises, whichever it is."""
SILENCE = 15.0
"""Seconds for which nobody asks again after an outage, so that requests do not queue up behind it.
"""
KEPT_FOR = 300
"""Seconds after which a request nobody has taken up is forgotten; what it asked for is in the
database.
"""

log = logging.getLogger(__name__)


class Signed(SignedSerializer):
    """Huey's signed messages, with SHA-256 where it has SHA-1."""

    def __init__(self, secret: str, salt: str) -> None:
        super().__init__(secret, salt)
        self._key = sha256(self.salt + self.secret).digest()

    def _signature(self, message: bytes) -> bytes:
        return hmac.new(self._key, message, sha256).hexdigest().encode()


@dataclass
class Jobs:
    """The queue of one application and the jobs it knows."""

    huey: Huey
    known: dict[str, Callable[[], Any]] = field(default_factory=dict)
    silent_until: float = 0.0

    def teach(self, name: str, work: Callable[[], Any], when: Callable[[datetime], bool]) -> None:
        """Add a job that runs on a schedule, and whenever somebody asks for it by name."""
        self.known[name] = self.huey.periodic_task(when, name=name, expires=KEPT_FOR)(work)

    def ask(self, name: str) -> bool:
        """Ask for a job to be done now; return whether the queue heard it. Never raises over a
        queue that is down.
        """
        if time.monotonic() < self.silent_until:
            return False
        try:
            self.known[name]()
        except OUTAGES as error:
            self.silent_until = time.monotonic() + SILENCE
            log.warning(
                "the job queue cannot be reached (%s); the schedule will catch up",
                type(error).__name__,
            )
            return False
        return True

    def is_reachable(self) -> bool:
        """Whether the queue answers."""
        try:
            self.huey.storage.queue_size()
        except OUTAGES:
            return False
        return True


def build(settings: Settings) -> Huey:
    """Make the queue that the settings ask for: Redis if there is one, else beside the data."""
    common: dict[str, Any] = {
        "results": False,
        "serializer": Signed(settings.secret_key, salt=NAME),
    }
    if settings.redis_url:
        pool = ConnectionPool.from_url(
            settings.redis_url,
            socket_connect_timeout=2,
            socket_timeout=5,
            retry=Retry(NoBackoff(), 1),
        )
        return RedisHuey(NAME, connection_pool=pool, **common)
    url = make_url(settings.database_url)
    if url.get_backend_name() == "postgresql":
        dsn = url.set(drivername="postgresql").render_as_string(hide_password=False)
        return PostgresHuey(
            NAME, dsn=dsn, table_prefix="job", create_tables=False, connect_timeout=3, **common
        )
    return SqliteHuey(
        NAME, filename=str(settings.instance_path / "jobs.sqlite"), fsync=False, **common
    )


def prepare(app: Flask) -> None:
    """Make the queue's own tables where it needs some; part of the upgrade, under its lock."""
    storage = of(app).huey.storage
    if hasattr(storage, "initialize_schema"):
        storage.initialize_schema()


def of(app: Flask) -> Jobs:
    """Return an application's jobs."""
    jobs: Jobs = app.extensions["jobs"]
    return jobs


def ask(app: Flask, name: str) -> bool:
    """Ask an application's queue for a job; see Jobs.ask."""
    return of(app).ask(name) if "jobs" in app.extensions else False
