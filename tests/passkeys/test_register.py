"""Adding a passkey: what the browser is asked, and which answers are kept. It …"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from app.access.guard import SessionOver
from app.extensions import db
from app.kernel.errors import Refusal
from app.models import (
    Account,
    AccountSession,
    Activity,
    Letter,
    Passkey,
    PasskeyQuestion,
    RecoveryCode,
)
from app.passkeys import questions
from app.passkeys import service as passkeys
from app.passkeys.ceremony import NotThisPasskey
from app.passkeys.site import site_of
from app.sessions import service as sessions
from tests import cast as people
from tests.cast import Cast
from tests.conftest import at_once
from tests.passkeys.authenticator import Device, to_bytes

Devices = Callable[..., Device]


def kept(who: Account) -> list[Passkey]:
    db.session.expire_all()
    return list(
        db.session.scalars(select(Passkey).where(Passkey.account_id == who.id).order_by(Passkey.id))
    )


def asked_of(who: Account, now: datetime) -> tuple[dict[str, Any], str]:
    asked, browser = passkeys.ask_to_register(who, now=now)
    db.session.commit()
    return asked, browser


def register(who: Account, answer: str, browser: str, now: datetime, name: str = "Phone") -> None:
    """Register and keep what came of it, as the door does."""
    try:
        passkeys.register(who, answer, name=name, browser=browser, session=None, now=now)
    except Refusal as refusal:
        if refusal.keep_changes:
            db.session.commit()
        else:
            db.session.rollback()
        raise
    db.session.commit()


def test_asks_for_a_key_that_is_bound_to_this_portal_and_tells_nothing_of_its_owner(
    cast: Cast, now: datetime
) -> None:
    """ASVS 11.5.1: challenge and user handle are made of chance, at least 128 bits each, and no
    address.
    """
    (first, _), (second, _) = asked_of(cast.smith, now), asked_of(cast.smith, now)
    assert first["rp"] == {"name": "Meibo", "id": "localhost"}
    assert first["attestation"] == "none"
    assert first["authenticatorSelection"] == {
        "residentKey": "preferred",
        "requireResidentKey": False,
        "userVerification": "preferred",
    }
    assert (first["user"]["name"], first["user"]["displayName"]) == ("smith", "John Smith")
    assert len(to_bytes(first["challenge"])) >= 16
    assert len(to_bytes(first["user"]["id"])) >= 16
    assert cast.smith.email.encode() not in to_bytes(first["user"]["id"])
    assert first["challenge"] != second["challenge"]


def test_keeps_the_public_half_and_tells_its_owner_by_letter_and_log(
    cast: Cast, device_of: Devices, letters: Callable[..., list[Letter]]
) -> None:
    """ASVS 6.3.7: who owns the account is told of a new way into it."""
    device = device_of(cast.suzuki, Device(syncs=True), name="電話")
    (row,) = kept(cast.suzuki)
    assert (row.name, row.transports, row.is_synced, row.sign_count) == (
        "電話",
        "internal,hybrid",
        True,
        0,
    )
    assert to_bytes(row.credential_id) == device.held[0].id
    assert to_bytes(row.user_handle) == device.held[0].handle
    (letter,) = letters("passkey_added")
    assert (letter.recipient, letter.language) == (cast.suzuki.email, "ja_JP")
    assert "電話" in letter.text
    line = db.session.query(Activity).filter_by(event="passkey_added").one()
    assert (line.organization_id, line.subject_id, line.details) == (
        cast.aozora.id,
        cast.suzuki.id,
        {"name": "電話"},
    )


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


def test_makes_recovery_codes_with_the_first_one_only(cast: Cast, now: datetime) -> None:
    """ASVS 6.4.4: whoever loses the device has a way back."""
    codes = []
    for name in ("Phone", "Key"):
        asked, browser = asked_of(cast.smith, now)
        codes.append(
            passkeys.register(
                cast.smith,
                Device().create(asked),
                name=name,
                browser=browser,
                session=None,
                now=now,
            )
        )
        db.session.commit()
    assert codes[0]
    assert codes[1] is None
    assert db.session.scalar(
        select(func.count(RecoveryCode.id)).where(RecoveryCode.account_id == cast.smith.id)
    ) == len(codes[0])


def test_leaves_out_what_is_registered_and_keeps_the_owner_s_handle(
    cast: Cast, device_of: Devices, now: datetime
) -> None:
    first = device_of(cast.smith)
    asked, _browser = asked_of(cast.smith, now)
    assert [to_bytes(one["id"]) for one in asked["excludeCredentials"]] == [first.held[0].id]
    assert to_bytes(asked["user"]["id"]) == first.held[0].handle


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
    with pytest.raises(questions.QuestionOver):
        register(cast.smith, answer, browser, now)
    asked, browser = asked_of(cast.smith, now)
    with pytest.raises(NotThisPasskey):
        register(cast.smith, "{}", browser, now)
    with pytest.raises(questions.QuestionOver):
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
        (cast.smith, browser, now + questions.LIFE),
    ):
        with pytest.raises(questions.QuestionOver):
            register(who, answer, key, moment)
    register(cast.smith, answer, browser, now + questions.LIFE - timedelta(seconds=1))


def test_keeps_neither_the_browser_s_key_nor_a_question_s_answer(cast: Cast, now: datetime) -> None:
    _asked, browser = asked_of(cast.smith, now)
    row = db.session.scalars(select(PasskeyQuestion)).one()
    assert browser not in {
        str(getattr(row, column.key)) for column in PasskeyQuestion.__table__.columns
    }


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


def test_gives_a_service_account_none(cast: Cast, now: datetime) -> None:
    cast.smith.is_service = True
    with pytest.raises(passkeys.NoPasskeys):
        passkeys.ask_to_register(cast.smith, now=now)


@pytest.mark.usefixtures("at_number")
def test_says_that_a_number_is_no_address_for_passkeys(cast: Cast, now: datetime) -> None:
    with pytest.raises(Refusal, match="they need an address with a name"):
        passkeys.ask_to_register(cast.smith, now=now)


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


@pytest.mark.parametrize(
    ("address", "rp_id", "origin", "works"),
    [
        ("https://members.example.com", "members.example.com", "https://members.example.com", True),
        (
            "https://Members.Example.com:443",
            "members.example.com",
            "https://members.example.com",
            True,
        ),
        (
            "https://名簿.example:8443",
            "xn--eqr684g.example",
            "https://xn--eqr684g.example:8443",
            True,
        ),
        ("http://localhost:8080", "localhost", "http://localhost:8080", True),
        ("http://127.0.0.1:8080", "127.0.0.1", "http://127.0.0.1:8080", False),
        ("http://[::1]:8080", "::1", "http://[::1]:8080", False),
        ("http://members.example.com", "members.example.com", "http://members.example.com", False),
    ],
)
def test_names_the_portal_as_browsers_do(
    app: Flask, address: str, rp_id: str, origin: str, works: bool
) -> None:
    place = site_of(address, name="Meibo")
    assert (place.rp_id, place.origin, not place.obstacle) == (rp_id, origin, works)
