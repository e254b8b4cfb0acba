"""An application that sends mail to a real server, on SQLite and on PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, update

from app.extensions import db
from app.models import Letter
from app.outbox.delivery import deliver_due
from app.outbox.mailbox import Kept, LocalMailbox
from app.outbox.service import Draft, post
from tests.conftest import build_app, settings_for
from tests.servers import LOOPBACK, PostOffice

Posted = Callable[..., int]
Read = Callable[[int], Letter]
MINUTE = timedelta(minutes=1)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def mail_app(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Flask]:
    """The portal with a mail server, on each database."""
    settings = settings_for(
        tmp_path_factory.mktemp("instance"),
        mail_server=LOOPBACK,
        mail_sender="名簿 <portal@meibo.example>",
    )
    if request.param == "postgresql":
        settings = settings_for(
            settings.instance_path,
            mail_server=LOOPBACK,
            database_url=request.getfixturevalue("postgres_url"),
        )
    app = build_app(settings)
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def portal(mail_app: Flask, smtp_server: PostOffice) -> Iterator[Flask]:
    """The portal with an empty outbox, its mail going to `smtp_server`; answers are awaited for a
    second.
    """
    mail_app.extensions["mail"].port = smtp_server.port
    mail_app.config["MAIL_PATIENCE"] = 1.0
    with mail_app.app_context():
        db.session.execute(delete(Letter))
        db.session.commit()
        yield mail_app
        db.session.remove()


@pytest.fixture
def posted(portal: Flask, now: datetime) -> Callable[..., int]:
    """`posted("somebody@example.com")`: post a test letter and return its id."""

    def posting(
        to: str = "somebody@example.com",
        *,
        at: datetime = now,
        language: str = "en",
        stale_after: timedelta | None = None,
        **words: Any,
    ) -> int:
        letter = post(
            Draft(
                kind="test",
                to=to,
                language=language,
                words={"asked_at": at} | words,
                stale_after=stale_after,
            ),
            now=at,
        )
        db.session.commit()
        return letter.id

    return posting


@pytest.fixture
def letter(portal: Flask) -> Callable[[int], Letter]:
    """`letter(id)`: the row as it is now."""

    def read(letter_id: int) -> Letter:
        db.session.rollback()
        return db.session.get_one(Letter, letter_id, populate_existing=True)

    return read


@pytest.fixture
def mailbox(app: Flask) -> LocalMailbox:
    box = LocalMailbox(app.config["SETTINGS"].instance_path)
    box.clear()
    return box


@pytest.fixture
def delivered(mailbox: LocalMailbox, now: datetime) -> Callable[..., Kept]:
    """`delivered(language="ja_JP")`: a test letter in the mailbox."""

    def deliver(to: str = "somebody@example.com", language: str = "en", at: datetime = now) -> Kept:
        post(Draft(kind="test", to=to, language=language, words={"asked_at": at}), now=at)
        db.session.commit()
        deliver_due(now)
        return next(letter for letter in map(mailbox.read, mailbox.names()) if letter.to == to)

    return deliver


def change(letter_id: int, **values: object) -> None:
    db.session.execute(update(Letter).where(Letter.id == letter_id).values(**values))
    db.session.commit()
