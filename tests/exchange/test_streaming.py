"""Thousands of members as a file, written while they are read. It …"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from sqlalchemy import select, text

from app.exchange import queries
from app.exchange import service as exporting
from app.exchange.writing import FORMATS
from app.extensions import db
from app.members.lists import FILE
from app.models import Account, Membership, MemberType
from tests import cast as people
from tests import factories
from tests.cast import Cast
from tests.conftest import PortalClient
from tests.exchange.conftest import everything, log, read


@pytest.fixture
def thousands(cast: Cast) -> int:
    """5,000 members more."""
    more = [
        Account(
            login_id=f"n{n}",
            email=f"n{n}@n.example",
            family_name="N",
            given_name=str(n),
            time_zone="UTC",
            password_hash="none",
            created_at=factories.NOW,
        )
        for n in range(5000)
    ]
    db.session.add_all(more)
    db.session.flush()
    db.session.add_all(
        [
            Membership(
                account_id=one.id,
                organization_id=cast.aozora.id,
                type=MemberType.GENERAL,
                joined_at=factories.NOW,
                sort_key=one.sort_key,
                email_key=one.email_key,
                account_suspended_at=None,
            )
            for one in more
        ]
    )
    db.session.commit()
    return 5000


def test_streams_thousands_with_a_few_statements_for_each_batch(
    tanaka: PortalClient, thousands: int, statements: Callable[[], list[str]]
) -> None:
    """B-02: nothing is read before it is asked for, and nothing is held between batches."""
    ids = queries.ids(select(Membership).order_by(Membership.id), Membership.id)
    pieces: Iterator[str] = exporting.some(FILE, ids, form=FORMATS["csv"], by=None)
    next(pieces)
    statements()
    for _batch in range(3):
        assert next(pieces).count("\r\n") == queries.BATCH
        assert len(statements()) <= 3
    db.session.execute(text("UPDATE organization SET latin_name = 'written meanwhile'"))
    db.session.commit()
    assert sum(piece.count("\r\n") for piece in pieces) == thousands + 5 - 3 * queries.BATCH, (
        "the cast as well"
    )
    answer = everything(tanaka, "q=n.example")
    assert answer.is_streamed
    assert len(read(answer)) == thousands
    assert log()[0].details["rows"] == thousands


def test_streams_from_either_database(each_app: Flask) -> None:
    cast = people.assemble()
    query = (
        select(Membership)
        .where(Membership.organization_id == cast.aozora.id)
        .order_by(Membership.id.desc())
    )
    ids = queries.ids(query, Membership.id)
    db.session.commit()
    told = "".join(exporting.some(FILE, ids, form=FORMATS["json"], by=None))
    assert [row["login_id"] for row in json.loads(told)] == ["sato", "smith", "suzuki", "tanaka"]


def test_ends_quietly_when_the_reader_goes(cast: Cast) -> None:
    ids = queries.ids(select(Membership), Membership.id)
    pieces = exporting.some(FILE, ids, form=FORMATS["csv"], by=None)
    next(pieces)
    next(pieces)
    pieces.close()  # type: ignore[attr-defined]
    db.session.execute(text("DELETE FROM membership"))
    db.session.commit()


def test_leaves_out_whoever_goes_meanwhile(cast: Cast) -> None:
    ids = queries.ids(select(Membership).order_by(Membership.id), Membership.id)
    pieces = exporting.some(FILE, ids, form=FORMATS["json"], by=None)
    db.session.delete(cast.membership(cast.smith))
    db.session.commit()
    told = "".join(pieces)
    assert "tanaka" in told
    assert "smith" not in told
