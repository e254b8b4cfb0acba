"""Authenticator apps. An app …"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from urllib.parse import parse_qs, unquote, urlsplit

import pyotp
import pytest
from flask import Flask
from sqlalchemy import select

from app.access.seat import Seat
from app.access.two_factor import Method
from app.extensions import db
from app.kernel.errors import Conflict
from app.models import Account, Activity, AuthenticatorApp, Letter, RecoveryCode, TrustedDevice
from app.sessions import service as sessions
from app.two_factor import apps, devices
from app.two_factor.methods import methods_of
from tests import cast as people
from tests import factories
from tests.cast import Cast
from tests.conftest import at_once
from tests.two_factor.conftest import Phone, enrolled

Letters = Callable[..., list[Letter]]
Phones = Callable[..., Phone]
STEP = timedelta(seconds=30)


def seat(who: Account) -> Seat:
    return factories.seat(who.memberships[0])


def takes(phone: Phone, code: str, now: datetime) -> bool:
    done = apps.takes(phone.account, code, now=now)
    db.session.commit()
    return done


def test_is_offered_as_a_standard_address_that_names_the_portal(cast: Cast, now: datetime) -> None:
    """ASVS 6.5.3: a secret of 160 bits from the system's generator; nothing is written before it is
    proved.
    """
    offered = apps.offer(cast.smith, now=now)
    parts = urlsplit(offered.uri)
    asked = parse_qs(parts.query)
    assert (parts.scheme, parts.netloc, unquote(parts.path)) == ("otpauth", "totp", "/Meibo:smith")
    assert (asked["issuer"], asked["secret"]) == (["Meibo"], [offered.secret])
    assert len(offered.secret) == 32
    assert [len(one) for one in offered.groups] == [4] * 8
    assert offered.secret not in offered.encrypted
    assert db.session.scalars(select(AuthenticatorApp)).all() == []
    assert apps.offer(cast.smith, now=now).secret != offered.secret


def test_counts_once_it_showed_a_valid_code_and_brings_ten_recovery_codes(
    cast: Cast, now: datetime, letters: Letters
) -> None:
    """ASVS 6.4.1, 6.3.7: enrolment needs a valid code; the owner is told by letter, the log has a
    line.
    """
    offered = apps.offer(cast.smith, now=now)
    with pytest.raises(apps.NotFromThisApp):
        apps.enrol(
            offered,
            "000000" if pyotp.TOTP(offered.secret).at(now) != "000000" else "000001",
            by=seat(cast.smith),
            now=now,
        )
    assert methods_of(cast.smith, now=now) == []
    codes = apps.enrol(offered, pyotp.TOTP(offered.secret).at(now), by=seat(cast.smith), now=now)
    db.session.commit()
    assert codes is not None
    assert len(set(codes)) == 10
    assert methods_of(cast.smith, now=now) == [Method.APP, Method.RECOVERY]
    assert [one.recipient for one in letters("app_added")] == ["smith@example.com"]
    assert [one.event for one in db.session.scalars(select(Activity))] == ["two_factor_app_added"]


def test_can_be_offered_for_ten_minutes_and_to_one_account_only(cast: Cast, now: datetime) -> None:
    offered = apps.offer(cast.smith, now=now)
    assert (
        apps.read_offer(cast.smith, offered.encrypted, now=now + timedelta(minutes=10)).secret
        == offered.secret
    )
    for who, encrypted, at in (
        (cast.smith, offered.encrypted, now + timedelta(minutes=10, seconds=1)),
        (cast.tanaka, offered.encrypted, now),
        (cast.smith, "", now),
        (cast.smith, "nonsense", now),
        (cast.smith, "\x00", now),
    ):
        with pytest.raises(apps.OfferOver):
            apps.read_offer(who, encrypted, now=at)


@pytest.mark.parametrize(
    ("steps", "is_taken"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)]
)
def test_may_be_a_step_early_or_late(
    cast: Cast, phone: Phones, now: datetime, steps: int, is_taken: bool
) -> None:
    """ASVS 6.5.5: a code lives for 30 seconds, and a step to either side for clocks that
    are off."""
    there = phone(cast.smith, now)
    assert takes(there, there.shows(now, steps=steps), now) is is_taken


def test_has_each_step_taken_once(cast: Cast, phone: Phones, now: datetime) -> None:
    """ASVS 6.5.1: neither a used code nor one from before it is taken again; the next is."""
    there = phone(cast.smith, now)
    assert takes(there, there.shows(now), now)
    assert apps.is_used(there.account, there.shows(now), now=now), "T2-38: used, not wrong"
    assert not apps.is_used(there.account, there.shows(now, steps=1), now=now)
    assert not apps.is_used(there.account, "none", now=now)
    assert not takes(there, there.shows(now), now)
    assert not takes(there, there.shows(now), now + STEP)
    assert not takes(there, there.shows(now, steps=-1), now)
    assert takes(there, there.shows(now, steps=1), now + STEP)


def test_does_not_take_the_code_of_its_enrolment_again(cast: Cast, now: datetime) -> None:
    """ASVS 6.5.1"""
    offered = apps.offer(cast.smith, now=now)
    code = pyotp.TOTP(offered.secret).at(now)
    apps.enrol(offered, code, by=seat(cast.smith), now=now)
    assert not apps.takes(cast.smith, code, now=now)


def test_of_many_at_once_with_one_code_one_gets_in(each_app: Flask, now: datetime) -> None:
    """ASVS 6.5.1, 15.4.2: one statement decides, on both databases."""
    there = enrolled(people.assemble().smith, now)
    code, pk = there.shows(now), there.account.id

    def use() -> bool:
        done = apps.takes(db.session.get_one(Account, pk), code, now=now)
        db.session.commit()
        return done

    assert sorted(at_once(each_app, *[use] * 4)) == [False, False, False, True]


def test_of_two_enrolled_at_once_one_is_left(each_app: Flask, now: datetime) -> None:
    """ASVS 15.4.2: and never twenty recovery codes."""
    smith = people.assemble().smith
    pk, offers = smith.id, [apps.offer(smith, now=now) for _ in range(2)]

    def enrol(offered: apps.Offer) -> None:
        apps.enrol(
            offered,
            pyotp.TOTP(offered.secret).at(now),
            by=seat(db.session.get_one(Account, pk)),
            now=now,
        )
        db.session.commit()

    results = at_once(each_app, *[lambda one=one: enrol(one) for one in offers])
    assert all(one is None or isinstance(one, Conflict) for one in results)
    assert len(db.session.scalars(select(AuthenticatorApp)).all()) == 1
    assert len(db.session.scalars(select(RecoveryCode)).all()) == 10


def test_takes_no_code_of_another_account(cast: Cast, phone: Phones, now: datetime) -> None:
    phone(cast.smith, now)
    other = phone(cast.tanaka, now)
    assert not apps.takes(cast.smith, other.shows(now), now=now)
    assert not apps.takes(cast.suzuki, other.shows(now), now=now)


def test_takes_the_place_of_the_one_before(
    cast: Cast, phone: Phones, now: datetime, letters: Letters
) -> None:
    """The old app, and trust in devices, end; recovery codes stay."""
    old = phone(cast.smith, now)
    devices.trust(cast.smith, Method.APP, ip="", user_agent="", now=now)
    new = apps.offer(cast.smith, now=now)
    assert apps.enrol(new, pyotp.TOTP(new.secret).at(now), by=seat(cast.smith), now=now) is None
    db.session.commit()
    assert not takes(old, old.shows(now), now)
    assert apps.takes(cast.smith, pyotp.TOTP(new.secret).at(now + STEP), now=now + STEP)
    assert devices.live(cast.smith, now=now) == []
    assert "was replaced" in letters("app_added")[0].subject
    assert len(db.session.scalars(select(RecoveryCode)).all()) == 10


def test_goes_with_its_recovery_codes_and_every_trusted_device(
    cast: Cast, phone: Phones, now: datetime, letters: Letters
) -> None:
    """ASVS 6.3.7: and the owner is told by letter."""
    there = phone(cast.smith, now)
    devices.trust(cast.smith, Method.APP, ip="", user_agent="", now=now)
    apps.remove(cast.smith, by=seat(cast.smith), now=now)
    db.session.commit()
    assert not takes(there, there.shows(now), now)
    assert methods_of(cast.smith, now=now) == []
    assert db.session.scalars(select(RecoveryCode)).all() == []
    assert db.session.scalars(select(TrustedDevice.ended_at)).one() == now
    assert letters("app_removed")
    with pytest.raises(apps.NoApp):
        apps.remove(cast.smith, by=seat(cast.smith), now=now)


def test_takes_its_strength_from_sessions_with_it(cast: Cast, phone: Phones, now: datetime) -> None:
    """An organization that asks for an app does not go on believing a session whose app is gone."""
    phone(cast.smith, now)
    row, _key = sessions.open_session(cast.smith, now=now, ip="", user_agent="", method="app")
    apps.remove(cast.smith, by=seat(cast.smith), now=now)
    db.session.refresh(row)
    assert row.method == "mail"
