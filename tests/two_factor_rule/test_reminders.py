"""Letters to those who are missing, when the 2-step rule is switched on and as its deadline comes
near. It …
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.extensions import db
from app.jobs import queue
from app.models import Letter, TwoFactorReminder
from app.organizations import service as organizations
from app.schedule import SCHEDULE
from app.two_factor_rule import reminders
from tests import cast as people
from tests import factories
from tests.cast import Cast
from tests.conftest import at_once
from tests.two_factor_rule.rule import ask, except_, give_app, seat_of

Letters = Callable[..., list[Letter]]
DAY = timedelta(days=1)


@pytest.fixture
def asked(letters: Letters) -> Callable[[], list[str]]:
    """To whom letters went, in order."""
    return lambda: [one.recipient.partition("@")[0] for one in letters("two_factor_asked")]


def test_tell_the_missing_once_at_switching_on(
    cast: Cast, asked: Callable[[], list[str]], now: datetime
) -> None:
    """B-52: those who have it, who are excepted, suspended, or no people, get none."""
    give_app(cast.tanaka, now)
    factories.membership(factories.account("robot", is_service=True), cast.aozora)
    except_(cast.membership(cast.suzuki), now + 90 * DAY)
    ask(cast.aozora, strong=True, deadline=now + 14 * DAY)
    assert reminders.send_due(now) == 1
    assert reminders.send_due(now) == 0
    assert asked() == ["smith"]


def test_remind_seven_days_and_one_day_before(
    cast: Cast, asked: Callable[[], list[str]], now: datetime
) -> None:
    ask(cast.aozora, strong=True, deadline=now + 14 * DAY)
    give_app(cast.tanaka, now)
    sent = {}
    for hours in range(0, 15 * 24, 6):
        sent[hours // 24] = sent.get(hours // 24, 0) + reminders.send_due(
            now + timedelta(hours=hours)
        )
    assert {day: count for day, count in sent.items() if count} == {0: 2, 7: 2, 13: 2}
    assert asked().count("smith") == 3


def test_stop_when_it_is_set_up(cast: Cast, asked: Callable[[], list[str]], now: datetime) -> None:
    ask(cast.aozora, deadline=now + 14 * DAY)
    reminders.send_due(now)
    cast.smith.two_factor = True
    db.session.commit()
    reminders.send_due(now + 8 * DAY)
    assert asked().count("smith") == 1


def test_come_at_once_where_the_deadline_is_tightened(
    cast: Cast, asked: Callable[[], list[str]], now: datetime
) -> None:
    """One letter, not three: the most urgent one stands for those before."""
    ask(cast.aozora, strong=True, deadline=now + 60 * DAY)
    reminders.send_due(now)
    by = seat_of(cast.membership(cast.tanaka))
    organizations.edit_settings(
        cast.aozora, by=by, now=now, two_factor_deadline=now + timedelta(hours=20)
    )
    db.session.commit()
    assert reminders.send_due(now) == 3
    assert reminders.send_due(now + timedelta(hours=1)) == 0
    days = db.session.scalars(
        select(TwoFactorReminder.days).where(
            TwoFactorReminder.deadline == now + timedelta(hours=20)
        )
    ).all()
    assert sorted(set(days)) == [0, 1, 7]
    assert asked().count("smith") == 2


def test_keep_quiet_where_nobody_has_to_do_anything(
    cast: Cast, asked: Callable[[], list[str]], now: datetime
) -> None:
    """Codes by mail come by themselves once the rule holds."""
    ask(cast.aozora)
    assert reminders.send_due(now) == 0
    ask(cast.aozora, deadline=now - DAY)
    assert reminders.send_due(now) == 0
    ask(cast.aozora, strong=True)
    assert reminders.send_due(now) == 3
    assert reminders.send_due(now) == 0


def test_go_out_anew_when_the_rule_is_switched_off_and_on(cast: Cast, now: datetime) -> None:
    by = seat_of(cast.membership(cast.tanaka))
    for expected in (3, 3):
        organizations.edit_settings(
            cast.aozora,
            by=by,
            now=now,
            two_factor_required=True,
            two_factor_deadline=now + 14 * DAY,
        )
        db.session.commit()
        assert reminders.send_due(now) == expected
        organizations.edit_settings(
            cast.aozora, by=by, now=now, two_factor_required=False, two_factor_deadline=None
        )
        db.session.commit()


def test_go_out_once_with_two_workers_at_once(each_app: Flask, now: datetime) -> None:
    cast = people.assemble()
    for _number in range(20):
        factories.membership(factories.account(), cast.aozora)
    ask(cast.aozora, strong=True, deadline=now + 5 * DAY)
    sent = at_once(each_app, *[lambda: reminders.send_due(now)] * 3)
    assert sum(sent) == 23
    letters = select(func.count(Letter.id)).where(Letter.kind == "two_factor_asked")
    assert db.session.scalar(letters) == 23
    assert db.session.scalar(select(func.count(TwoFactorReminder.id))) == 46, (
        "seven days before, and at switching on"
    )


def test_are_written_for_their_reader(cast: Cast, letters: Letters, now: datetime) -> None:
    cast.smith.notifications = False
    cast.aozora.time_zone = "Asia/Tokyo"
    ask(cast.aozora, strong=True, deadline=datetime(2026, 12, 5, 15, tzinfo=now.tzinfo))
    reminders.send_due(datetime(2026, 12, 1, tzinfo=now.tzinfo))
    by_person = {one.recipient: one for one in letters("two_factor_asked")}
    english, japanese = by_person[cast.smith.email], by_person[cast.suzuki.email]
    assert english.subject == "Reminder: Aozora Inc. asks for 2-step verification"
    assert "Last day: 5 December 2026\n" in english.text
    assert "12月5日" in japanese.text
    assert "http://localhost/profile/" in english.text
    assert "2段階認証の設定のお願い" in japanese.subject
    assert "株式会社あおぞら" in japanese.text


def test_run_every_hour_and_right_after_the_rule_was_changed(
    cast: Cast, app: Flask, now: datetime
) -> None:
    _work, when = SCHEDULE[reminders.JOB]
    assert [minute for minute in range(60) if when(now.replace(minute=minute))] == [27]
    before = queue.of(app).huey.pending_count()
    by = seat_of(cast.membership(cast.tanaka))
    organizations.edit_settings(
        cast.aozora, by=by, now=now, two_factor_required=True, two_factor_deadline=now + 14 * DAY
    )
    assert queue.of(app).huey.pending_count() == before, "not before the commit"
    db.session.commit()
    assert queue.of(app).huey.pending_count() == before + 1
