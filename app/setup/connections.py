"""Connections: where letters, rows and counts would cross a network in the clear.

Here: one sentence for each connection of `flask portal check` that is not encrypted, or whose other
end nobody checks. Not here: other checks (setup.checks).
"""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from flask import Flask
from sqlalchemy.engine import make_url

from app.kernel.i18n import _
from config import LOOPBACK, Settings


def ensure_encrypted(_app: Flask, settings: Settings) -> Iterator[str]:
    """Name each connection to another machine that others could read or answer."""
    if (
        settings.mail_server
        and _is_elsewhere(settings.mail_server)
        and not (settings.mail_use_tls or settings.mail_use_ssl)
    ):
        yield _(
            "Letters, and the links in them, travel to %(server)s in the clear. Set MAIL_USE_TLS=1"
            " or MAIL_USE_SSL=1.",
            server=settings.mail_server,
        )
    database = make_url(settings.database_url)
    if _is_elsewhere(database.host) and database.query.get("sslmode") != "verify-full":
        yield _(
            "Nothing proves that %(server)s is the database server. Add ?sslmode=verify-full to"
            " DATABASE_URL.",
            server=database.host,
        )
    redis = urlsplit(settings.redis_url or "")
    if redis.scheme == "redis" and _is_elsewhere(redis.hostname):
        yield _(
            "The connection to Redis at %(server)s is not encrypted. Use rediss:// in REDIS_URL.",
            server=redis.hostname,
        )


def _is_elsewhere(host: str | None) -> bool:
    """Whether this is another machine; a socket's folder is none."""
    return bool(host) and host not in LOOPBACK and not str(host).startswith("/")
