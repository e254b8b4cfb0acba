"""Settings that no mail server can be used with: no letter dies of them. It …"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask

from app.extensions import db
from app.models import Letter, LetterState
from app.outbox import failures
from app.outbox.delivery import deliver_due
from tests.servers import PostOffice

Posted = Callable[..., int]
Read = Callable[[int], Letter]


@pytest.mark.parametrize(
    "faulty",
    [
        {"username": "portal", "password": "鍵pass"},
        {"username": "門", "password": "pass"},
        {"server": "smtp..example.com"},
        {"server": f"{'a' * 70}.example.com"},
    ],
    ids=["password", "user name", "empty label", "70-letter label"],
)
def test_says_which_settings_and_lets_every_letter_wait(
    portal: Flask,
    posted: Posted,
    letter: Read,
    smtp_server: PostOffice,
    monkeypatch: pytest.MonkeyPatch,
    now: datetime,
    faulty: dict[str, Any],
) -> None:
    """T2-06: a reason on the outbox, no lease left, and all of them leave once it is mended."""
    letters = [posted("one@example.com"), posted("two@example.com")]
    with monkeypatch.context() as broken:
        for name, value in faulty.items():
            broken.setattr(portal.extensions["mail"], name, value)
        assert deliver_due(now).trouble == failures.SETTINGS
        for one in map(letter, letters):
            assert (one.state, one.lease_until) == (LetterState.WAITING, None)
            assert "MAIL_SERVER" in failures.spoken(one.reason)
            assert "鍵" not in failures.spoken(one.reason)
    assert deliver_due(now + timedelta(minutes=2)).sent == 2


@pytest.mark.parametrize(
    "sender", ["Meibo, Inc. <meibo@example.com>", "Meibo", "meibo@", "meibo@例え.jp", "@", ""]
)
def test_lets_letters_wait_while_the_sender_is_no_address(
    portal: Flask,
    posted: Posted,
    letter: Read,
    smtp_server: PostOffice,
    monkeypatch: pytest.MonkeyPatch,
    now: datetime,
    sender: str,
) -> None:
    """T2-05: whatever the start let through, the letter is not to blame."""
    faulty = replace(portal.config["SETTINGS"], mail_sender=sender)
    with monkeypatch.context() as broken:
        broken.setitem(portal.config, "SETTINGS", faulty)
        waiting = posted()
        deliver_due(now)
        assert letter(waiting).state is LetterState.WAITING
        assert "MAIL_DEFAULT_SENDER" in failures.spoken(letter(waiting).reason)
        assert letter(waiting).lease_until is None
    assert deliver_due(now + timedelta(minutes=2)).sent == 1


def test_sends_what_somebody_waits_for_between_any_two_letters(
    portal: Flask, posted: Posted, letter: Read, smtp_server: PostOffice, now: datetime
) -> None:
    """T2-100: a code posted while a hundred invitations leave is the next letter."""
    for number in range(4):
        posted(f"person{number}@example.com")
    db.session.execute(db.update(Letter).values(kind="invite"))
    db.session.commit()

    def post_a_code(mail: Any) -> None:
        if len(smtp_server.mails) == 1:
            with portal.app_context():
                posted("waiting@example.com", stale_after=timedelta(minutes=10))

    smtp_server.on_mail = post_a_code
    assert deliver_due(now).sent == 5
    assert smtp_server.mails[1]["To"] == "waiting@example.com"
