"""The outbox screen of the platform administrator (B-87). It …"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask

from app.extensions import db
from app.models import Account, Letter, LetterState
from app.outbox import failures
from app.outbox.service import Draft, post
from tests.cast import Cast
from tests.conftest import PortalClient

As = Callable[[Account], PortalClient]
Write = Callable[..., Letter]
SECRET = "number-four-two"


@pytest.fixture
def written(app: Flask, now: datetime) -> Write:
    """`written(state=LetterState.DEAD)`: a letter in some state, its text secret."""

    def write(to: str = "somebody@example.com", **values: object) -> Letter:
        letter = post(Draft(kind="test", to=to, language="en", words={"asked_at": now}), now=now)
        letter.text, letter.html = SECRET, f"<p>{SECRET}</p>"
        for name, value in values.items():
            setattr(letter, name, value)
        db.session.commit()
        return letter

    return write


@pytest.fixture
def root(cast: Cast, as_: As) -> PortalClient:
    return as_(cast.root)


def text(client: PortalClient, path: str = "/outbox/list/") -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def test_shows_state_reason_tries_and_next_try(
    root: PortalClient, written: Write, now: datetime
) -> None:
    written(
        "grey@example.com",
        reason="451 come back later",
        attempts=3,
        due_at=now + timedelta(minutes=50),
    )
    written("nobody@example.com", state=LetterState.DEAD, reason="550 no such person")
    written("late@example.com", state=LetterState.DROPPED, reason=failures.STALE)
    page = text(root)
    for words in (
        "grey@example.com",
        "451 come back later",
        "Waiting",
        "Undeliverable",
        "550 no such person",
        "Dropped",
        "Out of date before",
    ):
        assert words in page


def test_never_shows_what_a_letter_says(root: PortalClient, written: Write) -> None:
    letter = written()
    for path in ("/outbox/list/", f"/outbox/show/{letter.id}", f"/outbox/list/?q={SECRET}"):
        assert f">{SECRET}<" not in text(root, path)
    assert "somebody@example.com" not in text(root, f"/outbox/list/?q={SECRET}"), (
        "nor can it be searched for"
    )


def test_says_above_the_list_why_letters_wait(root: PortalClient, written: Write) -> None:
    assert "tried again by themselves" not in text(root)
    for number in range(2):
        written(f"person{number}@example.com", reason="Connection refused")
    page = text(root)
    assert "tried again by themselves" in page
    assert "2 letters: Connection refused" in page


def test_narrows_by_state_and_words(root: PortalClient, written: Write) -> None:
    written("one@example.com")
    written("two@example.com", state=LetterState.DEAD)
    dead = text(root, "/outbox/list/?state=dead")
    assert "two@example.com" in dead
    assert "one@example.com" not in dead
    found = text(root, "/outbox/list/?q=ONE@")
    assert "one@example.com" in found
    assert "two@example.com" not in found


@pytest.mark.parametrize(
    "query",
    [
        "state=nonsense",
        "sort=text",
        "sort=html",
        "page=999",
        "page=x",
        "page_size=7",
        "q=%25%5F%5C",
        "q=%00",
    ],
)
def test_reads_nonsense_as_nothing(root: PortalClient, written: Write, query: str) -> None:
    written()
    text(root, f"/outbox/list/?{query}")


def test_sends_a_dead_letter_again(
    root: PortalClient, written: Write, letters: Callable[..., list[Letter]]
) -> None:
    letter = written(state=LetterState.DEAD, attempts=4)
    answer = root.submit(
        f"/outbox/action/retry/{letter.id}", page="/outbox/list/", follow_redirects=True
    )
    assert "The letter is being sent again." in answer.get_data(as_text=True)
    assert [(row.state, row.attempts) for row in letters()] == [(LetterState.WAITING, 0)]


def test_sends_several_again_and_says_which_cannot_be(
    root: PortalClient, written: Write, letters: Callable[..., list[Letter]]
) -> None:
    rows = [
        written("dead@example.com", state=LetterState.DEAD),
        written("gone@example.com", state=LetterState.SENT, text="", html=""),
    ]
    answer = root.act(
        "/outbox/action_post",
        {"action": "retry", "rowid": [str(row.id) for row in rows]},
        page="/outbox/list/",
        follow_redirects=True,
    )
    page = answer.get_data(as_text=True)
    assert "1 letter is being sent again." in page
    assert "has already left" in page
    assert [row.state for row in letters()] == [LetterState.WAITING, LetterState.SENT]


def test_offers_to_send_again_only_what_can_be(root: PortalClient, written: Write) -> None:
    dead, sent = written(state=LetterState.DEAD), written(state=LetterState.SENT, text="", html="")
    assert f"/outbox/action/retry/{dead.id}" in text(root, f"/outbox/show/{dead.id}")
    assert f"/outbox/action/retry/{sent.id}" not in text(root, f"/outbox/show/{sent.id}")


def test_sends_a_test_letter_to_whoever_asks_in_their_language(
    root: PortalClient, cast: Cast, letters: Callable[..., list[Letter]]
) -> None:
    cast.root.language = "ja_JP"
    db.session.commit()
    answer = root.submit("/outbox/test", page="/outbox/list/")
    assert answer.status_code == 302
    [letter] = letters("test")
    assert (letter.recipient, letter.language, letter.state) == (
        cast.root.email,
        "ja_JP",
        LetterState.WAITING,
    )


def test_says_what_will_become_of_the_test_letter(root: PortalClient) -> None:
    page = root.submit("/outbox/test", page="/outbox/list/", follow_redirects=True).get_data(
        as_text=True
    )
    assert "A test letter to root@example.com is on its way." in page


@pytest.mark.parametrize("path", ["/outbox/test", "/outbox/action/retry/1", "/outbox/action_post"])
def test_changes_nothing_on_get_or_without_the_forms_token(
    root: PortalClient, written: Write, path: str
) -> None:
    letter = written(state=LetterState.DEAD)
    asks = "/action/" in path
    assert root.get(path).status_code in ({200} if asks else {404, 405})
    assert root.post(path, data={"action": "retry", "rowid": "1"}).status_code == 400
    db.session.expire_all()
    assert letter.state is LetterState.DEAD


@pytest.mark.parametrize("who", ["tanaka", "smith", "yamada", "newcomer"])
def test_is_the_platform_administrators_alone(
    cast: Cast, as_: As, written: Write, who: str
) -> None:
    letter = written()
    browser = as_(getattr(cast, who))
    for path in ("/outbox/list/", f"/outbox/show/{letter.id}"):
        answer = browser.get(path)
        assert answer.status_code in {302, 403, 404}
        assert "somebody@example.com" not in answer.get_data(as_text=True)
    assert browser.submit("/outbox/test", page="/profile/").status_code in {302, 403, 404}
    assert db.session.query(Letter).count() == 1


def test_costs_few_statements_however_many_letters(
    root: PortalClient, written: Write, statements: Callable[[], list[str]]
) -> None:
    for number in range(30):
        written(f"person{number}@example.com")
    text(root)
    statements()
    text(root)
    assert len(statements()) <= 8
