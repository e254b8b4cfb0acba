"""Taking an import back, whole or where a row of all-or-nothing fails. It …"""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from app.accounts import service as accounts
from app.batches import ending, service, worker
from app.extensions import db
from app.models import (
    Activity,
    Batch,
    BatchRow,
    BatchState,
    Letter,
    LetterState,
    RetiredLoginId,
    RowState,
)
from tests import factories
from tests.cast import Cast
from tests.imports.conftest import Importing
from tests.imports.test_many import finished, people, started

FIRST = "first_sign_in_link"


def taken_back(importing: Importing, batch: Batch) -> dict[str, int]:
    """Undo a batch; how many of its lines ended how."""
    db.session.refresh(batch)
    undoing = service.undo(batch, by=importing.by, now=datetime.now(UTC))
    db.session.commit()
    return finished(undoing)


def first_letters() -> dict[str, LetterState]:
    query = select(Letter.recipient, Letter.state).where(Letter.kind == FIRST)
    return {row.recipient: row.state for row in db.session.execute(query)}


def test_takes_back_people_who_were_added(importing: Importing) -> None:
    """Accounts, memberships and letters that have not left; the file can be imported again."""
    batch = started(importing, people(6))
    finished(batch)
    assert taken_back(importing, batch) == {"done": 6}
    assert accounts.find("many3") is None
    assert set(first_letters().values()) == {LetterState.DROPPED}
    assert db.session.scalars(select(RetiredLoginId)).all() == []
    assert not db.session.scalars(select(Letter).where(Letter.kind == "removed")).all()
    assert finished(started(importing, people(6))) == {"done": 6}


def test_leaves_who_came_in_since(importing: Importing) -> None:
    batch = started(importing, people(3))
    finished(batch)
    here = accounts.find("many1")
    assert here is not None
    here.last_sign_in_at = datetime.now(UTC)
    db.session.commit()
    assert taken_back(importing, batch) == {"done": 2, "refused": 1}
    kept = db.session.scalars(select(BatchRow).where(BatchRow.state == RowState.REFUSED)).one()
    assert kept.problems[0]["code"] == "UsedSince" and "山田 1" in kept.problems[0]["message"]
    assert accounts.find("many1") is not None and accounts.find("many2") is None


def test_takes_back_everything_that_a_row_changed(cast: Cast, importing: Importing) -> None:
    """Names, roles and suspension of one member are three lines of the log."""
    login = cast.suzuki.login_id
    before = (cast.suzuki.family_name, cast.suzuki.reading)
    cast.suzuki.managed_by = importing.organization
    db.session.commit()
    file = f"login_id,family_name,reading,roles,state\r\n{login},Jones,じょーんず,Viewer,suspended"
    batch = started(importing, file)
    assert finished(batch) == {"done": 1}
    [member] = cast.suzuki.memberships
    assert member.is_suspended and cast.suzuki.family_name == "Jones"
    assert taken_back(importing, batch) == {"done": 3}
    [member] = cast.suzuki.memberships
    assert (cast.suzuki.family_name, cast.suzuki.reading) == before
    assert not member.is_suspended and not member.roles
    undone = select(Activity.undoes_id).where(Activity.undoes_id.is_not(None))
    assert len(set(db.session.scalars(undone))) == 3


def test_keeps_what_somebody_changed_since(cast: Cast, importing: Importing) -> None:
    cast.smith.managed_by = importing.organization
    db.session.commit()
    login = cast.smith.login_id
    batch = started(importing, f"login_id,family_name\r\n{login},Jones")
    finished(batch)
    later = started(importing, f"login_id,family_name\r\n{login},Brown")
    finished(later)
    assert taken_back(importing, batch) == {"refused": 1}
    kept = db.session.scalars(select(BatchRow).where(BatchRow.state == RowState.REFUSED)).one()
    assert kept.problems[0]["code"] == "ChangedSince"
    assert taken_back(importing, later) == {"done": 1}
    assert cast.smith.family_name == "Jones"


def test_brings_back_who_was_removed(importing: Importing) -> None:
    finished(started(importing, people(3)))
    gone = "login_id,action\r\nmany0,remove\r\nmany1,remove"
    batch = started(importing, gone)
    finished(batch)
    assert taken_back(importing, batch) == {"done": 2}
    assert [len(_memberships(f"many{n}")) for n in range(3)] == [1, 1, 1]


@pytest.mark.usefixtures("importing")
def test_takes_back_all_where_one_of_many_is_refused(
    importing: Importing, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All or nothing above one transaction: the last row fails, and the rows before go again."""
    monkeypatch.setattr(ending, "IN_ONE_GO", 5)
    batch = started(importing, people(30), only_valid=False)
    factories.account("many29", email="elsewhere@example.com")
    db.session.commit()
    worker.work(datetime.now(UTC))
    worker.work(datetime.now(UTC))
    db.session.expire_all()
    undoing = service.undone_by(batch)
    assert (batch.state, batch.trouble) == (BatchState.CANCELLED, "refused")
    assert undoing is not None and undoing.state is BatchState.FINISHED
    assert [accounts.find(f"many{n}") for n in range(29)] == [None] * 29
    assert set(first_letters().values()) == {LetterState.DROPPED}


def test_does_nothing_where_one_of_few_is_refused(importing: Importing) -> None:
    batch = started(importing, people(8), only_valid=False)
    factories.account("many7", email="elsewhere@example.com")
    db.session.commit()
    assert finished(batch) == {"refused": 1, "cancelled": 7}
    assert accounts.find("many0") is None and first_letters() == {}


def _memberships(login_id: str) -> list[object]:
    found = accounts.find(login_id)
    assert found is not None
    return [*found.memberships]
