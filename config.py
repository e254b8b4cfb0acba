"""Settings: the environment, read once and typed.

Here: every name of the environment, its default, and what it means to Flask and its extensions.
Not here: anything that needs a database or a request. Nothing else reads os.environ.
"""

from __future__ import annotations

import os
import secrets
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from config_values import (
    LOOPBACK,
    IpNetwork,
    SettingError,
    ensure_private,
    made_folder,
    mail_sender,
    networks,
    portal_url,
    truth,
    whole,
)

__all__ = ["LOOPBACK", "ROOT", "SettingError", "Settings"]

ROOT = Path(__file__).resolve().parent
MAX_BODY = 2 * 1024 * 1024
MAX_FILE = 20 * 1024 * 1024
"""Bytes of a file of members, the only one that may be larger than any other request."""
MAX_UPLOAD = MAX_FILE + 64 * 1024
MAX_FORM = 512 * 1024
"""Bytes of a form without files: what it holds stands in memory several times while it is read."""
UNKNOWN_DATABASE = "DATABASE_URL must name SQLite or PostgreSQL (postgresql+psycopg://…)."


@dataclass(frozen=True)
class Settings:
    """The environment as the portal understands it."""

    database_url: str
    redis_url: str | None
    portal_url: str
    host: str
    port: int
    web_workers: int
    instance_path: Path
    secret_key: str
    secret_key_fallbacks: tuple[str, ...]
    mail_server: str | None
    mail_port: int
    mail_use_tls: bool
    mail_use_ssl: bool
    mail_username: str | None
    mail_password: str | None
    mail_sender: str
    trusted_proxies: int
    default_language: str
    batch_letters_per_minute: int = 120
    activity_stream: str = ""
    outgoing_allowed: tuple[IpNetwork, ...] = ()
    translations_path: Path = ROOT / "translations"
    testing: bool = False

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> Settings:
        """Read the environment; raise SettingError with a sentence where a value cannot be used."""
        env = os.environ if environment is None else environment
        instance = made_folder(ROOT / env.get("INSTANCE_PATH", "instance"))
        mail_server = env.get("MAIL_SERVER") or None
        port = whole(env, "PORT", 8080)
        address = portal_url(env.get("PORTAL_URL", f"http://127.0.0.1:{port}"), mail_server)
        secret = env.get("SECRET_KEY") or _kept_secret(instance / "secret_key")
        ensure_private(address, secret, is_debugging=truth(env, "FLASK_DEBUG"))
        language = env.get("DEFAULT_LANGUAGE", "en")
        return cls(
            database_url=_database_url(env.get("DATABASE_URL"), instance),
            redis_url=_redis_url(env.get("REDIS_URL")),
            portal_url=address,
            host=env.get("HOST", "127.0.0.1"),
            port=port,
            web_workers=whole(env, "WEB_WORKERS", 2),
            batch_letters_per_minute=whole(env, "BATCH_LETTERS_PER_MINUTE", 120),
            instance_path=instance,
            secret_key=secret,
            secret_key_fallbacks=tuple(env.get("SECRET_KEY_FALLBACKS", "").split()),
            mail_server=mail_server,
            mail_port=whole(env, "MAIL_PORT", 25),
            mail_use_tls=truth(env, "MAIL_USE_TLS"),
            mail_use_ssl=truth(env, "MAIL_USE_SSL"),
            mail_username=env.get("MAIL_USERNAME") or None,
            mail_password=env.get("MAIL_PASSWORD") or None,
            mail_sender=mail_sender(env.get("MAIL_DEFAULT_SENDER"), address),
            trusted_proxies=whole(env, "TRUSTED_PROXIES", 0),
            default_language=language,
            activity_stream=env.get("ACTIVITY_STREAM", ""),
            outgoing_allowed=networks(env, "OUTGOING_ALLOWED"),
            translations_path=ROOT / env.get("TRANSLATIONS_PATH", "translations"),
        )

    @property
    def public_host(self) -> str:
        """Host, and port unless the scheme's own, that requests must be addressed to."""
        return urlsplit(self.portal_url).netloc

    @property
    def origin(self) -> tuple[str | None, int]:
        """Host and port that requests must be addressed to."""
        parts = urlsplit(self.portal_url)
        return parts.hostname, parts.port or (443 if self.https else 80)

    @property
    def https(self) -> bool:
        return self.portal_url.startswith("https://")

    @property
    def local_mailbox(self) -> bool:
        """Whether letters are kept in the instance folder instead of sent."""
        return self.mail_server is None

    def flask(self) -> dict[str, object]:
        """The same settings under the names of Flask and its extensions."""
        return {
            "SETTINGS": self,
            "TESTING": self.testing,
            "SECRET_KEY": self.secret_key,
            "SECRET_KEY_FALLBACKS": list(self.secret_key_fallbacks),
            "SQLALCHEMY_DATABASE_URI": self.database_url,
            "SQLALCHEMY_ENGINE_OPTIONS": _engine_options(self.database_url),
            "PORTAL_ORIGIN": self.origin,
            "MAX_CONTENT_LENGTH": MAX_BODY,
            "MAX_FORM_MEMORY_SIZE": MAX_FORM,
            **self._cookies(),
            **self._mail(),
            **self._appbuilder(),
            **self._limits(),
        }

    def _cookies(self) -> dict[str, object]:
        return {
            "SESSION_COOKIE_NAME": "__Host-meibo" if self.https else "meibo",
            "SESSION_COOKIE_SECURE": self.https,
            "SESSION_COOKIE_HTTPONLY": True,
            "SESSION_COOKIE_SAMESITE": "Lax",
            "SESSION_COOKIE_PATH": "/",
            "PREFERRED_URL_SCHEME": "https" if self.https else "http",
            "WTF_CSRF_TIME_LIMIT": None,
        }

    def _mail(self) -> dict[str, object]:
        return {
            "MAIL_SERVER": self.mail_server or "127.0.0.1",
            "MAIL_PORT": self.mail_port,
            "MAIL_USE_TLS": self.mail_use_tls,
            "MAIL_USE_SSL": self.mail_use_ssl,
            "MAIL_USERNAME": self.mail_username,
            "MAIL_PASSWORD": self.mail_password,
            "MAIL_DEFAULT_SENDER": self.mail_sender,
            "MAIL_SUPPRESS_SEND": False,
        }

    def _appbuilder(self) -> dict[str, object]:
        return {
            "APP_NAME": "Meibo",
            "FAB_CREATE_DB": False,
            "FAB_UPDATE_PERMS": False,
            "FAB_ADD_SECURITY_VIEWS": False,
            "FAB_ADD_SECURITY_API": False,
            "FAB_API_KEY_ENABLED": False,
            "FAB_ADD_MENU_API": False,
            "FAB_ADD_OPENAPI_VIEWS": False,
            "FAB_API_SWAGGER_UI": False,
            "FAB_ALLOW_GET_UNSAFE_MUTATIONS": False,
            "FAB_SAFE_REDIRECT_HOSTS": [self.public_host],
            "FAB_BASE_TEMPLATE": "appbuilder/baselayout.html",
            "AUTH_USER_REGISTRATION": False,
            "BABEL_DEFAULT_LOCALE": self.default_language,
            "BABEL_TRANSLATION_DIRECTORIES": str(self.translations_path),
        }

    def _limits(self) -> dict[str, object]:
        return {
            "RATELIMIT_ENABLED": True,
            "RATELIMIT_STORAGE_URI": self.redis_url or "database://",
            "RATELIMIT_HEADERS_ENABLED": False,
            "AUTH_RATE_LIMITED": False,
        }


