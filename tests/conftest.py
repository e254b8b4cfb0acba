"""Fixtures: a real application on a real database, the cast, browsers in which somebody signed in.

Here: what every test may ask for. Not here: servers (servers.py), rows (factories.py), portals,
people and the client that behaves like a browser (app.testing).
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Barrier
from typing import Any

import hypothesis
import pytest
from flask import Flask
from sqlalchemy import event, select

from app.extensions import db
from app.kernel.errors import Refusal
from app.models import Account, Letter
from app.testing.portals import build_app, empty, settings_for
from app.testing.portals import unguarded as unguarded
from tests import cast as people
from tests.cast import Cast
from tests.portal_client import PortalClient

hypothesis.settings.register_profile("busy machine", deadline=None)
hypothesis.settings.load_profile("busy machine")
ELSEWHERE = {"browser", "deploy", "scaffold"}
"""Rooms of tests whose work is done by processes of their own: measuring what is done in this one
would slow it down for nothing."""
pytest_plugins = ["tests.costs", "tests.forked", "tests.servers", "tests.living"]


LONGEST = ("browser", "jobs", "batches", "rest", "deploy", "scaffold", "migrations", "outbox")
"""Rooms with files that take longest: begun first, so that no worker waits for them at the end."""


def pytest_xdist_auto_num_workers() -> int:
    """One worker more than cores: tests wait for browsers, mail and other processes."""
    return (os.cpu_count() or 1) + 1


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.parent.name in ELSEWHERE:
            item.add_marker(pytest.mark.no_cover)
    order = {room: place for place, room in enumerate(LONGEST)}
    items.sort(key=lambda item: order.get(item.path.parent.name, len(order)))


@pytest.fixture(autouse=True)
def _push_request_context() -> None:
    """Leave requests to the client: pytest-flask would push one around every test."""


@pytest.fixture(scope="session")
def sqlite_app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    made = build_app(settings_for(tmp_path_factory.mktemp("instance")))
    with made.app_context():
        event.listen(db.engine, "checkout", _be_patient)
    return made


def _be_patient(connection: Any, *_rest: Any) -> None:
    """Let twenty writers at once finish on a machine that does much else: SQLite serves them in no
    order. Nobody waits for the disk, which need not survive a power cut.
    """
    connection.execute("PRAGMA busy_timeout=120000")
    connection.execute("PRAGMA synchronous=OFF")


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
    gave, or its refusal. What else a verb raises is raised here.
    """
    gate = Barrier(len(verbs))

    def run(verb: Callable[[], Any]) -> Any:
        with app.app_context():
            gate.wait()
            try:
                return verb()
            except Refusal as refusal:
                db.session.rollback()
                return refusal
            finally:
                db.session.remove()

    with ThreadPoolExecutor(len(verbs)) as threads:
        return list(threads.map(run, verbs))
