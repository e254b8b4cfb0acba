"""Many rows at once: fewer statements, the same verb, each row's own refusal. It …"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest
from sqlalchemy import event, select

from app.accounts import service as accounts
from app.accounts.identity import LoginIdTaken
from app.accounts.policy import Identity
from app.batches import worker
from app.extensions import db
from app.imports import drafts
from app.imports.kind import IMPORT
from app.imports.verdicts import Mode
from app.managed_accounts import registering
from app.managed_accounts.registering import Newcomer
from app.models import Account, Batch, BatchRow, FirstLogin, Membership, RowState
from app.offers.offer import Offer
from app.passwords.hashing import verify_password
from tests import factories
from tests.cast import Cast
from tests.imports.conftest import Importing
from tests.members.conftest import built_in

HEAD = "login_id,email,family_name,given_name,roles"


def newcomer(number: int, login_id: str = "") -> Newcomer:
    identity = Identity(
        login_id=login_id or f"new{number}",
        email=f"new{number}@aozora.example.jp",
        family_name="山田",
        given_name=str(number),
        language="ja_JP",
    )
    return Newcomer(identity, Offer(roles=(built_in("viewer"),)))


def started(importing: Importing, data: str, *, only_valid: bool = True) -> Batch:
    """An import that was checked and confirmed, and waits for a worker."""
    by = importing.by
    batch = drafts.begin(
        IMPORT,
        importing.organization,
        data.encode(),
        name="members.csv",
        mode=Mode(removes=True, sets_passwords=True),
        by=by,
        now=datetime.now(UTC),
    )
    draft = drafts.look(batch, by=by, now=datetime.now(UTC), keeps_plans=True)
    assert draft.verdicts is not None
    seen = draft.verdicts.seen
    drafts.confirm(batch, draft, seen=seen, only_valid=only_valid, by=by, now=datetime.now(UTC))
    db.session.commit()
    return batch


def finished(batch: Batch) -> dict[str, int]:
    """Let the worker do it; how many rows ended how."""
    worker.work(datetime.now(UTC))
    db.session.expire_all()
    states = [
        str(one)
        for one in db.session.scalars(select(BatchRow.state).where(BatchRow.batch_id == batch.id))
    ]
    return {one: states.count(one) for one in set(states)}


def people(count: int, *, name: str = "山田", more: str = "") -> str:
    lines = [f"many{n},many{n}@aozora.example.jp,{name},{n},Viewer{more}" for n in range(count)]
    return "\r\n".join([HEAD + (",password" if more else ""), *lines])


@contextmanager
def statements() -> Iterator[list[str]]:
    """The statements that are sent meanwhile."""
    sent: list[str] = []

    def note(*said: object) -> None:
        sent.append(str(said[2]))

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


def test_registers_many_by_few_questions(importing: Importing) -> None:
    """What is asked does not grow with the number of people, only what is written."""

    def asked(first: int, count: int) -> int:
        many = [newcomer(first + number) for number in range(count)]
        with statements() as sent:
            joined = registering.register_many(
                importing.organization, many, by=importing.by, now=importing.now
            )
            db.session.flush()
        assert len(joined) == count
        return sum(one.startswith("SELECT") for one in sent)

    asked(0, 2)
    assert asked(200, 20) <= asked(100, 2) + 1


def test_refuses_two_of_one_login_id(importing: Importing) -> None:
    twins = [newcomer(1, "twin"), newcomer(2, "TWIN")]
    with pytest.raises(LoginIdTaken):
        registering.register_many(importing.organization, twins, by=importing.by, now=importing.now)


def test_refuses_only_the_row_that_changed_since(cast: Cast, importing: Importing) -> None:
    """A login ID that somebody took after the check costs its row, not its neighbours."""
    batch = started(importing, people(12))
    factories.account("many5", email="elsewhere@example.com")
    db.session.commit()
    assert finished(batch) == {"done": 11, "refused": 1}
    row = db.session.scalars(select(BatchRow).where(BatchRow.state == RowState.REFUSED)).one()
    assert row.line == 7
    assert accounts.find("many6") is not None


def test_tells_each_row_its_line_and_its_member(importing: Importing) -> None:
    batch = started(importing, people(5))
    finished(batch)
    for row in db.session.scalars(select(BatchRow).where(BatchRow.batch_id == batch.id)):
        member = db.session.get_one(Membership, row.subject_id)
        assert row.activity_id is not None
        assert member.account.login_id == f"many{row.number - 1}"


def test_hashes_only_passwords_that_are_given(importing: Importing) -> None:
    importing.organization.first_login = FirstLogin.PASSWORD
    db.session.commit()
    mixed = people(3, more=",Zq9!kdsfKx7") + "\r\nplain,plain@aozora.example.jp,佐藤,花,Viewer,"
    assert finished(started(importing, mixed)) == {"done": 4}
    assert verify_password(_named("many1").password_hash, "Zq9!kdsfKx7")
    assert not _named("plain").password_hash


def test_changes_and_removes_many(importing: Importing) -> None:
    finished(started(importing, people(30)))
    assert finished(started(importing, people(30, name="山本"))) == {"done": 30}
    assert {_named(f"many{n}").family_name for n in range(30)} == {"山本"}
    gone = "login_id,action\r\n" + "\r\n".join(f"many{n},remove" for n in range(30))
    assert finished(started(importing, gone)) == {"done": 30}
    assert _named("many3").memberships == []


def _named(login_id: str) -> Account:
    found = accounts.find(login_id)
    assert found is not None
    return found
