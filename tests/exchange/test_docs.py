"""docs/exporting.md. It …"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask import Flask

from app.activity_log.lists import ACTIVITY as LOG
from app.bindings.lists import BINDINGS
from app.exchange.files import File
from app.invites.lists import INVITES
from app.kernel.i18n import in_language
from app.member_roles.lists import ROLES
from app.members.lists import FILE as MEMBERS

FILES = (MEMBERS, INVITES.file, BINDINGS.file, ROLES.file, LOG.file)
TEXT = (Path(__file__).resolve().parents[2] / "docs" / "exporting.md").read_text()
HEADINGS = {
    "members": "Members",
    "invitations": "Invitations",
    "bindings": "People who join at the next sign-in",
    "roles": "Roles",
    "activity": "Activity log",
}


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_names_every_column_in_the_order_of_the_file(app: Flask, file: File) -> None:
    """R13: the help walks the same tuple."""
    section = TEXT.split(f"\n## {HEADINGS[file.name]}\n")[1].split("\n## ")[0]
    with in_language("en"):
        columns = [(column.key, str(column.label)) for column in file.columns]
    assert re.findall(r"^\| `(\w+)` \| ([^|]+?) \|", section, re.M) == columns


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_has_keys_that_programs_can_name(file: File) -> None:
    keys = [column.key for column in file.columns]
    assert len(set(keys)) == len(keys)
    assert all(re.fullmatch(r"[a-z_]+", key) for key in keys)
