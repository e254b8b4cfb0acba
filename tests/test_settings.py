"""Settings: what the environment becomes. It …"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

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
    ],
)
def test_refuses_what_it_cannot_use_with_a_sentence(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(SettingError, match=rf"^{name} .*\.$"):
        Settings.from_environment({"INSTANCE_PATH": str(tmp_path), name: value})
