"""Rows that the database does not keep: a 409 where somebody was faster, our mistake otherwise. It
…
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError

from app.extensions import db
from app.models import MemberRole, Membership, MemberType
from tests import cast as people
from tests.cast import Cast


def alike(cast: Cast) -> Any:
    return insert(Membership).values(
        account_id=cast.smith.id,
        organization_id=cast.aozora.id,
        type=MemberType.GENERAL,
        authorities=frozenset(),
        joined_at=datetime.now(UTC),
        suspended_reason="",
    )


def pointing_to_nothing(cast: Cast) -> Any:
    return insert(Membership).values(
        account_id=cast.smith.id,
        organization_id=999_999,
        type=MemberType.GENERAL,
        authorities=frozenset(),
        joined_at=datetime.now(UTC),
        suspended_reason="",
    )


def unfinished(cast: Cast) -> Any:
    return insert(MemberRole).values(
        organization_id=cast.aozora.id, name=None, name_key="x", created_at=datetime.now(UTC)
    )


@pytest.mark.parametrize(
    ("row", "status", "words"),
    [
        (alike, 409, "Someone else changed this first"),
        (pointing_to_nothing, 409, "Someone else changed this first"),
        (unfinished, 500, "Something went wrong on our side"),
    ],
)
def test_tells_a_collision_from_a_mistake(
    each_app: Flask, row: Any, status: int, words: str
) -> None:
    """ASVS 16.5.1: neither shows the database's words; only what two people at once bring about is
    called a conflict.
    """
    cast = people.assemble()
    with each_app.test_request_context("/profile/"):
        with pytest.raises(IntegrityError) as raised:
            db.session.execute(row(cast))
        body, answered = each_app.handle_user_exception(raised.value)  # type: ignore[misc]
        db.session.rollback()
    assert (answered, words in body) == (status, True)
    assert "constraint" not in body.lower()
