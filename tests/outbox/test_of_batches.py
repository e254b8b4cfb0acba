"""Letters of what is done to many: they wait, behind all others, and Undo takes them back. It …"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from app.batches import service, starting
from app.batches.starting import Wanted
from app.extensions import db
from app.members import kinds
from app.memberships import service as members
from app.models import Batch, Letter, LetterState, Membership
from app.outbox import delivery, of_batches
from app.outbox.service import Draft, post
from tests import factories
from tests.cast import Cast
from tests.conftest import PortalClient

NOW = datetime.now(UTC)
AFTER = timedelta(minutes=6)


@pytest.fixture
def removed(app: Flask, cast: Cast) -> Callable[..., Batch]:
    """Twelve members are removed by Tanaka; the batch."""

    def remove(count: int = 12) -> Batch:
        made = [
            factories.membership(factories.account(f"m{number}"), cast.aozora)
            for number in range(count)
        ]
        ids = select(Membership.id).where(Membership.id.in_([one.id for one in made]))
        by = factories.seat(cast.membership(cast.tanaka))
        batch = starting.start(kinds.REMOVE, Wanted(ids), arguments={}, by=by, now=NOW)
        starting.go(batch)
        return batch

    return remove


def letters(state: LetterState) -> list[Letter]:
    db.session.expire_all()
    return [*db.session.scalars(select(Letter).where(Letter.state == state))]


def test_waits_until_it_can_no_longer_be_undone_unread(removed: Callable[..., Batch]) -> None:
    batch = removed()
    assert batch.count("done") == 12
    assert {one.batch for one in letters(LetterState.WAITING)} == {batch.public_id}
    assert delivery.deliver_due(datetime.now(UTC)).sent == 0
    assert delivery.deliver_due(datetime.now(UTC) + AFTER).sent == 12
    counted = of_batches.counts(batch.public_id)
    assert (counted.waiting, counted.sent, counted.withdrawn) == (0, 12, 0)


def test_takes_back_what_has_not_left_and_does_not_tell_of_that(
    cast: Cast, removed: Callable[..., Batch]
) -> None:
    """IMPORT.md §10: undo at once, and no letter ever left."""
    batch = removed()
    by = factories.seat(cast.membership(cast.tanaka))
    undoing = service.undo(batch, by=by, now=NOW)
    starting.go(undoing)
    assert undoing.count("done") == 12
    assert delivery.deliver_due(datetime.now(UTC) + AFTER).sent == 0
    assert letters(LetterState.WAITING) == []


def test_tells_of_an_undo_whoever_has_read_of_the_first(
    cast: Cast, removed: Callable[..., Batch]
) -> None:
    batch = removed(3)
    assert delivery.deliver_due(datetime.now(UTC) + AFTER).sent == 3
    undoing = service.undo(batch, by=factories.seat(cast.membership(cast.tanaka)), now=NOW)
    starting.go(undoing)
    told = delivery.deliver_due(datetime.now(UTC) + AFTER).sent
    assert told == 3


def test_leaves_so_many_in_a_minute_and_after_all_others(
    app: Flask, removed: Callable[..., Batch], monkeypatch: pytest.MonkeyPatch
) -> None:
    removed()
    settings = replace(app.config["SETTINGS"], batch_letters_per_minute=5)
    monkeypatch.setitem(app.config, "SETTINGS", settings)
    other = Draft(kind="test", to="guest@example.com", language="en", words={"asked_at": NOW})
    later = datetime.now(UTC) + AFTER
    post(other, now=later)
    db.session.commit()
    assert delivery.deliver_due(later, limit=1).sent == 1
    assert letters(LetterState.SENT)[0].recipient == "guest@example.com"
    assert delivery.deliver_due(later).sent == 5
    assert delivery.deliver_due(later + timedelta(seconds=30)).sent == 0
    assert delivery.deliver_due(later + timedelta(seconds=90)).sent == 5


def test_holds_nothing_that_somebody_does_to_one(cast: Cast) -> None:
    by = factories.seat(cast.membership(cast.tanaka))
    members.remove(cast.membership(cast.smith), by=by, now=NOW)
    db.session.commit()
    [letter] = letters(LetterState.WAITING)
    assert letter.batch is None and letter.due_at == NOW


def test_says_on_the_page_how_many_wait(
    cast: Cast, as_: Callable[..., PortalClient], removed: Callable[..., Batch]
) -> None:
    batch = removed(2)
    page = as_(cast.tanaka).get(f"/o/aozora/batches/show/{batch.public_id}").get_data(as_text=True)
    assert "2 emails about this leave from" in page
