"""Housekeeping. It …"""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask_appbuilder import Model
from sqlalchemy import func, select

from app.extensions import db
from app.jobs.housekeeping import sweep
from app.models import (
    AccountSession,
    Letter,
    LetterState,
    LinkPurpose,
    LoginCode,
    PasskeyQuestion,
    PasswordLink,
    Rate,
)
from tests.cast import Cast

DAY, HOUR = timedelta(days=1), timedelta(hours=1)


def session(cast: Cast, now: datetime, **dates: datetime) -> AccountSession:
    given = {
        "created_at": now,
        "last_used_at": now,
        "expires_at": now + HOUR,
        "idle_until": now + HOUR,
        "proved_at": now,
    } | dates
    return AccountSession(
        account_id=cast.smith.id, key_digest=str(len(given)) + str(dates), **given
    )


def letter(state: LetterState, written: datetime) -> Letter:
    return Letter(
        message_id=f"<{state}{written}>",
        kind="test",
        recipient="a@example.com",
        language="en",
        subject="s",
        text="t",
        html="h",
        state=state,
        created_at=written,
        due_at=written,
        attempts=0,
    )


def left(table: type[Model]) -> int:
    return db.session.scalar(select(func.count()).select_from(table)) or 0


def test_sweeps_sessions_that_are_over_for_a_day(cast: Cast, now: datetime) -> None:
    db.session.add_all(
        [
            session(cast, now, ended_at=now - DAY - HOUR),
            session(cast, now, expires_at=now - DAY - HOUR),
            session(cast, now, idle_until=now - DAY - HOUR),
            session(cast, now),
            session(cast, now, ended_at=now - HOUR),
        ]
    )
    assert sweep(now)["account_session"] == 3
    assert left(AccountSession) == 2


def test_sweeps_codes_and_links_that_nobody_can_use(cast: Cast, now: datetime) -> None:
    for number, age in enumerate((DAY + HOUR, HOUR)):
        db.session.add(
            LoginCode(
                account_id=cast.smith.id,
                browser_digest=str(number),
                code_digest="x",
                tries_left=5,
                created_at=now,
                sent_at=now,
                expires_at=now - age,
            )
        )
    for number, age in enumerate((31 * DAY, DAY)):
        db.session.add(
            PasswordLink(
                account_id=cast.smith.id,
                token_digest=str(number),
                purpose=LinkPurpose.FIRST,
                created_at=now,
                expires_at=now - age,
            )
        )
    gone = sweep(now)
    assert (gone["login_code"], gone["password_link"]) == (1, 1)


def test_sweeps_counts_whose_window_is_over(app: Flask, now: datetime) -> None:
    db.session.add_all(
        [
            Rate(key="old", count=1, ends_at=now - HOUR),
            Rate(key="live", count=1, ends_at=now + HOUR),
        ]
    )
    assert sweep(now)["rate"] == 1


@pytest.mark.parametrize(
    ("state", "kept"),
    [
        (LetterState.SENT, 1),
        (LetterState.DROPPED, 1),
        (LetterState.DEAD, 1),
        (LetterState.WAITING, 2),
    ],
)
def test_sweeps_letters_after_thirty_days_but_never_waiting_ones(
    app: Flask, now: datetime, state: LetterState, kept: int
) -> None:
    db.session.add_all([letter(state, now - 31 * DAY), letter(state, now - 29 * DAY)])
    sweep(now)
    assert left(Letter) == kept


def test_finds_nothing_the_second_time(cast: Cast, now: datetime) -> None:
    db.session.add(session(cast, now, ended_at=now - 2 * DAY))
    sweep(now)
    assert set(sweep(now).values()) == {0}


def test_sweeps_questions_to_passkeys_that_are_over_for_a_day(cast: Cast, now: datetime) -> None:
    for number, ends in enumerate((now - DAY - HOUR, now - HOUR)):
        db.session.add(
            PasskeyQuestion(
                browser_digest=str(number),
                purpose="sign_in",
                challenge="c",
                created_at=ends,
                expires_at=ends,
            )
        )
    db.session.commit()
    assert sweep(now)["passkey_question"] == 1
