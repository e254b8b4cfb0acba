"""Showing with a passkey who one is: signing in without a password, and the second step. It …"""

from __future__ import annotations

from datetime import datetime

import pytest
from sqlalchemy import select

from app.extensions import db
from app.models import Passkey
from app.passkeys import authentication
from app.passkeys.ceremony import NotThisPasskey
from app.passkeys.challenges import Purpose
from tests.cast import Cast
from tests.passkeys.authenticator import Device, to_bytes
from tests.passkeys.conftest import IP, Devices, asked_anybody, failures, sign_in


def test_asks_a_stranger_for_whichever_passkey_they_have_and_to_show_the_device_who_they_are(
    cast: Cast, device_of: Devices, now: datetime
) -> None:
    """ASVS 6.3.8: what a stranger is asked tells nothing of who has an account."""
    device_of(cast.smith)
    asked, _browser = asked_anybody(now)
    assert (asked["rpId"], asked["allowCredentials"], asked["userVerification"]) == (
        "localhost",
        [],
        "required",
    )


def test_finds_the_account_by_its_passkey_and_notes_the_use(
    cast: Cast, device_of: Devices, now: datetime
) -> None:
    device_of(cast.tanaka)
    device = device_of(cast.smith)
    for count in (1, 2):
        asked, browser = asked_anybody(now)
        assert sign_in(device.get(asked), browser, now) == cast.smith
        row = db.session.scalars(select(Passkey).where(Passkey.account_id == cast.smith.id)).one()
        assert (row.last_used_at, row.sign_count) == (now, count)


def test_takes_passkeys_that_do_not_count_and_notes_that_they_are_synced_now(
    cast: Cast, device_of: Devices, now: datetime
) -> None:
    device = device_of(cast.smith, Device(counts=False))
    device.syncs = True
    for _time in range(2):
        asked, browser = asked_anybody(now)
        assert sign_in(device.get(asked), browser, now) == cast.smith
    assert db.session.scalars(select(Passkey)).one().is_synced


def test_takes_only_the_account_s_own_passkeys_as_second_step(
    cast: Cast, device_of: Devices, now: datetime
) -> None:
    device, other = device_of(cast.smith), device_of(cast.tanaka)
    asked, browser = authentication.ask_to_prove(cast.smith, Purpose.SECOND_STEP, now=now)
    assert [to_bytes(one["id"]) for one in asked["allowCredentials"]] == [device.held[0].id]
    assert asked["userVerification"] == "preferred"
    with pytest.raises(NotThisPasskey):
        authentication.prove(
            cast.smith, other.get(asked), Purpose.SECOND_STEP, browser=browser, ip=IP, now=now
        )
    assert failures() == [(cast.smith.id, "passkey")]


def test_knows_no_service_account(cast: Cast, device_of: Devices, now: datetime) -> None:
    device = device_of(cast.smith)
    cast.smith.is_service = True
    asked, browser = asked_anybody(now)
    with pytest.raises(NotThisPasskey):
        sign_in(device.get(asked), browser, now)
