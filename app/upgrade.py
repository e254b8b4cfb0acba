"""Upgrade: bringing a database to this version, once, however many start at the same time.

Here: the lock, the migrations, the tables of packages, seals for the log's older lines, secrets
under the newest key, the role of platform administrators, the built-in roles. Not here: the
migrations themselves.
"""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

import click
from alembic.script import ScriptDirectory
from flask import current_app
from flask_appbuilder import Model
from flask_appbuilder.security.sqla.models import Role
from flask_migrate import stamp
from flask_migrate import upgrade as migrate_up
from sqlalchemy import inspect, select, text

from app import packages
from app.access.seat import PLATFORM_ROLE
from app.database import MIGRATIONS, OUTDATED, ensure_upgraded
from app.extensions import db
from app.jobs import queue
from app.kernel.clock import utcnow
from app.kernel.errors import StartRefused
from app.kernel.i18n import _
from app.log_integrity import chain_upgrades, retention
from app.member_roles import builtin
from app.models import AuthenticatorApp
from app.packages import Package
from app.search_index import checks, schema, writing
from app.two_factor import app_secrets

ADVISORY_LOCK = 20_261_121


def upgrade() -> None:
    """Bring the database up to date; a second caller waits and then finds nothing to do."""
    with one_at_a_time():
        migrate_up(directory=str(MIGRATIONS))
        _upgrade_packages()
        _seal(utcnow())
        _encrypt_anew(utcnow())
        db.session.commit()  # whoever waits to seal a line goes on
        _write_platform_role()
        builtin.mirror()
        _index()
        queue.prepare(current_app)
        db.session.commit()


def _index() -> None:
    """Enter into the search index what was there before it, and say where words are not found by
    index.
    """
    if not schema.make_trigrams(db.session.connection()):
        click.echo(checks.without_trigrams())
    writing.complete()


def _upgrade_packages() -> None:
    """Run the migrations of each package, or make its tables where it has none."""
    for package in packages.of_application():
        if package.migrations:
            _begin_history(package)
            migrate_up(directory=str(package.migrations))
        else:
            Model.metadata.create_all(db.engine, tables=package.tables())
        if lacking := packages.missing(package):
            raise StartRefused(packages.lacks(package, lacking))


def _begin_history(package: Package) -> None:
    """Note the first version of tables that were there before their package had migrations."""
    there = set(inspect(db.engine).get_table_names())
    if package.version_table not in there and there & {one.name for one in package.tables()}:
        stamp(directory=str(package.migrations), revision=package.script.get_base())


def _seal(now: datetime) -> None:
    """Give seals to lines from before there were any, keys to a chain from before there were any,
    each organization a chain of its own, and each chain a line where another key begins.
    """
    connection = db.session.connection()
    chain_upgrades.seal_from_before(connection)
    if chain_upgrades.begin_keys(connection, now=now):
        retention.carry_over(now)
    chain_upgrades.divide(connection, now=now)
    chain_upgrades.change_keys(connection, now=now)


def _encrypt_anew(now: datetime) -> None:
    """Keep what is encrypted under SECRET_KEY alone, and name whose app no key of ours reads."""
    older = select(AuthenticatorApp.id).where(AuthenticatorApp.encrypted_secret.like("AQ%"))
    if db.session.scalar(older.limit(1)) is not None:  # a fallback may be there that was not before
        migration = ScriptDirectory(str(MIGRATIONS)).get_revision("0015")
        migration.module.encrypt_by_fernet(db.session.connection())
    if unread := app_secrets.encrypt_anew(now=now):
        click.echo(
            _(
                "No configured key can read the authenticator apps of: %(login_ids)s. Nothing was"
                " changed. Add the former SECRET_KEY to SECRET_KEY_FALLBACKS and run the upgrade"
                " again, or have these people sign in with a recovery code and set up their app"
                " again.",
                login_ids=", ".join(unread),
            )
        )


def ensure_done() -> None:
    """Wait while an upgrade runs; end the command with one sentence where the database is not at
    this version, or its built-in roles are not there.
    """
    with one_at_a_time():
        ensure_upgraded()
        if not builtin.is_mirrored():
            raise StartRefused(OUTDATED)


def _write_platform_role() -> None:
    if db.session.scalar(select(Role).filter_by(name=PLATFORM_ROLE)) is None:
        db.session.add(Role(name=PLATFORM_ROLE))


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """Hold the lock of the upgrade: whoever else wants it waits."""
    if db.engine.dialect.name == "postgresql":
        with db.engine.connect() as connection:
            connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": ADVISORY_LOCK})
            try:
                yield
            finally:
                connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": ADVISORY_LOCK})
        return
    with (current_app.config["SETTINGS"].instance_path / "upgrade.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
