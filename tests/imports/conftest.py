"""What the tests of imports share: the header and the row of the acceptance files, reading and
checking in one call.

Here: fixtures and small words. Not here: people (cast.py), workbooks (books.py).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from flask import Flask

from app.access.seat import Seat
from app.extensions import db
from app.imports import checking, running
from app.imports.reading import Choices, Table, read
from app.imports.rows import Row, RowReader
from app.imports.verdicts import Mode, Verdict, Verdicts
from app.imports.vocabulary import vocabulary_of
from app.models import Account, Organization
from tests import factories
from tests.cast import Cast

H = "ログインID,メールアドレス,姓,名,ロール\r\n"
R = "hanako,hanako@aozora.example.jp,佐藤,花子,閲覧者\r\n"
E = "login_id,email,family_name,given_name"
MAY_ALL = Mode(removes=True, sets_passwords=True)


def j(text: str) -> bytes:
    """As Excel saves CSV on a Japanese Windows."""
    return text.encode("cp932")


@pytest.fixture
def asked(app: Flask) -> Iterator[None]:
    """A request in English."""
    with app.test_request_context():
        yield


class Reading:
    """Reads files of one organization."""

    def __init__(self, organization: Organization) -> None:
        self.organization = organization

    def table(self, data: bytes, **choices: Any) -> Table:
        return read(data, Choices(**choices))

    def rows(self, data: bytes, **choices: Any) -> list[Row]:
        words = vocabulary_of(self.organization)
        return list(RowReader(self.table(data, **choices), words).rows())

    def values(self, data: bytes, **choices: Any) -> list[dict[str, Any]]:
        """What each row says, roles by name."""
        found = [row.values for row in self.rows(data, **choices)]
        return [
            one | ({"roles": [role.name for role in one["roles"]]} if "roles" in one else {})
            for one in found
        ]


@pytest.fixture
def reading(cast: Cast, asked: None) -> Reading:
    return Reading(cast.aozora)


class Importing:
    """Checks and imports files, as somebody."""

    def __init__(self, organization: Organization, by: Seat, now: datetime) -> None:
        self.organization, self.by, self.now = organization, by, now

    def check(self, data: bytes | str, mode: Mode = MAY_ALL, **choices: Any) -> Verdicts:
        table = read(data.encode() if isinstance(data, str) else data, Choices(**choices))
        return checking.check(table, self.organization, mode=mode, by=self.by, now=self.now)

    def run(self, data: bytes | str, mode: Mode = MAY_ALL, **more: Any) -> running.Result:
        table = read(data.encode() if isinstance(data, str) else data)
        done = running.run(table, self.organization, mode=mode, by=self.by, now=self.now, **more)
        db.session.commit()
        db.session.expire_all()
        return done

    def as_(self, who: Account) -> Importing:
        return Importing(self.organization, seat_of(who, self.organization), self.now)


def seat_of(who: Account, where: Organization) -> Seat:
    return factories.seat(next(one for one in who.memberships if one.organization_id == where.id))


@pytest.fixture
def importing(cast: Cast, now: datetime, asked: None) -> Importing:
    """As Tanaka, the power user of aozora."""
    return Importing(cast.aozora, seat_of(cast.tanaka, cast.aozora), now)


def outcomes(verdicts: Verdicts) -> list[str]:
    return [str(one.outcome) for one in verdicts.rows]


def told(verdict: Verdict) -> list[tuple[str, str]]:
    """The column and the name of each problem."""
    return [(one.column, one.code) for one in verdict.problems]


def warned(verdict: Verdict) -> list[str]:
    return [one.code for one in verdict.warnings]
