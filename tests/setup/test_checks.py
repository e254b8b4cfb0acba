"""`flask portal check`: what a deployment must fix, one sentence each. It …"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask_appbuilder.security.sqla.models import Role

from app import create_app
from app.demo import service as demo
from app.extensions import db
from app.kernel.clock import utcnow
from tests import factories
from tests.cast import Cast
from tests.conftest import settings_for
from tests.servers import LOOPBACK, PostOffice

SOUND = {
    "portal_url": "https://members.example.com",
    "secret_key": secrets.token_urlsafe(48),
    "mail_server": LOOPBACK,
}
Check = Callable[..., list[str]]


def said(app: Flask) -> list[str]:
    """The complaints, for which the command fails."""
    db.session.commit()
    answer = app.test_cli_runner().invoke(args=["portal", "check"])
    assert (answer.exit_code, answer.stdout) == (
        (1, "") if answer.stderr else (0, "Everything is in order.\n")
    )
    assert all(line.startswith("- ") for line in answer.stderr.splitlines())
    return answer.stderr.splitlines()


@pytest.fixture
def check(app: Flask, monkeypatch: pytest.MonkeyPatch, smtp_server: PostOffice) -> Check:
    """`check(web_workers=5)`: the complaints about a deployment on the public internet that is
    sound but for this.
    """

    def checked(**changes: Any) -> list[str]:
        settings = replace(
            app.config["SETTINGS"], **(SOUND | {"mail_port": smtp_server.port} | changes)
        )
        monkeypatch.setitem(app.config, "SETTINGS", settings)
        monkeypatch.setattr(app.extensions["mail"], "port", settings.mail_port)
        return said(app)

    return checked


def test_is_content_with_a_sound_deployment(check: Check, cast: Cast) -> None:
    """ASVS 13.4.2, 13.3.1."""
    assert check() == []


def test_is_content_with_a_secret_of_ten_different_characters(check: Check, cast: Cast) -> None:
    assert check(secret_key="abcdefghij" * 4) == []


def test_names_everything_at_once(app: Flask) -> None:
    found = "\n".join(said(app))
    for words in (
        "PORTAL_URL is http://localhost",
        "SECRET_KEY has 19 characters",
        "There is no MAIL_SERVER",
        "There is no platform administrator",
    ):
        assert words in found


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"portal_url": "http://members.example.com"}, "PORTAL_URL is not https"),
        ({"portal_url": "http://127.0.0.1:8080"}, "work on this machine only"),
        ({"secret_key": "short"}, "SECRET_KEY has 5 characters."),
        ({"secret_key": "x" * 64}, "looks like a default or a pattern"),
        (
            {"secret_key": "changeme" + secrets.token_urlsafe(48)},
            "looks like a default or a pattern",
        ),
        ({"secret_key": "abcdefghi" * 4}, "looks like a default or a pattern"),
        ({"secret_key_fallbacks": ("old",)}, "has 3 characters"),
        ({"web_workers": 5}, "SQLite serves 4 web workers well, not 5."),
        ({"mail_server": None}, "There is no MAIL_SERVER"),
        ({"mail_port": 1}, "The mail server 127.0.0.1 cannot be used:"),
    ],
)
def test_names_what_must_be_fixed_and_nothing_else(
    check: Check, cast: Cast, changes: dict[str, Any], sentence: str
) -> None:
    [complaint] = check(**changes)
    assert sentence in complaint


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({}, "flask portal upgrade"),
        ({"database_url": "postgresql+psycopg://127.0.0.1:1/x"}, "database cannot be reached"),
        ({"redis_url": "redis://127.0.0.1:1/0"}, "Redis cannot be reached"),
    ],
)
def test_sees_what_it_is_started_with(
    tmp_path: Path, changes: dict[str, Any], sentence: str
) -> None:
    """A database of another version or that is down, a Redis that is down."""
    portal = create_app(
        settings_for(tmp_path, **(SOUND | {"mail_port": 1} | changes)), check_database=False
    )
    with portal.app_context():
        assert any(sentence in one for one in said(portal))
        db.session.remove()
        db.engine.dispose()


def test_sees_what_others_of_the_machine_may_touch(
    check: Check, cast: Cast, tmp_path: Path
) -> None:
    """T2-97: the folder, and each file in it."""
    secret = tmp_path / "secret_key"
    secret.write_text("x" * 48)
    secret.chmod(0o644)
    tmp_path.chmod(0o755)
    folder, file = check(instance_path=tmp_path)
    assert f"Other users of this machine can read {tmp_path}, which holds the database" in folder
    assert f"Run: chmod go= {tmp_path}" in folder
    assert f"{secret} can be read by other people of this machine. Run: chmod 600 {secret}" in file
    secret.chmod(0o600)
    tmp_path.chmod(0o700)
    assert check(instance_path=tmp_path) == []


def test_sees_debugging(
    check: Check, cast: Cast, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """ASVS 13.4.2."""
    monkeypatch.setitem(app.config, "DEBUG", True)
    [complaint] = check()
    assert "Debugging is on" in complaint


def test_sees_the_demo_on_the_internet(check: Check) -> None:
    demo.load(members=demo.FEWEST_MEMBERS, now=utcnow())
    assert any(
        "The demo’s people can sign in, and everybody knows their password." in one
        for one in check()
    )


def test_asks_for_somebody_who_can_administer(check: Check) -> None:
    """A suspended one is none, nor one with another role."""
    guest = factories.account("guest")
    guest.roles.append(Role(id=-1, name="Public"))
    factories.platform_administrator(factories.account("boss", suspended_at=factories.NOW))
    [complaint] = check()
    assert "There is no platform administrator." in complaint
