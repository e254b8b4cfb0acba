"""What somebody does to the log who rules the database and has no key (T2-91). It is named by
verifying, on both databases, whatever they seal themselves. It …
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, delete, insert, select, text, update
from sqlalchemy.exc import DBAPIError

from app.activity import events
from app.extensions import db
from app.log_integrity.key_rotation import FORGED, KEYLESS, UNKNOWN_KEY
from app.log_integrity.serialization import COLUMNS, START, chained, digest, facts
from app.log_integrity.verification import (
    CHANGED,
    MISSING,
    PRUNING,
    SEAL_CHANGED,
    SEAL_MISSING,
    UNSEALED,
)
from app.models import Activity, ActivityPruning, ActivitySeal, Organization
from tests import factories
from tests.conftest import unguarded
from tests.log_integrity.chain import NOW, bare, tamper, verdict, write

Found = list[tuple[str, int | str]]


def flaws() -> Found:
    return [(flaw.kind, bare(flaw.number)) for flaw in verdict().flaws]


def forged_line(connection: Connection, **values: Any) -> int:
    line = {"happened_at": NOW, "event": "signed_out", "actor_name": "forged", "details": {}}
    line |= {"as_platform": False, "subject_name": "", "via": ""} | values
    return connection.execute(insert(Activity).values(line).returning(Activity.id)).scalar_one()


def seal_again(connection: Connection, **more: Any) -> None:
    """Chain every line anew, as the manual describes it; signatures stay where there were any."""
    former = {row.activity_id: row for row in connection.execute(select(ActivitySeal))}
    columns = Activity.__table__.columns
    rows = connection.execute(select(*columns).order_by(Activity.id)).all()
    connection.execute(delete(ActivitySeal))
    key_id = next((one.key_id for one in former.values() if one.key_id), "0" * 16)
    ends: dict[int, tuple[int, str]] = {}
    for row in rows:
        line = dict(zip(COLUMNS, row, strict=True))
        line_digest, log_id = digest(facts(line)), line["organization_id"] or 0
        place, chain = ends.get(log_id, (0, START))
        chain = chained(chain, line_digest, line["organization_id"], line["happened_at"])
        ends[log_id] = place + 1, chain
        signed = former.get(line["id"])
        seal: dict[str, Any] = {
            "log_id": log_id,
            "sequence": place + 1,
            "activity_id": line["id"],
            "organization_id": line["organization_id"],
            "happened_at": line["happened_at"],
            "line_digest": line_digest,
            "chain": chain,
            "key_id": signed.key_id if signed else key_id,
            "signature": signed.signature if signed else "0" * 64,
        }
        connection.execute(insert(ActivitySeal).values(seal | more))


def attack(*statements: Any, **more: Any) -> None:
    """Change lines past the triggers, then chain everything anew."""
    db.session.commit()
    with db.engine.begin() as connection, unguarded(connection):
        for statement in statements:
            connection.execute(statement)
        seal_again(connection, **more)


def test_names_an_inserted_line(here: Organization) -> None:
    write(here, count=2)
    with db.engine.begin() as connection:
        line = forged_line(connection, organization_id=here.id)
    assert flaws() == [(UNSEALED, line)]
    attack()
    assert flaws() == [(FORGED, 3)]
    write(here)
    assert flaws() == [(FORGED, 3)], "a line that is written afterwards hides nothing"


def test_names_a_changed_line_and_all_that_was_sealed_on_it(here: Organization) -> None:
    line = write(here, count=3)[1].id
    attack(update(Activity).where(Activity.id == line).values(actor_name="forged"))
    assert flaws() == [(FORGED, 2), (FORGED, 3)]


def test_names_a_deleted_line(here: Organization) -> None:
    line = write(here, count=3)[1].id
    attack(delete(Activity).where(Activity.id == line))
    assert flaws() == [(FORGED, 2)]


def test_names_two_lines_that_changed_places(here: Organization) -> None:
    one, other, _last = (line.id for line in write(here, count=3))
    for line, reason in ((one, "休職 1"), (other, "休職 0")):
        attack_line = update(Activity).where(Activity.id == line)
        with db.engine.begin() as connection, unguarded(connection):
            connection.execute(attack_line.values(details={"reason": reason}))
    assert flaws() == [(CHANGED, one), (CHANGED, other)]


def test_names_two_seals_that_changed_places(here: Organization) -> None:
    write(here, count=3)
    for former, later in ((1, 9), (2, 1), (9, 2)):
        tamper(
            "UPDATE activity_seal SET sequence = :later WHERE sequence = :former",
            former=former,
            later=later,
        )
    assert flaws() == [(SEAL_CHANGED, 1), (SEAL_CHANGED, 2), (SEAL_CHANGED, 3)]


def test_names_a_line_that_was_copied_to_another_log(here: Organization) -> None:
    elsewhere, line = factories.organization("minato"), write(here)[0].id
    write(here)
    names = ", ".join(name for name in COLUMNS if name not in ("id", "organization_id"))
    tamper(
        f"INSERT INTO activity (organization_id, {names}) SELECT :other, {names} FROM activity"
        " WHERE id = :id",
        other=elsewhere.id,
        id=line,
    )
    [(kind, copy)] = flaws()
    assert kind == UNSEALED
    tamper(
        "INSERT INTO activity_seal (sequence, activity_id, organization_id, happened_at,"
        " line_digest, chain, key_id, signature, log_id) SELECT 3, :copy, :other, happened_at,"
        " line_digest, chain, key_id, signature, log_id FROM activity_seal WHERE sequence = 1",
        copy=copy,
        other=elsewhere.id,
    )
    assert flaws() == [(SEAL_CHANGED, 3), (CHANGED, copy)]


def test_names_seals_that_a_key_of_their_own_made(here: Organization) -> None:
    """Neither another key nor none: only a line that is sealed says where keys begin or change."""
    write(here, count=2)
    attack(update(Activity).values(actor_name="forged"), key_id="f" * 16, signature="0" * 64)
    assert flaws() == [(UNKNOWN_KEY, 1), (UNKNOWN_KEY, 2)]
    write(here)
    assert flaws() == [(UNKNOWN_KEY, 1), (UNKNOWN_KEY, 2)]
    attack(key_id="", signature="")
    assert {kind for kind, _place in flaws()} == {KEYLESS}


def test_names_a_change_of_key_that_was_forged(here: Organization) -> None:
    line = write(here)[0].id
    place = db.session.scalars(select(ActivitySeal)).one()
    said = {"former": "f" * 16, "place": 2, "head": place.chain, "proved": True}
    db.session.commit()
    with db.engine.begin() as connection, unguarded(connection):
        connection.execute(update(Activity).values(actor_name="forged"))
        forged_line(connection, organization_id=here.id)
        more = {"organization_id": here.id, "details": said}
        forged_line(connection, event=events.LOG_KEY_CHANGED.name, **more)
        seal_again(connection, key_id="f" * 16, signature="0" * 64)
    assert line
    assert flaws() == [(UNKNOWN_KEY, 1), (UNKNOWN_KEY, 2), (UNKNOWN_KEY, 3)]


def test_names_the_forged_pruning_of_t2_91(here: Organization) -> None:
    """As it was told: a sealed line of a pruning with `before` = now, its row, then DELETE."""
    lines = [line.id for line in write(here, count=3)]
    with db.engine.begin() as connection:
        chosen = forged_line(
            connection,
            organization_id=here.id,
            event=events.ORGANIZATION_EDITED.name,
            details={"changes": {"log_kept_days": [None, 90]}},
        )
        told = forged_line(
            connection,
            organization_id=here.id,
            event=events.LOG_PRUNED.name,
            details={"count": 3, "before_at": datetime.now(UTC).isoformat()},
        )
        connection.execute(
            insert(ActivityPruning).values(
                activity_id=told,
                organization_id=here.id,
                before=datetime.now(UTC),
                chosen_id=chosen,
                pruned_at=NOW,
            )
        )
    with pytest.raises(DBAPIError, match="append-only"):
        db.session.execute(delete(Activity).where(Activity.id.in_(lines)))
    db.session.rollback()
    attack()
    for line in lines:
        tamper("DELETE FROM activity WHERE id = :id", id=line)
    [pruning, *rest] = flaws()
    assert pruning[0] == PRUNING
    assert rest == [*((MISSING, line) for line in lines), (FORGED, 4), (FORGED, 5)]


def test_names_a_forged_pruning_that_keeps_the_least_retention(here: Organization) -> None:
    """What the triggers let go, since they know no key, verifying does not."""
    old = datetime.now(UTC) - timedelta(days=200)
    line, before = write(here, at=old)[0].id, old + timedelta(days=1)
    with db.engine.begin() as connection:
        chosen = forged_line(
            connection,
            organization_id=here.id,
            event=events.ORGANIZATION_EDITED.name,
            details={"changes": {"log_kept_days": [None, 90]}},
        )
        told = forged_line(
            connection,
            organization_id=here.id,
            happened_at=datetime.now(UTC),
            event=events.LOG_PRUNED.name,
            details={"count": 1, "before_at": before.isoformat()},
        )
        connection.execute(
            insert(ActivityPruning).values(
                activity_id=told,
                organization_id=here.id,
                before=before,
                chosen_id=chosen,
                pruned_at=NOW,
            )
        )
    attack()
    db.session.execute(text("DELETE FROM activity WHERE id = :id"), {"id": line})
    assert [kind for kind, _place in flaws()] == [PRUNING, MISSING, FORGED, FORGED]


def test_names_a_hole_in_the_chain(here: Organization) -> None:
    line = write(here, count=3)[1].id
    tamper("DELETE FROM activity WHERE id = :id", id=line)
    tamper("DELETE FROM activity_seal WHERE sequence = 2")
    assert flaws() == [(SEAL_MISSING, 2), (SEAL_CHANGED, 3)]
