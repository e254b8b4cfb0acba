"""Posting. It …"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from email.utils import formataddr

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from app.extensions import db
from app.jobs import queue
from app.models import Letter, LetterState
from app.outbox.message import LetterMail, UnsendableAddress, one_line, travel_address
from app.outbox.service import Draft, NothingToRetry, portal_url, post, retry
from config import Settings
from tests.servers import free_port

Posted = Callable[..., int]
Read = Callable[[int], Letter]


def draft(to: str = "somebody@example.com", **more: object) -> Draft:
    return Draft(
        **({"kind": "test", "to": to, "language": "en", "words": {"asked_at": NOW}} | more)
    )  # type: ignore[arg-type]


NOW = datetime.fromisoformat("2026-11-21T01:00:00+00:00")


@pytest.fixture
def asked(portal: Flask) -> Callable[[], int]:
    """How often the queue was asked for something."""
    jobs = queue.of(portal)
    jobs.huey.flush()
    return jobs.huey.pending_count


def test_writes_both_parts_in_the_recipients_language(portal: Flask, now: datetime) -> None:
    english, japanese = post(draft(), now=now), post(draft(language="ja_JP"), now=now)
    assert (english.subject, japanese.subject) == (
        "Test letter from Meibo",
        "【Meibo】テストメール",
    )
    assert "This is a test letter." in english.text
    assert "<h1" in english.html
    assert "これはテストメールです。" in japanese.text
    assert 'lang="ja"' in japanese.html


def test_falls_back_to_english_where_a_language_has_no_letters(
    portal: Flask, now: datetime
) -> None:
    assert post(draft(language="fr"), now=now).subject == "Test letter from Meibo"


def test_links_to_the_public_address_only(portal: Flask, now: datetime) -> None:
    with portal.test_request_context("/", base_url="http://evil.example"):
        letter = post(draft(), now=now)
    assert "evil.example" not in letter.text + letter.html
    assert "http://localhost/" in letter.text
    assert "http://localhost/" in letter.html


@pytest.mark.parametrize("path", ["//evil.example/", "https://evil.example/", "evil", ""])
def test_makes_no_link_to_another_site(portal: Flask, path: str) -> None:
    with pytest.raises(ValueError, match="not a local path"):
        portal_url(path)


@pytest.mark.parametrize(
    "address",
    [
        "somebody@example.com\r\nBcc: all@example.com",
        "somebody@example.com\n",
        "a@b@example.com",
        "a b@example.com",
        "@example.com",
        "somebody@",
        "",
        "some\x00body@example.com",
        "Name <somebody@example.com>",
        "a@example.com,b@example.com",
        "名前@example.com",
        "a@" + "x" * 64 + ".com",
        "a" * 250 + "@example.com",
    ],
)
def test_refuses_an_address_that_mail_cannot_be_sent_to(
    portal: Flask, now: datetime, address: str
) -> None:
    with pytest.raises(UnsendableAddress) as refused:
        post(draft(address), now=now)
    assert "\n" not in str(refused.value)
    assert db.session.scalar(select(func.count(Letter.id))) == 0


@given(st.text(max_size=300))
def test_never_lets_an_address_break_out_of_its_header(text: str) -> None:
    try:
        address = travel_address(text)
    except UnsendableAddress:
        return
    assert address.isascii()
    assert address.isprintable()
    assert " " not in address


@given(st.text(max_size=600))
def test_never_lets_a_subject_break_out_of_its_header(text: str) -> None:
    assert one_line(text).isprintable()
    assert len(one_line(text)) <= 300


@given(subject=st.text(max_size=600), text=st.text(), sender=st.text(max_size=50))
def test_writes_any_words_as_one_mail_to_one_person(subject: str, text: str, sender: str) -> None:
    letter = Letter(
        message_id="<1@localhost>",
        recipient="somebody@example.com",
        language="en",
        subject=one_line(subject),
        created_at=NOW,
        text=text.encode("utf-8", "replace").decode(),
        html="<p>x</p>",
    )
    mail = message_from_bytes(
        LetterMail(letter, formataddr((one_line(sender), "portal@example.com"))).as_bytes(),
        policy=policy.default,
    )
    assert sorted(key.lower() for key in mail) == sorted(
        [
            "subject",
            "from",
            "to",
            "date",
            "message-id",
            "mime-version",
            "content-type",
            "auto-submitted",
            "x-auto-response-suppress",
            "content-language",
        ]
    )
    assert str(mail["To"]) == "somebody@example.com"


def test_makes_one_line_of_a_subject(portal: Flask, now: datetime) -> None:
    portal.config["APP_NAME"] = "Meibo\r\nBcc: all@example.com"
    try:
        assert post(draft(), now=now).subject == "Test letter from Meibo Bcc: all@example.com"
    finally:
        portal.config["APP_NAME"] = "Meibo"


def test_asks_for_delivery_once_committed(
    portal: Flask, now: datetime, asked: Callable[[], int]
) -> None:
    post(draft(), now=now)
    db.session.flush()
    assert asked() == 0
    db.session.commit()
    assert asked() == 1


def test_asks_once_for_many_letters_and_never_without_one(
    portal: Flask, now: datetime, asked: Callable[[], int]
) -> None:
    for number in range(3):
        post(draft(f"person{number}@example.com"), now=now)
    db.session.commit()
    db.session.execute(select(Letter))
    db.session.commit()
    assert asked() == 1


def test_waits_for_the_whole_transaction_when_posted_in_a_part_of_it(
    portal: Flask, now: datetime, asked: Callable[[], int]
) -> None:
    with db.session.begin_nested():
        post(draft(), now=now)
    assert asked() == 0
    db.session.commit()
    assert asked() == 1


def test_leaves_nothing_behind_when_the_transaction_fails(
    portal: Flask, now: datetime, asked: Callable[[], int]
) -> None:
    post(draft(), now=now)
    db.session.flush()
    db.session.rollback()
    db.session.execute(select(1))
    db.session.commit()
    assert asked() == 0
    assert db.session.scalar(select(func.count(Letter.id))) == 0


def test_costs_the_caller_nothing_when_the_queue_is_down(portal: Flask, now: datetime) -> None:
    jobs = queue.of(portal)
    sound, jobs.huey.storage = jobs.huey.storage, queue.build(_with_redis_down(portal)).storage
    try:
        letter = post(draft(), now=now)
        db.session.commit()
        assert letter.state is LetterState.WAITING
        assert not jobs.is_reachable()
    finally:
        jobs.huey.storage, jobs.silent_until = sound, 0.0


def test_sends_a_dead_letter_again(
    portal: Flask, posted: Posted, letter: Read, now: datetime, asked: Callable[[], int]
) -> None:
    dead = letter(posted())
    dead.state, dead.attempts, dead.due_at = LetterState.DEAD, 5, now - timedelta(days=1)
    db.session.commit()
    retry(dead, now=now)
    db.session.commit()
    assert (dead.state, dead.attempts, dead.due_at) == (LetterState.WAITING, 0, now)
    assert asked() == 2


@pytest.mark.parametrize("state", [LetterState.SENT, LetterState.DROPPED])
def test_refuses_to_send_a_letter_whose_content_is_gone(
    posted: Posted, letter: Read, now: datetime, state: LetterState
) -> None:
    gone = letter(posted())
    gone.state, gone.text = state, ""
    with pytest.raises(NothingToRetry):
        retry(gone, now=now)


def _with_redis_down(portal: Flask) -> Settings:
    return replace(portal.config["SETTINGS"], redis_url=f"redis://127.0.0.1:{free_port()}/0")
