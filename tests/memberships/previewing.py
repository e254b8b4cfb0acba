"""The page that asks before a membership's edit is saved, as its tests press and read it."""

from __future__ import annotations

from typing import Any

from tests.conftest import PortalClient

ASKED = "Save these changes?"


def asked(client: PortalClient, path: str, typed: dict[str, Any], status: int = 200) -> str:
    """The page that a form is answered with."""
    answer = client.submit(path, typed)
    assert answer.status_code == status, answer.status_code
    return " ".join(answer.get_data(as_text=True).split())
