"""A chain for each organization and one for the platform. It …"""

from __future__ import annotations

from datetime import datetime

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import OperationalError

from app.extensions import db
from app.log_integrity import chain_upgrades, checkpoints, head_files, reporting, signing_keys
from app.log_integrity.chains import COMMON, PLATFORM, overall
from app.log_integrity.key_rotation import UNKNOWN_KEY
from app.log_integrity.serialization import START
from app.log_integrity.verification import HEAD, MISSING, SEAL_CHANGED, verify
from app.models import Activity, ActivitySeal, Organization
from tests import factories
from tests.log_integrity.chain import NOW, tamper, verdict, write
from tests.log_integrity.test_key_rotation import NEW, OLD, secret


def ends() -> dict[int, int]:
    return {log_id: place for log_id, (place, _chain) in verdict().heads.items()}


def flaws() -> list[tuple[str, int | str]]:
    return [(flaw.kind, flaw.number) for flaw in verdict().flaws]


@pytest.fixture
def there(here: Organization) -> Organization:
    made = factories.organization("minato")
    db.session.commit()
    return made


def test_chains_each_organization_by_itself(here: Organization, there: Organization) -> None:
    for where, count in ((here, 3), (there, 2), (None, 1), (here, 1)):
        write(where, count=count)
    assert ends() == {here.id: 4, there.id: 2, PLATFORM: 1}
    assert verdict().is_whole
    assert verdict().head == overall(verdict().heads)


@pytest.mark.parametrize("each_app", ["postgresql"], indirect=True)
def test_lets_others_write_meanwhile(here: Organization, there: Organization) -> None:
    """On PostgreSQL a chain is locked until its transaction ends, and no other is; SQLite has one
    writer at a time.
    """
    with db.engine.connect() as writer:
        writer.execute(text("SELECT last_activity_seal(:log)"), {"log": here.id})
        for where in (there, None):
            db.session.execute(text("SET LOCAL lock_timeout = '1s'"))
            write(where)
        db.session.execute(text("SET LOCAL lock_timeout = '200ms'"))
        with pytest.raises(OperationalError, match="lock timeout"):
            write(here)
        db.session.rollback()
    assert ends() == {there.id: 1, PLATFORM: 1}


def test_names_a_seal_that_was_moved_to_another_chain(
    here: Organization, there: Organization
) -> None:
    write(here, count=2)
    write(there)
    tamper("UPDATE activity_seal SET log_id = 0 WHERE log_id = :there", there=there.id)
    assert flaws() == [(SEAL_CHANGED, "0:1")]
    tamper("UPDATE activity_seal SET log_id = :it WHERE log_id = 0", it=there.id)
    tamper("UPDATE activity_seal SET log_id = -1 WHERE log_id = :it AND sequence = 2", it=here.id)
    assert (SEAL_CHANGED, "-1:2") in flaws()


def test_goes_on_from_the_common_chain_of_before(here: Organization, there: Organization) -> None:
    """Old lines stay as they were sealed; every new chain begins with the line that says so."""
    lines = [*write(here, count=3), *write(there, count=2)]
    tamper("DELETE FROM activity_seal")
    for divided in (True, False):
        with db.engine.begin() as connection:
            chain_upgrades.seal_from_before(connection)
            assert chain_upgrades.divide(connection, now=NOW) is divided
    assert ends() == {COMMON: 6}
    write(here)
    write(None)
    assert (ends(), flaws()) == ({COMMON: 6, here.id: 1, PLATFORM: 1}, [])
    tamper("UPDATE activity SET via = 'x' WHERE id = :id", id=lines[0].id)
    assert [kind for kind, _number in flaws()] == ["line changed"]


def test_misses_the_end_of_the_common_chain(here: Organization) -> None:
    """It was cut off with the line that divided it: what begins with that does not fit any more."""
    write(here, count=3)
    tamper("DELETE FROM activity_seal")
    with db.engine.begin() as connection:
        chain_upgrades.seal_from_before(connection)
        chain_upgrades.divide(connection, now=NOW)
    write(here)
    tamper("DELETE FROM activity WHERE event = 'log_divided'")
    assert [kind for kind, _number in flaws()] == [MISSING, SEAL_CHANGED]
    tamper("DELETE FROM activity_seal WHERE log_id = -1 AND sequence = 4")
    assert flaws() == [(SEAL_CHANGED, f"{here.id}:1")]


def test_misses_a_chain_that_was_taken_away_whole(
    here: Organization, there: Organization, now: datetime
) -> None:
    for where in (here, there):
        write(where)
    assert checkpoints.record_hourly(now)
    known = checkpoints.recorded()
    tamper("DELETE FROM activity WHERE organization_id = :it", it=there.id)
    tamper("DELETE FROM activity_seal WHERE log_id = :it", it=there.id)
    with db.engine.connect() as connection:
        found = verify(connection, keys=signing_keys.known(), noted=known)
    assert [(one.kind, one.number) for one in found.flaws] == [(HEAD, known[there.id, 1])]


def test_knows_one_head_over_all_again(
    here: Organization, there: Organization, now: datetime
) -> None:
    """`--since` with the head that was printed: as all chains stood then."""
    for where in (here, there):
        write(where, count=2)
    head = reporting.verdict(now=now).head
    write(here)
    write(None)
    assert reporting.verdict(now=now).head != head
    assert len(head_files.at(head) or {}) == 2
    assert reporting.verdict(now=now, since=head).is_whole
    assert not reporting.verdict(now=now, since="f" * 64).is_whole
    last = select(Activity.id).order_by(Activity.id.desc()).limit(1)
    assert db.session.scalar(last)
    tamper("DELETE FROM activity_seal WHERE log_id = :it AND sequence = 2", it=there.id)
    assert not reporting.verdict(now=now, since=head).is_whole


def test_tells_of_another_key_in_every_chain_at_an_upgrade(
    here: Organization, there: Organization
) -> None:
    """An organization in which nothing happens keeps the former key from being taken out no
    longer than that.
    """
    with secret(OLD):
        for where in (here, there, None):
            write(where)
    with secret(NEW, OLD), db.engine.begin() as connection:
        assert chain_upgrades.change_keys(connection, now=NOW) == 3
        assert chain_upgrades.change_keys(connection, now=NOW) == 0
    with secret(NEW):
        assert flaws() == []
        told = select(Activity.organization_id).where(Activity.event == "log_key_changed")
        assert set(db.session.scalars(told)) == {here.id, there.id, None}
        write(here)
        assert flaws() == []
    with secret("another, of which nobody told"):
        assert {kind for kind, _number in flaws()} == {UNKNOWN_KEY}


def test_begins_with_nothing_in_a_new_portal(here: Organization, each_app: Flask) -> None:
    with db.engine.begin() as connection:
        assert not chain_upgrades.divide(connection, now=NOW)
    write(here)
    assert db.session.scalars(select(ActivitySeal)).one().chain != START
    assert flaws() == []
