"""Rate limits counted in the database, on SQLite and PostgreSQL. It …"""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from flask_limiter import Limiter
from limits import parse
from limits.storage import storage_from_string
from limits.strategies import FixedWindowRateLimiter
from sqlalchemy import select

from app.extensions import db
from app.http.rate_limit import Limit, TooManyTries
from app.http.rate_limit_storage import DatabaseStorage
from app.models import Rate
from tests.conftest import build_app, settings_for


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def limited_app(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Flask]:
    """The portal on each database."""
    changes = (
        {"database_url": request.getfixturevalue("postgres_url")}
        if request.param == "postgresql"
        else {}
    )
    app = build_app(settings_for(tmp_path_factory.mktemp("instance"), **changes))
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def storage(limited_app: Flask) -> Iterator[DatabaseStorage]:
    with limited_app.app_context():
        made = storage_from_string("database://")
        assert isinstance(made, DatabaseStorage)
        made.reset()
        yield made
        db.session.remove()


def test_counts_up_to_the_limit(storage: DatabaseStorage) -> None:
    limiter = FixedWindowRateLimiter(storage)
    assert [limiter.hit(parse("3 per minute"), "somebody") for _ in range(5)] == [
        True,
        True,
        True,
        False,
        False,
    ]
    assert limiter.hit(parse("3 per minute"), "somebody else")


def test_loses_no_count_among_threads(storage: DatabaseStorage, limited_app: Flask) -> None:
    def count(_number: int) -> int:
        with limited_app.app_context():
            return storage.incr("door", 60)

    with ThreadPoolExecutor(8) as pool:
        seen = list(pool.map(count, range(200)))
    assert sorted(seen) == list(range(1, 201))
    assert storage.get("door") == 200


def test_starts_again_when_the_window_is_over(storage: DatabaseStorage) -> None:
    assert [storage.incr("door", 1), storage.incr("door", 1)] == [1, 2]
    assert 0 < storage.get_expiry("door") - time.time() <= 1
    time.sleep(1.05)
    assert storage.get("door") == 0
    assert storage.incr("door", 60) == 1
    assert storage.get_expiry("door") - time.time() > 50


def test_forgets_when_told(storage: DatabaseStorage) -> None:
    storage.incr("door", 60)
    storage.clear("door")
    assert storage.get("door") == 0
    storage.incr("one", 60)
    storage.incr("two", 60)
    assert storage.reset() == 2


def test_leaves_the_requests_session_alone(storage: DatabaseStorage) -> None:
    db.session.add(Rate(key="mine", count=1, ends_at=datetime.now(UTC)))
    storage.incr("door", 60)
    assert db.session.new, "nothing was flushed"
    db.session.rollback()
    assert db.session.scalar(select(Rate).where(Rate.key == "mine")) is None
    assert storage.get("door") == 1


def test_counts_under_any_key(storage: DatabaseStorage) -> None:
    for key in ("x" * 5000, "with\x00nul", "名簿", ""):
        assert storage.incr(key, 60) == 1


@pytest.mark.parametrize("address", ["redis://127.0.0.1:{port}/0", "unix://{folder}/nobody.sock"])
def test_counts_in_the_database_while_redis_says_nothing(
    app: Flask,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    address: str,
) -> None:
    """ASVS 13.1.3, 16.5.2: a server that takes the connection and hangs, and one that is not there,
    keep nobody waiting.
    """
    with socket.create_server(("127.0.0.1", 0)) as silent:
        monkeypatch.setitem(
            app.config,
            "RATELIMIT_STORAGE_URI",
            address.format(port=silent.getsockname()[1], folder=tmp_path),
        )
        limit, begun = Limit("silence", "2 per hour"), time.monotonic()
        limit.hit("somebody")
        limit.hit("somebody")
        with pytest.raises(TooManyTries):
            limit.hit("somebody")
    assert time.monotonic() - begun < 15
    assert "does not answer" in caplog.text


def test_keeps_no_address(storage: DatabaseStorage) -> None:
    storage.incr("LIMITER/somebody@example.com", 60)
    assert "example" not in db.session.scalars(select(Rate.key)).one()


def test_is_what_flask_limiter_uses(limited_app: Flask, storage: DatabaseStorage) -> None:
    app = Flask(__name__)
    app.config |= {
        "SQLALCHEMY_DATABASE_URI": limited_app.config["SQLALCHEMY_DATABASE_URI"],
        "RATELIMIT_STORAGE_URI": "database://",
    }
    db.init_app(app)
    limiter = Limiter(lambda: "somebody", app=app)

    @app.get("/door")
    @limiter.limit("2 per minute")
    def door() -> str:
        return "open"

    with limited_app.app_context():
        db.session.remove()
    browser = app.test_client()
    assert [browser.get("/door").status_code for _ in range(3)] == [200, 200, 429]
    with app.app_context():
        db.engine.dispose()
