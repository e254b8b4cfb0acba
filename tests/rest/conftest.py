"""Keys and calls for the API's tests.

Here: issuing a key, and calling with it. Not here: what single endpoints do.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from app.access.authorities import everything
from app.api_keys import service as api_keys
from app.extensions import db
from app.models import Account, Membership, PortalKey
from tests import factories
from tests.cast import Cast


class Caller:
    """A program with a key."""

    def __init__(self, app: Flask, secret: str, key: PortalKey | None = None) -> None:
        self.client, self.secret, self.key = app.test_client(use_cookies=False), secret, key

    def __call__(
        self, method: str, path: str, *, headers: dict[str, str] | None = None, **more: Any
    ) -> TestResponse:
        return self.client.open(
            f"/api/v1{path}",
            method=method,
            headers={"Authorization": f"Bearer {self.secret}"} | (headers or {}),
            **more,
        )


Give = Callable[..., Caller]


def issued(who: Membership, scopes: Iterable[str], **more: Any) -> tuple[PortalKey, str]:
    """Issue a key for a member, as they would themselves."""
    key, secret = api_keys.issue(
        who,
        name="Tests",
        scopes=scopes,
        by=factories.seat(who),
        now=more.pop("now", datetime.now(UTC)),
        **more,
    )
    db.session.commit()
    return key, secret


@pytest.fixture
def with_key(app: Flask, cast: Cast) -> Give:
    """`with_key(cast.tanaka, "user_viewer")`: a program with a key of somebody, limited to these
    authorities, else to all the holder has.
    """

    def give(who: Account, *scopes: str, **more: Any) -> Caller:
        own = cast.membership(who)
        held = everything() if own.is_power else own.authorities
        key, secret = issued(own, scopes or held, **more)
        return Caller(app, secret, key)

    return give


def code(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.get_json()["error"]
