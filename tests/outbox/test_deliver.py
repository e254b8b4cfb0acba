"""Delivery, against a real mail server that sometimes misbehaves. It …"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime

import pytest
from flask import Flask
from sqlalchemy import update

from app.extensions import db
from app.models import Letter, LetterState
from app.outbox import reasons
from app.outbox.delivery import GIVE_UP_AFTER, LEASE, deliver_due
from tests.servers import PostOffice, free_port

Posted = Callable[..., int]
Read = Callable[[int], Letter]
MINUTE = timedelta(minutes=1)


def test_sends_text_and_html_in_the_recipients_language(
    portal: Flask, posted: Posted, smtp_server: PostOffice, now: datetime
) -> None:
    posted("tanaka@例え.jp", language="ja_JP")
    assert deliver_due(now).sent == 1
    [mail] = smtp_server.mails
    assert mail["Subject"] == "【Meibo】テストメール"
    assert mail["To"] == "tanaka@xn--r8jz45g.jp"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Content-Language"] == "ja-JP"
    assert parsedate_to_datetime(mail["Date"]) == now
    assert mail.get_content_type() == "multipart/alternative"
    text, html = mail.iter_parts()
    assert text.get_content_type() == "text/plain"
    assert "これはテストメールです。" in text.get_content()
    assert html.get_content_type() == "text/html"
    assert '<html lang="ja">' in html.get_content()


def test_travels_in_seven_bits(
    portal: Flask, posted: Posted, smtp_server: PostOffice, now: datetime
) -> None:
    posted(language="ja_JP")
    deliver_due(now)
    assert smtp_server.mails[0].as_bytes().isascii()


def test_keeps_no_content_of_a_letter_that_has_left(
    posted: Posted, letter: Read, now: datetime
) -> None:
    sent = posted()
    deliver_due(now)
    assert (letter(sent).state, letter(sent).text, letter(sent).html, letter(sent).reason) == (
        LetterState.SENT,
        "",
        "",
        "",
    )
    assert letter(sent).sent_at is not None


def test_uses_one_connection_for_a_batch(
    posted: Posted, smtp_server: PostOffice, now: datetime
) -> None:
    for number in range(5):
        posted(f"person{number}@example.com")
    assert deliver_due(now).sent == 5
    assert smtp_server.connections == 1


def test_sends_a_letter_once(posted: Posted, smtp_server: PostOffice, now: datetime) -> None:
    posted()
    assert [deliver_due(now).sent, deliver_due(now + MINUTE).sent] == [1, 0]
    assert len(smtp_server.mails) == 1


def test_leaves_letters_alone_until_they_are_due(posted: Posted, now: datetime) -> None:
    posted(at=now + MINUTE)
    assert deliver_due(now).sent == 0


def test_says_when_more_is_left_than_one_batch(posted: Posted, now: datetime) -> None:
    for number in range(3):
        posted(f"person{number}@example.com")
    assert [deliver_due(now, limit=2).is_full, deliver_due(now, limit=2).is_full] == [True, False]


@pytest.mark.parametrize(
    ("attempt", "minutes"), [(1, 1), (2, 5), (3, 15), (4, 60), (5, 360), (6, 360)]
)
def test_waits_longer_after_each_refusal(
    posted: Posted, letter: Read, smtp_server: PostOffice, now: datetime, attempt: int, minutes: int
) -> None:
    smtp_server.answers["grey@example.com"] = "451 4.7.1 come back later"
    put_off = posted("grey@example.com")
    _set(put_off, attempts=attempt - 1)
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
    _set(waiting, attempts=9)
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
    assert (batch.trouble == reasons.TIMEOUT) == (misdeed == "hang")
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


def test_drops_what_is_out_of_date(
    posted: Posted, letter: Read, smtp_server: PostOffice, now: datetime
) -> None:
    code = posted(stale_after=timedelta(minutes=10), at=now - timedelta(minutes=10))
    assert deliver_due(now).dropped == 1
    assert (letter(code).state, letter(code).reason, letter(code).text, letter(code).html) == (
        LetterState.DROPPED,
        reasons.STALE,
        "",
        "",
    )
    assert smtp_server.mails == []


def test_sends_first_what_somebody_waits_for(
    posted: Posted, smtp_server: PostOffice, now: datetime
) -> None:
    posted("patient@example.com")
    posted("waiting@example.com", stale_after=timedelta(minutes=10))
    deliver_due(now)
    assert [mail["X-Envelope-To"] for mail in smtp_server.mails] == [
        "waiting@example.com",
        "patient@example.com",
    ]


def test_takes_no_letter_that_another_worker_holds(
    posted: Posted, letter: Read, smtp_server: PostOffice, now: datetime
) -> None:
    held = posted()
    _set(held, lease_until=now + LEASE, attempts=1)
    assert deliver_due(now + LEASE - MINUTE).sent == 0
    assert deliver_due(now + LEASE + MINUTE).sent == 1
    assert letter(held).attempts == 2


def test_is_not_held_up_by_a_letter_that_cannot_be_written(
    posted: Posted, letter: Read, smtp_server: PostOffice, now: datetime
) -> None:
    broken, sound = posted(), posted("somebody@example.com")
    _set(broken, subject="Hello\r\nBcc: everybody@example.com")
    batch = deliver_due(now)
    assert (batch.dead, batch.sent) == (1, 1)
    assert (letter(broken).state, letter(broken).reason) == (LetterState.DEAD, reasons.UNWRITABLE)
    assert letter(sound).state is LetterState.SENT


def test_names_itself_as_the_portal_is_named(
    posted: Posted, smtp_server: PostOffice, now: datetime
) -> None:
    posted()
    deliver_due(now)
    assert smtp_server.names == ["localhost"]


def _set(letter_id: int, **values: object) -> None:
    db.session.execute(update(Letter).where(Letter.id == letter_id).values(**values))
    db.session.commit()
