"""The local mailbox: where letters go while there is no mail server. It …"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask

from app.extensions import db
from app.kernel.errors import NotFound
from app.models import Letter, LetterState
from app.outbox.delivery import deliver_due
from app.outbox.mailbox import Kept, LocalMailbox
from app.outbox.service import Draft, post

HOURS = timedelta(hours=1)
Deliver = Callable[..., Kept]


def folder(app: Flask) -> Path:
    return app.config["SETTINGS"].instance_path / "mailbox"


def test_keeps_both_parts_as_they_would_have_been_sent(delivered: Deliver, now: datetime) -> None:
    letter = delivered(language="ja_JP")
    assert (letter.to, letter.subject, letter.date) == (
        "somebody@example.com",
        "【Meibo】テストメール",
        now,
    )
    assert "これはテストメールです。" in letter.text
    assert '<html lang="ja">' in letter.html


def test_marks_the_letter_sent(
    app: Flask, delivered: Deliver, letters: Callable[..., list[Letter]]
) -> None:
    delivered()
    assert [(letter.state, letter.text) for letter in letters()] == [(LetterState.SENT, "")]


def test_is_readable_by_its_owner_only(app: Flask, delivered: Deliver) -> None:
    delivered()
    assert folder(app).stat().st_mode & 0o777 == 0o700
    assert [path.stat().st_mode & 0o777 for path in folder(app).iterdir()] == [0o600]


def test_keeps_one_file_of_a_letter_that_is_delivered_twice(
    app: Flask, delivered: Deliver, letters: Callable[..., list[Letter]], now: datetime
) -> None:
    delivered()
    [row] = letters()
    row.state, row.text, row.html = LetterState.WAITING, "again", "<p>again</p>"
    db.session.commit()
    assert deliver_due(now + HOURS).sent == 1
    assert len(list(folder(app).iterdir())) == 1


def test_shows_the_newest_first(mailbox: LocalMailbox, delivered: Deliver, now: datetime) -> None:
    delivered("old@example.com", at=now - HOURS)
    delivered("new@example.com")
    assert [mailbox.read(name).to for name in mailbox.names()] == [
        "new@example.com",
        "old@example.com",
    ]


@pytest.mark.parametrize(
    "name",
    [
        "../secret_key",
        "..",
        "",
        "x",
        "20261121000000-0123456789ab",
        "20261121000000-0123456789ab/../../secret_key",
    ],
)
def test_reads_nothing_but_its_letters(mailbox: LocalMailbox, name: str) -> None:
    with pytest.raises(NotFound):
        mailbox.read(name)


def test_throws_away_what_is_older(
    mailbox: LocalMailbox, delivered: Deliver, now: datetime
) -> None:
    delivered("old@example.com", at=now - 3 * HOURS)
    delivered("new@example.com")
    assert mailbox.clear(now - HOURS) == 1
    assert [mailbox.read(name).to for name in mailbox.names()] == ["new@example.com"]


def test_puts_a_letter_off_when_the_disk_is_full(
    app: Flask, mailbox: LocalMailbox, now: datetime
) -> None:
    folder(app).rmdir() if folder(app).exists() else None
    folder(app).write_text("in the way")
    try:
        post(
            Draft(kind="test", to="somebody@example.com", language="en", words={"asked_at": now}),
            now=now,
        )
        db.session.commit()
        assert deliver_due(now).trouble
    finally:
        folder(app).unlink()
    assert deliver_due(now + HOURS).sent == 1
