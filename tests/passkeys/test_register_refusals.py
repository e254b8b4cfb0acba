"""Adding a passkey is refused whatever is forged, late, too much or somebody else's. It …"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import update

from app.access.locks import SessionOver
from app.extensions import db
from app.models import Account, AccountSession
from app.passkeys import challenges
from app.passkeys import service as passkeys
from app.passkeys.ceremony import NotThisPasskey
from app.sessions import service as sessions
from tests import cast as people
from tests.cast import Cast
from tests.conftest import at_once
from tests.passkeys.authenticator import Device
from tests.passkeys.conftest import Devices, asked_of, kept, register


def test_is_added_by_no_session_that_was_ended_meanwhile(cast: Cast, now: datetime) -> None:
    """ASVS 7.4.1, 15.4.2: whoever ended it may have shut a thief out."""
    session, _key = sessions.open_session(cast.smith, now=now, ip="", user_agent="")
    db.session.commit()
    asked, browser = asked_of(cast.smith, now)
    db.session.execute(
        update(AccountSession).values(ended_at=now),
        execution_options={"synchronize_session": False},
    )
    with pytest.raises(SessionOver):
        passkeys.register(
            cast.smith,
            Device().create(asked),
            name="Thief",
            browser=browser,
            session=session,
            now=now,
        )
    db.session.rollback()
    assert kept(cast.smith) == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"origin": "http://127.0.0.1"},
        {"origin": "https://localhost"},
        {"origin": "http://localhost:8080"},
        {"challenge": "AAAA"},
        {"type": "webauthn.get"},
        {"crossOrigin": True},
    ],
)
def test_refuses_what_was_made_for_another_address_question_or_purpose(
    cast: Cast, now: datetime, wrong: dict[str, Any]
) -> None:
    """ASVS 6.5.1, 6.3.3: bound to origin and challenge."""
    asked, browser = asked_of(cast.smith, now)
    with pytest.raises(NotThisPasskey):
        register(cast.smith, Device().create(asked, **wrong), browser, now)
    assert kept(cast.smith) == []


def test_refuses_a_key_for_another_host(cast: Cast, now: datetime) -> None:
    asked, browser = asked_of(cast.smith, now)
    with pytest.raises(NotThisPasskey):
        register(cast.smith, Device(rp_id="example.com").create(asked), browser, now)


@pytest.mark.parametrize(
    "answer",
    [
        "",
        "null",
        "[]",
        "{}",
        "\x00",
        '{"id": 1}',
        '{"id":"é","rawId":"é","type":"public-key","response":{}}',
        "[" * 9000,
    ],
)
def test_refuses_what_no_browser_says(cast: Cast, now: datetime, answer: str) -> None:
    _asked, browser = asked_of(cast.smith, now)
    with pytest.raises(NotThisPasskey):
        register(cast.smith, answer, browser, now)


def test_takes_an_answer_once(cast: Cast, now: datetime) -> None:
    """ASVS 6.5.1: replayed, the very same answer is worth nothing; a refused one is used
    up, too."""
    asked, browser = asked_of(cast.smith, now)
    answer = Device().create(asked)
    register(cast.smith, answer, browser, now)
    with pytest.raises(challenges.QuestionOver):
        register(cast.smith, answer, browser, now)
    asked, browser = asked_of(cast.smith, now)
    with pytest.raises(NotThisPasskey):
        register(cast.smith, "{}", browser, now)
    with pytest.raises(challenges.QuestionOver):
        register(cast.smith, Device().create(asked), browser, now)
    assert len(kept(cast.smith)) == 1


def test_takes_no_answer_to_the_question_of_another_browser_account_or_time(
    cast: Cast, now: datetime
) -> None:
    """ASVS 6.5.5: five minutes."""
    asked, browser = asked_of(cast.smith, now)
    answer = Device().create(asked)
    _other, elsewhere = asked_of(cast.tanaka, now)
    for who, key, moment in (
        (cast.smith, "", now),
        (cast.smith, elsewhere, now),
        (cast.tanaka, browser, now),
        (cast.smith, browser, now + challenges.LIFE),
    ):
        with pytest.raises(challenges.QuestionOver):
            register(who, answer, key, moment)
    register(cast.smith, answer, browser, now + challenges.LIFE - timedelta(seconds=1))


def test_refuses_a_key_that_somebody_has_already(
    cast: Cast, device_of: Devices, now: datetime
) -> None:
    held = device_of(cast.tanaka).held[0]
    asked, browser = asked_of(cast.smith, now)
    with pytest.raises(passkeys.KnownPasskey):
        register(cast.smith, Device().create(asked, called=held.id), browser, now)
    assert kept(cast.smith) == []


def test_stops_at_ten(cast: Cast, device_of: Devices, now: datetime) -> None:
    for number in range(passkeys.MOST):
        device_of(cast.smith, name=f"Key {number}")
    with pytest.raises(passkeys.TooManyPasskeys):
        passkeys.ask_to_register(cast.smith, now=now)


@pytest.mark.parametrize("name", ["", "  ", "x" * 65, "a\nb", "a\x00b"])
def test_needs_a_name(cast: Cast, now: datetime, name: str) -> None:
    asked, browser = asked_of(cast.smith, now)
    with pytest.raises(passkeys.NoPasskeyName):
        register(cast.smith, Device().create(asked), browser, now, name=name)
    assert kept(cast.smith) == []


def test_of_two_answers_at_once_one_is_kept(each_app: Flask, now: datetime) -> None:
    """ASVS 15.4.2: the same answer three times at the same moment."""
    cast = people.assemble()
    asked, browser = asked_of(cast.smith, now)
    answer, who = Device().create(asked), cast.smith.id

    def send() -> None:
        register(db.session.get_one(Account, who), answer, browser, now)

    results = at_once(each_app, send, send, send)
    assert sorted(type(one).__name__ for one in results) == [
        "NoneType",
        "QuestionOver",
        "QuestionOver",
    ]
    assert len(kept(cast.smith)) == 1


def test_of_two_last_ones_at_once_one_is_kept(
    each_app: Flask, device_of: Devices, now: datetime
) -> None:
    """ASVS 2.3.4: ten are ten."""
    cast = people.assemble()
    for number in range(passkeys.MOST - 1):
        device_of(cast.smith, name=f"Key {number}")
    who, pairs = cast.smith.id, [asked_of(cast.smith, now) for _browser in range(2)]

    def sending(asked: dict[str, Any], browser: str) -> Callable[[], None]:
        answer = Device().create(asked)
        return lambda: register(db.session.get_one(Account, who), answer, browser, now)

    results = at_once(each_app, *(sending(*pair) for pair in pairs))
    assert {type(one).__name__ for one in results} == {"NoneType", "TooManyPasskeys"}
    assert len(kept(cast.smith)) == passkeys.MOST
