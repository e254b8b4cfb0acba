"""Settings: what the environment becomes. It …"""
from __future__ import annotations

from pathlib import Path

from config import Settings


def test_keeps_the_instance_folder_to_its_owner(tmp_path: Path) -> None:
    """Waiting letters hold links and codes, and on SQLite the database lies there too."""
    folder = tmp_path / "new" / "instance"
    Settings.from_environment({"INSTANCE_PATH": str(folder)})
    assert folder.stat().st_mode & 0o777 == 0o700
    assert (folder / "secret_key").stat().st_mode & 0o777 == 0o600
