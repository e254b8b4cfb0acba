"""Signing in with a passkey is refused whatever is forged, copied, late or somebody else's. It …"""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from app.extensions import db
from app.models import Passkey
from app.passkeys import authentication, challenges
from app.passkeys.ceremony import NotThisPasskey
from app.passkeys.challenges import Purpose
from tests import cast as people
from tests.cast import Cast
from tests.conftest import at_once
from tests.passkeys.authenticator import Device, to_bytes, to_text
from tests.passkeys.conftest import IP, Devices, asked_anybody, failures, sign_in


@pytest.mark.parametrize(
    "wrong",
    [
        {"origin": "http://127.0.0.1"},
        {"origin": "http://localhost.evil.example"},
        {"challenge": "AAAA"},
        {"type": "webauthn.create"},
        {"crossOrigin": True},
    ],
)
def test_refuses_and_logs_what_was_signed_for_another_address_question_or_purpose(
    cast: Cast, device_of: Devices, now: datetime, wrong: dict[str, Any]
) -> None:
    """ASVS 6.3.3: a false copy of the page gets nothing that works here."""
    device = device_of(cast.smith)
    asked, browser = asked_anybody(now)
    with pytest.raises(NotThisPasskey):
        sign_in(device.get(asked, **wrong), browser, now)
    assert failures() == [(cast.smith.id, "passkey")]


def test_refuses_another_host_s_another_owner_s_and_an_unknown_passkey(
    cast: Cast, device_of: Devices, now: datetime
) -> None:
    device, other = device_of(cast.smith), device_of(cast.tanaka)
    device.rp_id = "example.com"
    stolen = Device(held=[other.held[0]])
    stolen.held[0].handle = device.held[0].handle
    forged = Device(
        held=[type(other.held[0])(device.held[0].id, other.held[0].key, device.held[0].handle, 9)]
    )
    unknown = Device()
    unknown.create({"rp": {"id": "localhost"}, "user": {"id": "aaaa"}, "challenge": "aaaa"})
    for each in (device, stolen, forged, unknown):
        asked, browser = asked_anybody(now)
        with pytest.raises(NotThisPasskey):
            sign_in(each.get(asked), browser, now)
    assert failures() == [
        (cast.smith.id, "passkey"),
        (cast.tanaka.id, "passkey"),
        (cast.smith.id, "passkey"),
        (None, "passkey"),
    ]


def test_refuses_who_did_not_show_the_device_who_they_are(
    cast: Cast, device_of: Devices, now: datetime
) -> None:
    """ASVS 6.3.3: without a password, presence alone is one factor; as the second step it is
    enough.
    """
    device = device_of(cast.smith, Device(verifies=False))
    asked, browser = asked_anybody(now)
    with pytest.raises(NotThisPasskey):
        sign_in(device.get(asked), browser, now)
    asked, browser = authentication.ask_to_prove(cast.smith, Purpose.SECOND_STEP, now=now)
    assert (
        authentication.prove(
            cast.smith, device.get(asked), Purpose.SECOND_STEP, browser=browser, ip=IP, now=now
        ).account
        == cast.smith
    )


def test_refuses_an_answer_that_names_no_owner_unless_the_owner_is_known(
    cast: Cast, device_of: Devices, now: datetime
) -> None:
    device = device_of(cast.smith)

    def nameless(asked: dict[str, Any]) -> str:
        told = json.loads(device.get(asked))
        del told["response"]["userHandle"]
        return json.dumps(told)

    asked, browser = asked_anybody(now)
    with pytest.raises(NotThisPasskey):
        sign_in(nameless(asked), browser, now)
    asked, browser = authentication.ask_to_prove(cast.smith, Purpose.SECOND_STEP, now=now)
    assert authentication.prove(
        cast.smith, nameless(asked), Purpose.SECOND_STEP, browser=browser, ip=IP, now=now
    )


