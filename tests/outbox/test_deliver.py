"""Delivery, against a real mail server. It …"""

from __future__ import annotations

from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime

from flask import Flask

from app.models import LetterState
from app.outbox import failures
from app.outbox.delivery import LEASE, deliver_due
from tests.outbox.conftest import MINUTE, Posted, Read, change
from tests.servers import PostOffice


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


def test_drops_what_is_out_of_date(
    posted: Posted, letter: Read, smtp_server: PostOffice, now: datetime
) -> None:
    code = posted(stale_after=timedelta(minutes=10), at=now - timedelta(minutes=10))
    assert deliver_due(now).dropped == 1
    assert (letter(code).state, letter(code).reason, letter(code).text, letter(code).html) == (
        LetterState.DROPPED,
        failures.STALE,
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
    change(held, lease_until=now + LEASE, attempts=1)
    assert deliver_due(now + LEASE - MINUTE).sent == 0
    assert deliver_due(now + LEASE + MINUTE).sent == 1
    assert letter(held).attempts == 2


def test_is_not_held_up_by_a_letter_that_cannot_be_written(
    posted: Posted, letter: Read, smtp_server: PostOffice, now: datetime
) -> None:
    broken, sound = posted(), posted("somebody@example.com")
    change(broken, subject="Hello\r\nBcc: everybody@example.com")
    batch = deliver_due(now)
    assert (batch.dead, batch.sent) == (1, 1)
    assert (letter(broken).state, letter(broken).reason) == (LetterState.DEAD, failures.UNWRITABLE)
    assert letter(sound).state is LetterState.SENT


def test_names_itself_as_the_portal_is_named(
    posted: Posted, smtp_server: PostOffice, now: datetime
) -> None:
    posted()
    deliver_due(now)
    assert smtp_server.names == ["localhost"]
