"""Keys that end soon: a letter a week before, once.

Here: the work of the schedule. Not here: the schedule (tests/jobs).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from app.access.authorities import Authority
from app.api_keys.hooks import remind_due
from app.extensions import db
from app.models import Letter
from app.offers.offer import Offer
from app.schedule import SCHEDULE
from app.service_accounts import service as service_accounts
from tests import cast as people
from tests import factories
from tests.api_keys.conftest import issue, keys, moment
from tests.cast import Cast
from tests.conftest import at_once

A = Authority
Letters = Callable[..., list[Letter]]


def test_it_writes_a_week_before_and_once(cast: Cast, letters: Letters) -> None:
    """B-88: in the owner's language, whatever they switched off."""
    cast.suzuki.notifications = False
    start = moment()
    issue(cast.membership(cast.suzuki), A.USER_VIEWER, days=30, now=start)
    assert remind_due(start + timedelta(days=22)) == 0
    assert remind_due(start + timedelta(days=23, minutes=1)) == 1
    assert remind_due(start + timedelta(days=24)) == 0
    (letter,) = letters("key_expiring")
    assert letter.recipient == cast.suzuki.email and "Nightly sync" in letter.text


@pytest.mark.parametrize("over", ["revoked", "expired", "short"])
def test_it_is_silent_about_keys_that_are_over_or_were_short(
    cast: Cast, letters: Letters, over: str
) -> None:
    start = moment()
    key, _secret = issue(
        cast.membership(cast.suzuki), A.USER_VIEWER, days=7 if over == "short" else 30, now=start
    )
    key.revoked_at = start if over == "revoked" else None
    db.session.commit()
    assert remind_due(start + timedelta(days={"short": 1, "revoked": 25, "expired": 31}[over])) == 0
    assert not letters("key_expiring")


def test_it_tells_the_power_users_of_a_service_accounts_key(cast: Cast, letters: Letters) -> None:
    """B-90: somebody reads it, also when whoever issued the key has gone."""
    boss, start = factories.seat(cast.membership(cast.tanaka)), moment()
    payroll = service_accounts.create(
        cast.aozora,
        name="Payroll",
        offer=Offer(authorities=frozenset({A.USER_VIEWER})),
        by=boss,
        now=start,
    )
    issue(payroll, A.USER_VIEWER, by=boss, now=start)
    assert remind_due(start + timedelta(days=25)) == 1
    assert [letter.recipient for letter in letters("key_expiring")] == [cast.tanaka.email]


@pytest.mark.postgresql
def test_it_writes_once_however_many_workers_look(each_app: Flask) -> None:
    """Issue 4: idempotent."""
    cast, start = people.assemble(), moment()
    issue(cast.membership(cast.suzuki), A.USER_VIEWER, now=start)
    soon = start + timedelta(days=25)
    results = at_once(each_app, lambda: remind_due(soon), lambda: remind_due(soon))
    assert sorted(results) == [0, 1]
    assert db.session.query(Letter).filter_by(kind="key_expiring").count() == 1
    assert keys()[0].reminded_at == soon


def test_it_is_on_the_schedule() -> None:
    assert "key_reminders" in SCHEDULE
