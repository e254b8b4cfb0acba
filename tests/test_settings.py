"""Settings: what the environment becomes. It …"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from app.outbox.message import sender_address
from config import SettingError, Settings


def test_keeps_the_instance_folder_to_its_owner(tmp_path: Path) -> None:
    """Waiting letters hold links and codes, and on SQLite the database lies there too."""
    folder = tmp_path / "new" / "instance"
    Settings.from_environment({"INSTANCE_PATH": str(folder)})
    assert folder.stat().st_mode & 0o777 == 0o700
    assert (folder / "secret_key").stat().st_mode & 0o777 == 0o600


def test_gives_processes_that_start_at_once_the_same_secret(tmp_path: Path) -> None:
    with ThreadPoolExecutor(16) as several:
        secrets = set(
            several.map(
                lambda _turn: (
                    Settings.from_environment({"INSTANCE_PATH": str(tmp_path)}).secret_key
                ),
                range(64),
            )
        )
    assert len(secrets) == 1
    assert len(secrets.pop()) >= 32
    assert [path.name for path in tmp_path.iterdir()] == ["secret_key"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "meibo"),
        ("DATABASE_URL", "mysql://localhost/meibo"),
        ("DATABASE_URL", "postgresql://localhost:port/meibo"),
        ("PORTAL_URL", "localhost:8080"),
        ("PORTAL_URL", "http://[localhost"),
        ("PORTAL_URL", "http://localhost:port"),
        ("PORTAL_URL", "http://localhost:70000"),
        ("PORTAL_URL", "http://localhost/meibo"),
        ("PORTAL_URL", "https://members.example.com"),
        ("PORT", "http"),
        ("PORT", "²"),
        ("WEB_WORKERS", "-1"),
        ("REDIS_URL", "memory://"),
        ("INSTANCE_PATH", "/dev/null/x"),  # T2-04
        ("PORTAL_URL", "https://会員.example.jp"),
        # T2-05
        ("MAIL_DEFAULT_SENDER", "Meibo, Inc. <meibo@example.com>"),
        ("MAIL_DEFAULT_SENDER", "Meibo"),
        ("MAIL_DEFAULT_SENDER", "meibo@"),
        ("MAIL_DEFAULT_SENDER", "@example.com"),
        ("MAIL_DEFAULT_SENDER", "Meibo <meibo@example.com"),
        ("MAIL_DEFAULT_SENDER", "名簿 <meibo@例え.jp>"),
        ("MAIL_DEFAULT_SENDER", "a@b@example.com"),
        ("MAIL_DEFAULT_SENDER", "meibo@example..com"),
    ],
)
def test_refuses_what_it_cannot_use_with_a_sentence(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(SettingError, match=rf"^{name} .*\.$"):
        Settings.from_environment({"INSTANCE_PATH": str(tmp_path), name: value})


@pytest.mark.parametrize(
    "sender",
    [
        "meibo@example.com",
        "Meibo <meibo@example.com>",
        '"Meibo, Inc." <meibo@example.com>',
        "名簿 <meibo@xn--r8jz45g.jp>",
    ],
)
def test_takes_a_sender_that_mail_programs_read(tmp_path: Path, sender: str) -> None:
    """T2-05."""
    read = Settings.from_environment(
        {"INSTANCE_PATH": str(tmp_path), "MAIL_DEFAULT_SENDER": sender}
    )
    assert sender_address(read.mail_sender).addr_spec in sender


def test_says_how_a_name_with_a_comma_is_written(tmp_path: Path) -> None:
    """T2-05: what to write stands in the sentence."""
    environment = {"INSTANCE_PATH": str(tmp_path)}
    with pytest.raises(SettingError) as refused:
        Settings.from_environment(
            environment | {"MAIL_DEFAULT_SENDER": "Meibo, Inc. <meibo@example.com>"}
        )
    assert '"Meibo, Inc." <meibo@example.com>' in str(refused.value)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"SECRET_KEY": "short"}, "SECRET_KEY has 5 characters"),
        ({"FLASK_DEBUG": "1"}, "FLASK_DEBUG shows"),
    ],
)
def test_refuses_off_this_machine_what_gives_the_portal_away(
    tmp_path: Path, changes: dict[str, str], sentence: str
) -> None:
    """T2-98."""
    environment = {"INSTANCE_PATH": str(tmp_path), "MAIL_SERVER": "smtp.example.com", **changes}
    Settings.from_environment(environment)
    with pytest.raises(SettingError, match=sentence):
        Settings.from_environment(environment | {"PORTAL_URL": "https://members.example.com"})
