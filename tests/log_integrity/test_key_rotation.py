"""A new SECRET_KEY, and a chain from before there were keys: what was sealed counts on, where a
sealed line says so (T2-91). It …
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask, current_app
from sqlalchemy import select, text

from app.extensions import db
from app.log_integrity import signing_keys
from app.log_integrity.chain_upgrades import begin_keys
from app.log_integrity.key_rotation import FORGED, KEYLESS, UNKNOWN_KEY
from app.models import Activity, ActivitySeal, Organization
from tests.log_integrity.chain import NOW, bare, tamper, verdict, write

OLD, NEW, NEWEST = (secrets.token_urlsafe(48) for _key in range(3))


@contextmanager
def secret(key: str, *fallbacks: str) -> Iterator[None]:
    """The portal, started again with another SECRET_KEY."""
    app: Any = current_app
    before = app.config["SETTINGS"]
    app.config["SETTINGS"] = replace(before, secret_key=key, secret_key_fallbacks=fallbacks)
    try:
        yield
    finally:
        app.config["SETTINGS"] = before


def flaws() -> list[tuple[str, int | str]]:
    return [(flaw.kind, bare(flaw.number)) for flaw in verdict().flaws]


def changes() -> list[dict[str, Any]]:
    lines = select(Activity).where(Activity.event == "log_key_changed").order_by(Activity.id)
    return [line.details for line in db.session.scalars(lines)]


def key_ids() -> list[str]:
    seals = select(ActivitySeal.key_id).order_by(ActivitySeal.sequence)
    return list(db.session.scalars(seals))


def keyless() -> None:
    """Take the chain back to what it was before there were keys."""
    tamper("UPDATE activity_seal SET key_id = '', signature = '', log_id = -1")


def test_has_a_key_that_the_database_does_not_hold(here: Organization) -> None:
    write(here)
    [seal] = db.session.scalars(select(ActivitySeal))
    with secret(OLD):
        assert not signing_keys.is_signed(seal, signing_keys.known())
        assert flaws() == [(UNKNOWN_KEY, 1)]
    assert len(seal.signature) == 64
    assert seal.key_id not in (current_app.config["SECRET_KEY"], "")


def test_signs_each_thing_that_a_seal_says(here: Organization) -> None:
    write(here, count=2)
    for column, value in (
        ("activity_id", "99"),
        ("organization_id", "NULL"),
        ("happened_at", "'2020-01-01 00:00:00+00:00'"),
        ("line_digest", "'x'"),
        ("chain", "'x'"),
        ("sequence", "7"),
    ):
        tamper(f"UPDATE activity_seal SET {column} = {value} WHERE sequence = 2")
        seal = db.session.execute(
            select(*ActivitySeal.__table__.columns).order_by(ActivitySeal.sequence.desc()).limit(1)
        ).one()
        assert not signing_keys.is_signed(seal, signing_keys.known()), column
        empty_again(here)


def empty_again(here: Organization) -> None:
    tamper("DELETE FROM activity_seal")
    tamper("DELETE FROM activity")
    write(here, count=2)


def test_says_in_the_log_that_the_key_changed(here: Organization) -> None:
    with secret(OLD):
        write(here, count=2)
    with secret(NEW, OLD):
        write(here)
        write(here)
        [said] = changes()
        assert (said["place"], said["proved"]) == (2, True)
        assert said["former"] == key_ids()[0] != key_ids()[2]
        assert len(set(key_ids())) == 2
        assert flaws() == []


def test_counts_on_after_the_old_key_is_gone(here: Organization) -> None:
    """The next key vouches for what it saw; what is changed since shows all the same."""
    with secret(OLD):
        write(here)
    with secret(NEW, OLD):
        write(here)
    with secret(NEWEST, NEW):
        line = write(here)[0].id
    with secret(NEWEST):
        assert flaws() == []
        write(here)
        assert flaws() == []
        first = select(ActivitySeal.activity_id).where(ActivitySeal.sequence == 1)
        tamper("UPDATE activity SET via = 'x' WHERE id = :id", id=db.session.scalar(first))
        assert [kind for kind, _number in flaws()] == ["line changed"]
    assert line


def test_counts_no_further_than_the_next_key_says(here: Organization) -> None:
    """Somebody who learned the old key adds nothing with it once it is gone."""
    with secret(OLD):
        write(here)
    with secret(NEW, OLD):
        write(here)
    with secret(OLD):
        write(here)
    with secret(NEW):
        places = [place for kind, place in flaws() if kind == UNKNOWN_KEY]
        assert places == [4, 5]
        write(here)
        assert [place for kind, place in flaws() if kind == UNKNOWN_KEY] == places


def test_goes_on_without_the_old_key_and_says_so(
    here: Organization, caplog: pytest.LogCaptureFixture
) -> None:
    """A portal whose SECRET_KEY is lost works; a head that was kept elsewhere vouches for the
    rest.
    """
    with secret(OLD):
        write(here, count=2)
        head = verdict().head
    with secret(NEW):
        write(here)
        assert "was not made with SECRET_KEY or its fallbacks" in caplog.text
        assert changes()[0]["proved"] is False
        assert flaws() == [(UNKNOWN_KEY, 1), (UNKNOWN_KEY, 2)]
        assert verdict(since=head).is_whole
    with secret(NEW, OLD):
        assert flaws() == [], "found again, the old key proves what it sealed"


def test_proves_nothing_across_a_seal_that_nobody_could_check(here: Organization) -> None:
    """A forged seal in the middle stays one when both keys around it are gone."""
    with secret(OLD):
        write(here)
        tamper("UPDATE activity_seal SET signature = :it", it="0" * 64)
        write(here)
        assert flaws() == [(FORGED, 1)]
    with secret(NEW, OLD):
        write(here)
    with secret(NEW):
        assert flaws() == [(UNKNOWN_KEY, 1)]


def test_verifies_a_chain_without_keys_up_to_the_line_where_they_begin(
    here: Organization,
) -> None:
    write(here, count=3)
    keyless()
    assert [kind for kind, _place in flaws()] == [KEYLESS] * 3
    for begun in (True, False):
        with db.engine.begin() as connection:
            assert begin_keys(connection, now=NOW) is begun
    assert changes() == [{"former": "", "place": 3, "head": changes()[0]["head"], "proved": True}]
    assert flaws() == []
    write(here)
    assert flaws() == []
    tamper("UPDATE activity_seal SET key_id = '', signature = '' WHERE log_id > 0")
    assert flaws() == [(KEYLESS, 1)]


def test_sees_what_is_changed_before_the_line_where_keys_begin(here: Organization) -> None:
    line = write(here, count=3)[1].id
    keyless()
    with db.engine.begin() as connection:
        begin_keys(connection, now=NOW)
    tamper("UPDATE activity SET via = 'x' WHERE id = :id", id=line)
    assert flaws() == [("line changed", line)]


def test_begins_nothing_in_a_chain_whose_keys_were_taken_away(here: Organization) -> None:
    """An upgrade does not bless what it finds while one seal has a key."""
    write(here, count=3)
    tamper("UPDATE activity_seal SET key_id = '', signature = '' WHERE sequence > 1")
    with db.engine.begin() as connection:
        assert not begin_keys(connection, now=NOW)
    write(here)
    assert flaws() == [(KEYLESS, 2), (KEYLESS, 3)]


def test_begins_in_an_empty_log_with_the_first_line(here: Organization, each_app: Flask) -> None:
    with db.engine.begin() as connection:
        assert not begin_keys(connection, now=NOW)
    write(here)
    assert (changes(), flaws()) == ([], [])
    assert db.session.scalar(text("SELECT count(*) FROM activity_seal")) == 1