def test_finds_a_copy_out_by_its_count_and_logs_it(
    cast: Cast, device_of: Devices, now: datetime
) -> None:
    """ASVS 6.3.3: of two devices with one key, the second is refused."""
    device = device_of(cast.smith)
    asked, browser = asked_anybody(now)
    sign_in(device.get(asked), browser, now)
    for behind in (1, 2):
        device.held[0].count = 1 - behind
        asked, browser = asked_anybody(now)
        with pytest.raises(authentication.CopiedPasskey):
            sign_in(device.get(asked), browser, now)
    assert failures() == [(cast.smith.id, "passkey_copied")] * 2
    assert db.session.scalars(select(Passkey)).one().sign_count == 1


def test_takes_an_answer_once_in_its_time_and_browser(
    cast: Cast, device_of: Devices, now: datetime
) -> None:
    """ASVS 6.5.1, 6.5.5"""
    device = device_of(cast.smith, Device(counts=False))
    asked, browser = asked_anybody(now)
    _other, elsewhere = asked_anybody(now)
    answer = device.get(asked)
    for key, moment in (("", now), (browser, now + challenges.LIFE)):
        with pytest.raises(challenges.QuestionOver):
            sign_in(answer, key, moment)
    with pytest.raises(NotThisPasskey):
        sign_in(answer, elsewhere, now)
    assert sign_in(answer, browser, now) == cast.smith
    with pytest.raises(challenges.QuestionOver):
        sign_in(answer, browser, now)


def test_takes_no_answer_to_a_question_for_something_else(
    cast: Cast, device_of: Devices, now: datetime
) -> None:
    device = device_of(cast.smith)
    asked, browser = authentication.ask_to_prove(cast.smith, Purpose.PROOF, now=now)
    db.session.commit()
    answer = device.get(asked)
    with pytest.raises(challenges.QuestionOver):
        sign_in(answer, browser, now)
    with pytest.raises(challenges.QuestionOver):
        authentication.prove(
            cast.smith, answer, Purpose.SECOND_STEP, browser=browser, ip=IP, now=now
        )
    with pytest.raises(challenges.QuestionOver):
        authentication.prove(cast.tanaka, answer, Purpose.PROOF, browser=browser, ip=IP, now=now)
    assert (
        authentication.prove(
            cast.smith, answer, Purpose.PROOF, browser=browser, ip=IP, now=now
        ).account
        == cast.smith
    )


def test_of_two_answers_at_once_one_gets_in(
    each_app: Flask, device_of: Devices, now: datetime
) -> None:
    """ASVS 15.4.2: the same answer at the same moment; and two copies with one count."""
    cast = people.assemble()
    device, who = device_of(cast.smith), cast.smith.id
    asked, browser = asked_anybody(now)
    answer = device.get(asked)
    results = at_once(each_app, *[lambda: sign_in(answer, browser, now).id] * 3)
    assert sorted(map(str, (getattr(one, "name", one) for one in results))) == sorted(
        [str(who), "QuestionOver", "QuestionOver"]
    )
    answers = []
    for _copy in range(2):
        asked, browser = asked_anybody(now)
        device.held[0].count = 1
        answers.append((device.get(asked), browser))
    results = at_once(each_app, *(lambda pair=pair: sign_in(*pair, now).id for pair in answers))  # type: ignore[misc]
    assert sorted(str(getattr(one, "name", one)) for one in results) == sorted(
        [str(who), "CopiedPasskey"]
    )


@pytest.fixture
def phone(cast: Cast, device_of: Devices) -> Device:
    return device_of(cast.smith, Device(counts=False))


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    part=st.sampled_from(["clientDataJSON", "authenticatorData", "signature", "userHandle"]),
    noise=st.binary(max_size=60),
    place=st.integers(0, 60),
)
def test_refuses_every_answer_that_was_tampered_with(
    phone: Device, now: datetime, part: str, noise: bytes, place: int
) -> None:
    """ASVS 16.5.3: whatever the bytes, a refusal and no fault."""
    asked, browser = challenges.issue(Purpose.SIGN_IN, account=None, now=now)
    told = json.loads(phone.get({"rpId": "localhost", "challenge": asked.challenge}))
    before = to_bytes(told["response"][part])
    after = before[:place] + noise + before[place + len(noise) :]
    assume(after != before)
    told["response"][part] = to_text(after)
    db.session.commit()
    with pytest.raises(NotThisPasskey):
        sign_in(json.dumps(told), browser, now)
