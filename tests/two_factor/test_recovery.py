"""Recovery codes. A code …"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime

import pytest
from flask import Flask
from sqlalchemy import select

from app.extensions import db
from app.models import Account, Activity, Letter, RecoveryCode
from app.two_factor import recovery
from tests import cast as people
from tests import factories
from tests.cast import Cast
from tests.conftest import at_once

Letters = Callable[..., list[Letter]]


def codes_of(who: Account, now: datetime) -> list[str]:
    codes = recovery.ensure_codes(who, None, now)
    db.session.commit()
    assert codes
    return codes


def use(who: Account, code: str, now: datetime) -> bool:
    done = recovery.use(who, code, now=now)
    db.session.commit()
    return done


def test_has_60_bits_and_is_one_of_ten(cast: Cast, now: datetime) -> None:
    """ASVS 6.5.2, 6.5.3, 6.6.3: made by the system's generator, long enough that guessing is
    hopeless.
    """
    codes = codes_of(cast.smith, now)
    assert len(set(codes)) == recovery.HOW_MANY == 10
    assert all(re.fullmatch(r"[0-9a-z]{4}-[0-9a-z]{4}-[0-9a-z]{4}", one) for one in codes)
    assert len(recovery.ALPHABET) ** 12 == 2**60
    assert not set("oil") & set(recovery.ALPHABET)


@pytest.mark.usefixtures("full_work")
def test_is_kept_as_a_salted_hash(cast: Cast, now: datetime) -> None:
    """ASVS 6.5.2: hashed with scrypt under a random salt of 128 bits; each account has its own."""
    assert recovery.WORK == {"n": 2**14, "r": 8, "p": 5}
    codes = codes_of(cast.smith, now) + codes_of(cast.tanaka, now)
    rows = db.session.scalars(select(RecoveryCode)).all()
    kept = {row.code_digest for row in rows} | {row.salt for row in rows}
    assert not kept & {*codes, *map(recovery.plain, codes)}
    assert len({row.salt for row in rows}) == 2
    assert {len(row.salt) for row in rows} == {32}


def test_is_made_once_for_an_account(cast: Cast, now: datetime) -> None:
    codes_of(cast.smith, now)
    assert recovery.ensure_codes(cast.smith, None, now) is None
    assert recovery.left(cast.smith) == 10


def test_works_once_and_tells_its_owner_how_many_are_left(
    cast: Cast, now: datetime, letters: Letters
) -> None:
    """ASVS 6.5.1, 6.3.7"""
    codes = factories.recovery_codes(cast.smith)
    assert use(cast.smith, codes[3], now)
    assert not use(cast.smith, codes[3], now)
    assert use(cast.smith, codes[4], now)
    assert recovery.left(cast.smith) == 8
    assert [
        "Recovery codes left: 9" in one.text or "Recovery codes left: 8" in one.text
        for one in letters("recovery_code_used")
    ] == [True, True]
    assert [one.details for one in db.session.scalars(select(Activity))] == [
        {"left": 9},
        {"left": 8},
    ]


@pytest.mark.parametrize(
    "write",
    [
        str.upper,
        lambda code: code.replace("-", ""),
        lambda code: code.replace("-", " "),
        lambda code: f"  {code} ",
        lambda code: code.replace("0", "o").replace("1", "l"),
        lambda code: "".join(chr(ord(one) + 0xFEE0) for one in code),
    ],
)
def test_is_taken_however_it_is_typed(
    cast: Cast, now: datetime, write: Callable[[str], str]
) -> None:
    assert use(cast.smith, write(factories.recovery_codes(cast.smith)[0]), now)


def test_does_not_open_another_account(cast: Cast, now: datetime) -> None:
    factories.recovery_codes(cast.smith)
    theirs = factories.recovery_codes(cast.tanaka)
    assert not use(cast.smith, theirs[0], now)
    assert not use(cast.suzuki, theirs[0], now), "who has none"
    for nonsense in ("", "-", "0000-0000-0000", "秘密", "x" * 500):
        assert not use(cast.smith, nonsense, now)


def test_dies_when_new_ones_are_made(cast: Cast, now: datetime, letters: Letters) -> None:
    """ASVS 6.3.7: and the owner is told."""
    old = factories.recovery_codes(cast.smith)
    new = recovery.make_anew(cast.smith, by=factories.seat(cast.smith.memberships[0]), now=now)
    db.session.commit()
    assert not use(cast.smith, old[0], now)
    assert use(cast.smith, new[0], now)
    assert letters("recovery_codes_made")


def test_of_many_at_once_with_one_code_one_gets_in(each_app: Flask, now: datetime) -> None:
    """ASVS 6.5.1, 15.4.2: on both databases."""
    smith = people.assemble().smith
    code, pk = factories.recovery_codes(smith)[0], smith.id
    results = at_once(each_app, *[lambda: use(db.session.get_one(Account, pk), code, now)] * 4)
    assert sorted(results) == [False, False, False, True]


def test_is_hashed_while_others_write(app: Flask, cast: Cast, now: datetime) -> None:
    """Ten hashes take a second or two, and on SQLite there is one writer at a time."""
    pk, writer = cast.smith.id, db.engine.connect()
    writer.exec_driver_sql("BEGIN IMMEDIATE")
    try:
        [made] = at_once(app, lambda: recovery.new_codes_if_none(db.session.get_one(Account, pk)))
    finally:
        writer.rollback()
        writer.close()
    assert recovery.ensure_codes(cast.smith, made, now) == made.codes
    assert recovery.new_codes_if_none(cast.smith) is None


def test_is_not_made_twice_at_once(each_app: Flask, now: datetime) -> None:
    """ASVS 15.4.2: an app and a passkey added at the same moment share ten codes."""
    pk = people.assemble().smith.id

    def make() -> bool:
        made = recovery.ensure_codes(db.session.get_one(Account, pk), None, now)
        db.session.commit()
        return made is not None

    assert sorted(at_once(each_app, make, make)) == [False, True]
    assert len(db.session.scalars(select(RecoveryCode)).all()) == 10
