"""Resetting somebody's second factor. It …"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from sqlalchemy import select

from app.access.seat import Seat
from app.access.two_factor import Method
from app.extensions import db
from app.models import Account, Activity, AuthenticatorApp, Letter, Passkey, RecoveryCode
from app.two_factor import devices, resetting
from app.two_factor.methods import methods_of
from tests import factories
from tests.cast import Cast
from tests.conftest import PortalClient
from tests.two_factor.conftest import Phone

Phones = Callable[..., Phone]
Letters = Callable[..., list[Letter]]


@pytest.fixture
def tanaka(cast: Cast) -> Seat:
    return factories.seat(cast.membership(cast.tanaka))


def test_removes_everything_and_ends_every_session(
    cast: Cast,
    tanaka: Seat,
    phone: Phones,
    now: datetime,
    as_: Callable[[Account], PortalClient],
    letters: Letters,
) -> None:
    """BEYOND B-51, ASVS 6.4.4, 6.3.7: the owner is told by whom; nobody else's is touched."""
    phone(cast.smith, now)
    phone(cast.suzuki, now)
    db.session.add(
        Passkey(
            account=cast.smith,
            credential_id="x",
            public_key=b"x",
            user_handle="x",
            name="Phone",
            created_at=now,
        )
    )
    devices.trust(cast.smith, Method.APP, ip="", user_agent="", now=now)
    browser = as_(cast.smith)
    resetting.reset(cast.smith, by=tanaka, now=now)
    db.session.commit()
    assert methods_of(cast.smith, now=now) == []
    assert devices.live(cast.smith, now=now) == []
    assert browser.get("/o/aozora/").location.startswith("/login/")
    assert methods_of(cast.suzuki, now=now) == [Method.APP, Method.RECOVERY]
    for table in (AuthenticatorApp, RecoveryCode):
        assert set(db.session.scalars(select(table.account_id))) == {cast.suzuki.id}
    (letter,) = letters("second_factor_reset")
    assert letter.recipient == "smith@example.com"
    assert "Taro Tanaka" in letter.text
    line = db.session.scalars(select(Activity).where(Activity.event == "two_factor_reset")).one()
    assert (line.actor_id, line.subject_id, line.details) == (
        cast.tanaka.id,
        cast.smith.id,
        {"removed": ["passkey", "app"]},
    )


def test_ends_a_sign_in_half_done(
    cast: Cast, tanaka: Seat, phone: Phones, at_the_step: Callable[..., PortalClient], now: datetime
) -> None:
    there = phone(cast.smith, now)
    browser = at_the_step(cast.smith)
    resetting.reset(cast.smith, by=tanaka, now=now)
    assert (
        browser.submit(
            "/login/code/", {"code": there.codes[0], "by": "recovery"}, page="/login/"
        ).location
        == "/login/"
    )


def test_leaves_codes_by_mail_as_they_are(
    cast: Cast, tanaka: Seat, phone: Phones, now: datetime
) -> None:
    phone(cast.smith, now)
    cast.smith.two_factor = True
    resetting.reset(cast.smith, by=tanaka, now=now)
    assert methods_of(cast.smith, now=now) == [Method.MAIL]


def test_says_when_there_is_nothing_to_reset(
    cast: Cast, tanaka: Seat, now: datetime, letters: Letters
) -> None:
    cast.smith.two_factor = True
    with pytest.raises(resetting.NothingToReset, match="nothing to reset"):
        resetting.reset(cast.smith, by=tanaka, now=now)
    assert letters() == []


def test_can_be_done_by_the_operator(
    cast: Cast, phone: Phones, now: datetime, letters: Letters
) -> None:
    phone(cast.smith, now)
    resetting.reset(cast.smith, by=None, now=now)
    db.session.commit()
    assert (
        "The second factor of the login ID smith was reset."
        in letters("second_factor_reset")[0].text
    )
