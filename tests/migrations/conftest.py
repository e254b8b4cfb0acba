"""Fixtures of the migrations' tests: databases as they stand after some steps, on SQLite, then on
PostgreSQL. The steps run once; then a copy is put back.

Here: which moments tests begin at. Not here: copying (databases.py).
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from app.demo import service as demo
from app.extensions import db
from app.kernel.clock import utcnow
from app.upgrade import upgrade
from tests.migrations.databases import Database, OnPostgres, OnSqlite


@pytest.fixture(scope="session")
def on_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Database:
    return OnSqlite(tmp_path_factory.mktemp("migrated"))


@pytest.fixture(scope="session")
def on_postgresql(postgres_server: str, tmp_path_factory: pytest.TempPathFactory) -> Database:
    return OnPostgres(tmp_path_factory.mktemp("migrated"), postgres_server)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def database(request: pytest.FixtureRequest) -> Iterator[Database]:
    """A portal's database that a test may leave as it likes; an application context is pushed."""
    there: Database = request.getfixturevalue(f"on_{request.param}")
    with there.app.app_context():
        yield there
        there.close()


@pytest.fixture
def fresh(database: Database) -> Flask:
    """A portal whose database no migration has touched."""
    database.begin()
    return database.app


@pytest.fixture
def upgraded(database: Database) -> Flask:
    """A portal on an upgraded database."""
    database.begin(upgrade)
    return database.app


def load_demo() -> None:
    demo.load(members=demo.FEWEST_MEMBERS, now=utcnow())
    db.session.commit()


@pytest.fixture
def with_demo(database: Database) -> Flask:
    """A portal on an upgraded database, with the demo inside."""
    database.begin(upgrade, load_demo)
    return database.app
