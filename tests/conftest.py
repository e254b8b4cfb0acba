"""Fixtures: a real application on a real database, the cast, browsers in which somebody signed in.

Here: what every test may ask for. Not here: servers (servers.py), rows (factories.py), people
(cast.py), the client that behaves like a browser (portal_client.py).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from threading import Barrier, Thread
from typing import Any

import pytest
from flask import Flask
from flask_appbuilder import Model
from sqlalchemy import Connection, event, inspect, select, text

from app import create_app
from app.extensions import db
from app.kernel.errors import Refusal
from app.models import Account, Letter
from app.upgrade import upgrade
from config import Settings
from tests import cast as people
from tests.cast import Cast
from tests.portal_client import PortalClient

pytest_plugins = ["tests.servers", "tests.living"]

KEPT = {"ab_role", "alembic_version"}


def settings_for(folder: Path, **changes: Any) -> Settings:
    """Settings of a portal that lives in a folder, addressed as http://localhost."""
    environment = {
        "INSTANCE_PATH": str(folder),
        "PORTAL_URL": "http://localhost",
        "SECRET_KEY": "secret-of-the-tests",
    }
    return replace(Settings.from_environment(environment), testing=True, **changes)


def build_app(settings: Settings, **options: Any) -> Flask:
    """Make an application on an upgraded database."""
    app = create_app(settings, check_database=False, **options)
    app.test_client_class = PortalClient
    with app.app_context():
        upgrade()
    return app


def empty(app: Flask) -> None:
    """Remove every row but the built-in ones, and what was noted of the log."""
    from app.activity import heads
    from app.member_roles import builtin

    for name in (heads.FILE, heads.NEWEST):
        (app.config["SETTINGS"].instance_path / name).unlink(missing_ok=True)
    with app.app_context():
        with db.engine.begin() as connection, unguarded(connection):
            there = set(inspect(connection).get_table_names()) - KEPT
            for table in reversed(Model.metadata.sorted_tables):
                if table.name in there:
                    connection.execute(table.delete())
        builtin.mirror()
        db.session.commit()


@contextmanager
def unguarded(connection: Connection) -> Iterator[None]:
    """Let this transaction change and delete lines of the log, as somebody could who rules the
    database.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        yield
        connection.execute(text("SET LOCAL session_replication_role = origin"))
        return
    triggers = connection.execute(
        text(
            "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name LIKE"
            " 'activity%'"
        )
    ).all()
    for name, _sql in triggers:
        connection.execute(text(f"DROP TRIGGER {name}"))
    yield
    for _name, sql in triggers:
        connection.exec_driver_sql(sql)


@pytest.fixture(autouse=True)
def _push_request_context() -> None:
    """Leave requests to the client: pytest-flask would push one around every test."""


@pytest.fixture(scope="session")
def sqlite_app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    return build_app(settings_for(tmp_path_factory.mktemp("instance")))


@pytest.fixture
def app(sqlite_app: Flask) -> Iterator[Flask]:
    """The portal on SQLite, empty, with an application context pushed."""
    empty(sqlite_app)
    with sqlite_app.app_context():
        yield sqlite_app
        db.session.remove()


@pytest.fixture
def now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)


@pytest.fixture
def cast(app: Flask) -> Cast:
    return people.assemble()


@pytest.fixture
def client(app: Flask) -> PortalClient:
    made = app.test_client()
    assert isinstance(made, PortalClient)
    return made


@pytest.fixture
def as_(app: Flask) -> Callable[..., PortalClient]:
    """`as_(cast.tanaka)`: a browser in which somebody is signed in; `method="app"`: with that
    second factor.
    """

    def signed_in(who: Account, *, method: str = "password") -> PortalClient:
        made = app.test_client()
        assert isinstance(made, PortalClient)
        return made.sign_in(who, method=method)

    return signed_in


@pytest.fixture
def letters(app: Flask) -> Callable[..., list[Letter]]:
    """`letters("invite")`: the letters in the outbox, newest last."""

    def listed(kind: str | None = None, to: str | None = None) -> list[Letter]:
        db.session.expire_all()
        rows = db.session.scalars(select(Letter).order_by(Letter.id))
        return [
            row
            for row in rows
            if (kind is None or row.kind == kind) and (to is None or row.recipient == to)
        ]

    return listed


class Statements(list[str]):
    """The SQL statements of a block, transaction control left out."""


@pytest.fixture
def statements(app: Flask) -> Iterator[Callable[[], Statements]]:
    """`with` nothing: call it to get the statements since the last call."""
    seen = Statements()

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.startswith(("PRAGMA", "SAVEPOINT", "RELEASE", "BEGIN")):
            seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)

    def since() -> Statements:
        taken = Statements(seen)
        seen.clear()
        return taken

    yield since
    event.remove(db.engine, "before_cursor_execute", note)


@pytest.fixture(scope="session")
def postgres_app(shared_postgres_url: str, tmp_path_factory: pytest.TempPathFactory) -> Flask:
    return build_app(
        settings_for(tmp_path_factory.mktemp("instance"), database_url=shared_postgres_url)
    )


@pytest.fixture(params=["sqlite", "postgresql"])
def each_app(request: pytest.FixtureRequest) -> Iterator[Flask]:
    """The portal on SQLite, then on PostgreSQL: empty, with an application context pushed."""
    made: Flask = request.getfixturevalue(
        "sqlite_app" if request.param == "sqlite" else "postgres_app"
    )
    empty(made)
    with made.app_context():
        yield made
        db.session.remove()


def at_once(app: Flask, *verbs: Callable[[], Any]) -> list[Any]:
    """Run verbs at the same moment, each in a thread and a context of its own; return what each
    gave, or its refusal.
    """
    gate, results = Barrier(len(verbs)), [None] * len(verbs)

    def run(place: int, verb: Callable[[], Any]) -> None:
        with app.app_context():
            gate.wait()
            try:
                results[place] = verb()
            except Refusal as refusal:
                db.session.rollback()
                results[place] = refusal
            finally:
                db.session.remove()

    threads = [Thread(target=run, args=pair) for pair in enumerate(verbs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results
