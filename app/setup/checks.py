"""Checks: what a deployment must fix before people use it, one sentence each.

Here: settings, database, queue, mail, languages, and whether anybody can administer the portal. Not
here: mending it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

from flask import Flask
from flask_appbuilder.security.sqla.models import Role, assoc_user_role
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from app.access.seat import PLATFORM_ROLE
from app.accounts import queries as accounts
from app.batches import waiting
from app.database import OUTDATED, is_upgraded, outdated
from app.demo import service as demo
from app.extensions import db
from app.i18n.languages import is_compiled
from app.jobs import queue
from app.kernel.clock import utcnow
from app.kernel.i18n import _, own_name
from app.model_views.checks import indexes
from app.models import Account
from app.outbox import failures
from app.outbox.failures import Undelivered
from app.outbox.message import UnusableSender, sender_address
from app.outbox.smtp import PatientConnection, Understood
from app.passwords.hashing import verify_password
from app.search_index import checks as search
from app.setup.connections import ensure_encrypted
from config import LOOPBACK, Settings

SHORTEST_SECRET = 32
FEWEST_SIGNS = 10
"""How many different characters a random key of that length has at least."""
DEFAULTS = ("changeme", "change-me", "secret-key", "secretkey", "default", "example", "password")
SQLITE_WORKERS = 4

Complaints = Iterator[str]
Check = Callable[[Flask, Settings], Complaints]


def complaints(app: Flask) -> list[str]:
    """Return every complaint about this deployment, the most basic first."""
    settings: Settings = app.config["SETTINGS"]
    checks: tuple[Check, ...] = (
        _address,
        _secret,
        _folder,
        _debug,
        _database,
        _processes,
        _queue,
        _mail,
        ensure_encrypted,
        _languages,
    )
    found = [sentence for check in checks for sentence in check(app, settings)]
    if not _is_readable():
        return found
    return [
        *found,
        *search.complaints(),
        *indexes.complaints(app),
        *_batches(),
        *_people(settings),
    ]


def _address(_app: Flask, settings: Settings) -> Complaints:
    if urlsplit(settings.portal_url).hostname in LOOPBACK:
        yield _(
            "PORTAL_URL is %(url)s: links in letters work on this machine only. Set the address"
            " that people use.",
            url=settings.portal_url,
        )
    elif not settings.https:
        yield _(
            "PORTAL_URL is not https: passwords and cookies travel in the clear. Put the portal"
            " behind https."
        )


def _secret(_app: Flask, settings: Settings) -> Complaints:
    for key in (settings.secret_key, *settings.secret_key_fallbacks):
        if len(key) < SHORTEST_SECRET:
            yield _(
                "SECRET_KEY has %(length)s characters. Use at least %(least)s random ones.",
                length=len(key),
                least=SHORTEST_SECRET,
            )
        elif len(set(key)) < FEWEST_SIGNS or any(word in key.lower() for word in DEFAULTS):
            yield _(
                "SECRET_KEY looks like a default or a pattern. Use at least %(least)s random"
                " characters.",
                least=SHORTEST_SECRET,
            )


def _folder(_app: Flask, settings: Settings) -> Complaints:
    folder = settings.instance_path
    if folder.stat().st_mode & 0o077:
        yield _(
            "Other users of this machine can read %(path)s, which holds the database, emails and "
            "keys. Run: chmod go= %(path)s",
            path=folder,
        )
    loose = (path for path in folder.iterdir() if path.is_file() and path.stat().st_mode & 0o077)
    for path in sorted(loose):
        yield _(
            "%(path)s can be read by other people of this machine. Run: chmod 600 %(path)s",
            path=path,
        )


def _debug(app: Flask, _settings: Settings) -> Complaints:
    if app.debug:
        yield _("Debugging is on: an error would show the portal’s insides. Unset FLASK_DEBUG.")


def _database(_app: Flask, _settings: Settings) -> Complaints:
    try:
        sentence = outdated()
        if sentence == OUTDATED:
            yield _("The database is not at this version. Run: flask portal upgrade")
        elif sentence:
            yield sentence
    except SQLAlchemyError:
        yield _("The database cannot be reached. Check DATABASE_URL.")


def _processes(_app: Flask, settings: Settings) -> Complaints:
    if settings.database_url.startswith("sqlite") and settings.web_workers > SQLITE_WORKERS:
        yield _(
            "SQLite serves %(most)s web workers well, not %(workers)s. Use PostgreSQL, or fewer.",
            most=SQLITE_WORKERS,
            workers=settings.web_workers,
        )


def _queue(app: Flask, settings: Settings) -> Complaints:
    if "jobs" in app.extensions and not queue.of(app).is_reachable():
        yield (
            _("Redis cannot be reached. Check REDIS_URL.")
            if settings.redis_url
            else _("The job queue cannot be reached.")
        )


def _mail(app: Flask, settings: Settings) -> Complaints:
    if settings.local_mailbox:
        yield _("There is no MAIL_SERVER: letters stay in the local mailbox.")
        return
    try:
        sender_address(settings.mail_sender)
        with Understood(), PatientConnection(app.extensions["mail"]):
            pass
    except UnusableSender:
        yield failures.spoken(failures.SENDER)
    except Undelivered as trouble:
        yield _(
            "The mail server %(server)s cannot be used: %(reason)s",
            server=settings.mail_server,
            reason=failures.spoken(str(trouble)),
        )


def _languages(app: Flask, _settings: Settings) -> Complaints:
    folder = Path(app.config["BABEL_TRANSLATION_DIRECTORIES"].split(";")[-1])
    for code in app.config["LANGUAGES"]:
        po = folder / code / "LC_MESSAGES" / "messages.po"
        if po.exists() and not is_compiled(po):
            yield _(
                "The catalogue of %(language)s is not compiled. Run: flask translations compile",
                language=own_name(code),
            )


def _batches() -> Complaints:
    if since := waiting.stuck_since(utcnow()):
        yield _(
            "Something that is done to many has not moved since %(time)s. Is a worker running?",
            time=f"{since:%Y-%m-%d %H:%M} UTC",
        )


def _people(settings: Settings) -> Complaints:
    administrators = (
        select(Account.id)
        .join(assoc_user_role, assoc_user_role.c.user_id == Account.id)
        .join(Role, Role.id == assoc_user_role.c.role_id)
        .where(Role.name == PLATFORM_ROLE, Account.suspended_at.is_(None))
    )
    if db.session.scalar(administrators.limit(1)) is None:
        yield _("There is no platform administrator. Run: flask portal setup")
    yield from _mailboxes()
    tanaka = db.session.scalar(select(Account).where(Account.login_id_key == "tanaka"))
    is_public = urlsplit(settings.portal_url).hostname not in LOOPBACK
    if is_public and tanaka is not None and verify_password(tanaka.password_hash, demo.PASSWORD):
        yield _(
            "The demo’s people can sign in, and everybody knows their password. Start with an empty"
            " database."
        )


def _mailboxes() -> Complaints:
    for other, owner in accounts.sharing_mailboxes():
        yield _(
            "Accounts %(owner)s and %(other)s have the same address: %(address)s. Only %(owner)s"
            " can use the address; give %(other)s another one.",
            owner=owner.login_id,
            other=other.login_id,
            address=owner.email,
        )


def _is_readable() -> bool:
    try:
        return is_upgraded()
    except SQLAlchemyError:
        return False
