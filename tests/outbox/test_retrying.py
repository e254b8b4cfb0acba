"""Delivery against a mail server that misbehaves: trying again, and when to stop. It …"""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask import Flask

from app.models import LetterState
from app.outbox import failures
from app.outbox.delivery import GIVE_UP_AFTER, deliver_due
from tests.outbox.conftest import MINUTE, Posted, Read, change
from tests.servers import PostOffice, free_port


@pytest.mark.parametrize(
    ("attempt", "minutes"), [(1, 1), (2, 5), (3, 15), (4, 60), (5, 360), (6, 360)]
)
def test_waits_longer_after_each_refusal(
    posted: Posted, letter: Read, smtp_server: PostOffice, now: datetime, attempt: int, minutes: int
) -> None:
    smtp_server.answers["grey@example.com"] = "451 4.7.1 come back later"
    put_off = posted("grey@example.com")
    change(put_off, attempts=attempt - 1)
    assert deliver_due(now).put_off == 1
    row = letter(put_off)
    assert (row.state, row.reason, row.attempts) == (
        LetterState.WAITING,
        "451 4.7.1 come back later",
        attempt,
    )
    assert abs(row.due_at - now - timedelta(minutes=minutes)) < timedelta(seconds=5)


def test_keeps_the_message_id_at_every_try(
    posted: Posted, letter: Read, smtp_server: PostOffice, now: datetime
) -> None:
    smtp_server.data_answers["grey@example.com"] = "451 later"
    tried = posted("grey@example.com")
    identity = letter(tried).message_id
    deliver_due(now)
    smtp_server.data_answers.clear()
    deliver_due(now + 2 * MINUTE)
    assert [mail["Message-ID"] for mail in smtp_server.mails] == [identity]


def test_gives_up_after_three_days(
    posted: Posted, letter: Read, smtp_server: PostOffice, now: datetime
) -> None:
    smtp_server.answers["grey@example.com"] = "451 later"
    old = posted("grey@example.com", at=now - GIVE_UP_AFTER)
    assert deliver_due(now).dead == 1
    assert (letter(old).state, letter(old).reason) == (LetterState.DEAD, "451 later")


def test_buries_a_letter_to_an_unknown_recipient_at_once_and_goes_on(
    posted: Posted, letter: Read, smtp_server: PostOffice, now: datetime
) -> None:
    smtp_server.answers["nobody@example.com"] = "550 5.1.1 no such person"
    refused, taken = posted("nobody@example.com"), posted("somebody@example.com")
    batch = deliver_due(now)
    assert (batch.dead, batch.sent) == (1, 1)
    assert (letter(refused).state, letter(refused).reason) == (
        LetterState.DEAD,
        "550 5.1.1 no such person",
    )
    assert letter(refused).text
    assert letter(taken).state is LetterState.SENT
    assert smtp_server.connections == 1


def test_buries_a_letter_whose_content_is_refused(
    posted: Posted, letter: Read, smtp_server: PostOffice, now: datetime
) -> None:
    smtp_server.data_answers["strict@example.com"] = "554 5.7.1 looks like spam"
    refused = posted("strict@example.com")
    deliver_due(now)
    assert (letter(refused).state, letter(refused).reason) == (
        LetterState.DEAD,
        "554 5.7.1 looks like spam",
    )


def test_waits_while_the_server_is_down_and_costs_the_others_no_try(
    portal: Flask, posted: Posted, letter: Read, smtp_server: PostOffice, now: datetime
) -> None:
    portal.extensions["mail"].port = free_port()
    first, second = posted("one@example.com"), posted("two@example.com")
    batch = deliver_due(now)
    assert "refused" in batch.trouble
    assert [letter(first).attempts, letter(second).attempts] == [1, 0]
    assert letter(first).reason == letter(second).reason == batch.trouble
    portal.extensions["mail"].port = smtp_server.port
    assert deliver_due(now + 2 * MINUTE).sent == 2


def test_tries_a_server_that_is_down_every_quarter_of_an_hour(
    portal: Flask, posted: Posted, letter: Read, now: datetime
) -> None:
    portal.extensions["mail"].port = free_port()
    waiting = posted()
    change(waiting, attempts=9)
    deliver_due(now)
    assert letter(waiting).state is LetterState.WAITING
    assert letter(waiting).due_at - now < timedelta(minutes=16)


@pytest.mark.parametrize("misdeed", ["hang", "drop"])
def test_survives_a_server_that_stops_talking(
    posted: Posted, letter: Read, smtp_server: PostOffice, now: datetime, misdeed: str
) -> None:
    smtp_server.data_answers["odd@example.com"] = misdeed
    stuck, other = posted("odd@example.com"), posted("somebody@example.com")
    batch = deliver_due(now)
    assert batch.trouble
    assert (batch.trouble == failures.TIMEOUT) == (misdeed == "hang")
    assert letter(stuck).state is letter(other).state is LetterState.WAITING
    smtp_server.data_answers.clear()
    assert deliver_due(now + 2 * MINUTE).sent == 2


def test_connects_again_when_the_server_hung_up_between_letters(
    posted: Posted, letter: Read, smtp_server: PostOffice, now: datetime
) -> None:
    smtp_server.answers["first@example.com"] = "421 4.3.2 too many on this line"
    put_off, taken = posted("first@example.com"), posted("second@example.com")
    batch = deliver_due(now)
    assert (batch.put_off, batch.sent, batch.trouble) == (1, 1, "")
    assert letter(put_off).reason.startswith("421")
    assert smtp_server.connections == 2
    assert letter(taken).state is LetterState.SENT


def test_does_not_blame_the_letter_when_the_sender_is_refused(
    portal: Flask, posted: Posted, letter: Read, smtp_server: PostOffice, now: datetime
) -> None:
    portal.extensions["mail"].username, portal.extensions["mail"].password = "portal", "wrong"
    try:
        waiting = posted()
        assert deliver_due(now).trouble
    finally:
        portal.extensions["mail"].username = portal.extensions["mail"].password = None
    assert letter(waiting).state is LetterState.WAITING
