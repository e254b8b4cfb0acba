"""Connections that others could read. `flask portal check` …"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from app.setup.connections import ensure_encrypted
from tests.conftest import settings_for

FAR = "postgresql+psycopg://meibo:x@db.example.com/meibo"


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"mail_server": "mail.example.com"}, "travel to mail.example.com in the clear"),
        ({"database_url": FAR}, "Nothing proves that db.example.com is the database server"),
        ({"database_url": f"{FAR}?sslmode=require"}, "Nothing proves that db.example.com"),
        (
            {"redis_url": "redis://redis.example.com/0"},
            "Redis at redis.example.com is not encrypted",
        ),
    ],
)
def test_names_what_crosses_a_network_in_the_clear(
    app: Flask, tmp_path: Path, changes: dict[str, Any], sentence: str
) -> None:
    """ASVS 12.3.1, 12.3.2, 12.3.4."""
    (complaint,) = ensure_encrypted(app, settings_for(tmp_path, **changes))
    assert sentence in complaint


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"mail_server": "mail.example.com", "mail_use_tls": True},
        {"mail_server": "mail.example.com", "mail_use_ssl": True},
        {"mail_server": "127.0.0.1"},
        {"database_url": f"{FAR}?sslmode=verify-full"},
        {"database_url": "postgresql+psycopg:///meibo?host=/run/postgresql"},
        {"database_url": "postgresql+psycopg://meibo@localhost/meibo"},
        {"redis_url": "rediss://redis.example.com/0"},
        {"redis_url": "redis://127.0.0.1:6379/0"},
        {"redis_url": "unix:///run/redis.sock"},
    ],
)
def test_is_content_with_encryption_and_with_this_machine(
    app: Flask, tmp_path: Path, changes: dict[str, Any]
) -> None:
    """ASVS 12.3.1, 12.3.3."""
    assert list(ensure_encrypted(app, settings_for(tmp_path, **changes))) == []