def _database_url(value: str | None, instance: Path) -> str:
    if not value:
        return f"sqlite:///{instance / 'meibo.sqlite'}"
    try:
        url = make_url(value)
    except (ArgumentError, ValueError):
        raise SettingError(UNKNOWN_DATABASE) from None
    if url.drivername in {"postgres", "postgresql"}:
        url = url.set(drivername="postgresql+psycopg")
    if url.get_backend_name() not in {"sqlite", "postgresql"}:
        raise SettingError(UNKNOWN_DATABASE)
    return url.render_as_string(hide_password=False)


def _redis_url(value: str | None) -> str | None:
    """A Redis that every process shares: counts in one process's memory would not be limits."""
    if value and not value.startswith(("redis://", "rediss://", "unix://")):
        raise SettingError("REDIS_URL must name a Redis (redis://…, rediss://… or unix://…).")
    return value or None


def _engine_options(url: str) -> dict[str, object]:
    if url.startswith("sqlite"):
        return {"connect_args": {"timeout": 15}}
    return {"pool_pre_ping": True, "pool_recycle": 1800, "pool_size": 5, "max_overflow": 10}


def _kept_secret(path: Path) -> str:
    """Return the secret kept in the instance folder; make it, readable by the owner only, at first
    use.

    It appears whole, under its name, or not at all: of several processes that start at once, all
    read the first one's.
    """
    if not path.exists():
        descriptor, draft = tempfile.mkstemp(dir=path.parent)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(48))
        with suppress(FileExistsError):
            os.link(draft, path)
        os.unlink(draft)
    return path.read_text().strip()
