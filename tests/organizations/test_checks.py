"""`flask portal check`: what a deployment must fix. It …"""
from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from app import create_app
from app.extensions import db
from app.kernel.clock import utcnow
from app.organizations import demo
from app.organizations.checks import complaints
from tests import factories
from tests.conftest import build_app, settings_for
from tests.servers import PostOffice

GOOD = {"portal_url": "https://members.example.com", "secret_key": secrets.token_urlsafe(48)}


@contextmanager
def deployment(folder: Path, office: PostOffice | None = None, *, upgraded: bool = True, **changes: Any) -> Iterator[Flask]:
    """A deployment on the public internet, sound but for the changes."""
    mail = {"mail_server": "127.0.0.1", "mail_port": office.port} if office else {}
    settings = settings_for(folder, **(GOOD | mail | changes))
    app = build_app(settings) if upgraded else create_app(settings, check_database=False)
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "instance"
    made.mkdir(mode=0o700)
    return made


def test_is_content_with_a_sound_deployment(folder: Path, smtp_server: PostOffice) -> None:
    """ASVS 13.4.2, 13.3.1."""
    with deployment(folder, smtp_server) as app:
        factories.platform_administrator(factories.account("root"))
        db.session.commit()
        assert complaints(app) == []
        answer = app.test_cli_runner().invoke(args=["portal", "check"])
        assert answer.exit_code == 0


@pytest.mark.parametrize(("changes", "sentence"), [
    ({"portal_url": "http://members.example.com"}, "not https"),
    ({"portal_url": "http://127.0.0.1:8080"}, "work on this machine only"),
    ({"secret_key": "short"}, "has 5 characters"),
    ({"secret_key": "x" * 64}, "looks like a default or a pattern"),
    ({"secret_key": "changeme" + secrets.token_urlsafe(48)}, "looks like a default or a pattern"),
    ({"secret_key_fallbacks": ("old",)}, "has 3 characters"),
    ({"web_workers": 9}, "SQLite serves"),
    ({"redis_url": "redis://127.0.0.1:1/0"}, "Redis cannot be reached"),
])
def test_names_what_must_be_fixed(folder: Path, smtp_server: PostOffice, changes: dict[str, Any], sentence: str) -> None:
    with deployment(folder, smtp_server, **changes) as app:
        assert any(sentence in one for one in complaints(app))


def test_ends_with_status_1_where_there_is_something(folder: Path, smtp_server: PostOffice) -> None:
    with deployment(folder, smtp_server) as app:
        answer = app.test_cli_runner().invoke(args=["portal", "check"])
        assert answer.exit_code == 1
        assert "There is no platform administrator" in answer.output


def test_sees_a_missing_mail_server(folder: Path) -> None:
    with deployment(folder) as app:
        assert any("no MAIL_SERVER" in one for one in complaints(app))


def test_sees_a_mail_server_that_is_down(folder: Path) -> None:
    with deployment(folder, mail_server="127.0.0.1", mail_port=1) as app:
        assert any("cannot be used" in one for one in complaints(app))


def test_sees_a_database_of_another_version(folder: Path, smtp_server: PostOffice) -> None:
    with deployment(folder, smtp_server, upgraded=False) as app:
        assert any("flask portal upgrade" in one for one in complaints(app))


def test_sees_what_others_of_the_machine_may_touch(folder: Path, smtp_server: PostOffice) -> None:
    folder.chmod(0o777)
    secret = folder / "secret_key"
    secret.write_text("x")
    secret.chmod(0o644)
    with deployment(folder, smtp_server) as app:
        found = "\n".join(complaints(app))
    assert "can write into" in found
    assert "can be read by other people" in found


def test_sees_debugging(folder: Path, smtp_server: PostOffice) -> None:
    """ASVS 13.4.2."""
    with deployment(folder, smtp_server) as app:
        app.debug = True
        assert any("Debugging is on" in one for one in complaints(app))


def test_sees_the_demo_on_the_internet(folder: Path, smtp_server: PostOffice) -> None:
    with deployment(folder, smtp_server) as app:
        demo.load(members=demo.FEWEST_MEMBERS, now=utcnow())
        db.session.commit()
        assert any("everybody knows their password" in one for one in complaints(app))
