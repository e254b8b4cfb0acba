"""What is sent twice has one effect: a double click, a form sent again. It …"""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app.extensions import db
from app.models import Activity
from tests.cast import Cast
from tests.conftest import at_once
from tests.screens.two_people import As

TWICE = [
    (
        "a member",
        "/o/aozora/members/add",
        {
            "family_name": "Hill",
            "email": "hill@new.example",
            "login_id": "hill",
            "language": "en",
            "type": "general",
            "preset": "custom",
            "authorities": ["user_viewer"],
        },
        "member_added",
    ),
    (
        "an existing account",
        "/o/aozora/members/existing",
        {
            "who": "newcomer",
            "type": "general",
            "preset": "custom",
            "authorities": ["user_viewer"],
        },
        "binding_added",
    ),
    (
        "a role",
        "/o/aozora/roles/add",
        {"name": "Night shift", "description": "", "authorities": ["user_viewer"]},
        "role_created",
    ),
    (
        "an invitation",
        "/o/aozora/invites/add",
        {
            "addresses": "guest@new.example",
            "language": "en",
            "type": "general",
            "preset": "custom",
            "authorities": ["user_viewer"],
        },
        "invite_sent",
    ),
]


@pytest.mark.parametrize(
    ("path", "data", "event"),
    [one[1:] for one in TWICE],
    ids=[one[0].replace(" ", "-") for one in TWICE],
)
def test_adds_once_what_is_sent_twice(
    cast: Cast, as_: As, path: str, data: dict[str, Any], event: str
) -> None:
    """Double click and resubmit: one effect; the second is told why it has none."""
    client = as_(cast.tanaka)
    assert client.submit(path, data).status_code == 302
    assert client.submit(path, data).status_code in (409, 422)
    assert len(db.session.scalars(select(Activity).where(Activity.event == event)).all()) == 1


@pytest.mark.parametrize(
    ("path", "data", "event"),
    [one[1:] for one in TWICE],
    ids=[one[0].replace(" ", "-") for one in TWICE],
)
def test_adds_once_what_is_sent_twice_at_once(
    cast: Cast, app: Flask, path: str, data: dict[str, Any], event: str
) -> None:
    clients = [app.test_client().sign_in(cast.tanaka) for _one in range(2)]
    tokens = [client.token() for client in clients]
    found = at_once(
        app,
        *(
            lambda client=client, token=token: (
                client.post(path, data=data | {"csrf_token": token}).status_code
            )
            for client, token in zip(clients, tokens, strict=True)
        ),
    )
    assert min(found) == 302
    assert max(found) in (409, 422)
    assert len(db.session.scalars(select(Activity).where(Activity.event == event)).all()) == 1
