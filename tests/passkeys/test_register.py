"""Adding a passkey: what the browser is asked, and which answers are kept. It …"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.extensions import db
from app.kernel.errors import Refusal
from app.models import Activity, Letter, PasskeyQuestion, RecoveryCode
from app.passkeys import service as passkeys
from app.passkeys.relying_party import site_of
from tests.cast import Cast
from tests.passkeys.authenticator import Device, to_bytes
from tests.passkeys.conftest import Devices, asked_of, kept


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


def test_keeps_neither_the_browser_s_key_nor_a_question_s_answer(cast: Cast, now: datetime) -> None:
    _asked, browser = asked_of(cast.smith, now)
    row = db.session.scalars(select(PasskeyQuestion)).one()
    assert browser not in {
        str(getattr(row, column.key)) for column in PasskeyQuestion.__table__.columns
    }


def test_gives_a_service_account_none(cast: Cast, now: datetime) -> None:
    cast.smith.is_service = True
    with pytest.raises(passkeys.NoPasskeys):
        passkeys.ask_to_register(cast.smith, now=now)


@pytest.mark.usefixtures("at_number")
def test_says_that_a_number_is_no_address_for_passkeys(cast: Cast, now: datetime) -> None:
    with pytest.raises(Refusal, match="they need an address with a name"):
        passkeys.ask_to_register(cast.smith, now=now)


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
