"""Guessing passwords. It …"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from datetime import datetime

import pytest
from flask import Flask
from sqlalchemy import select

from app.extensions import db
from app.http.rate_limit import Limit, TooManyTries, waiting_time
from app.kernel.i18n import in_language
from app.models import Rate
from app.sign_in import service as security
from app.sign_in.wrong_passwords import PER_ADDRESS, TooManySignIns
from tests import cast as people
from tests import factories
from tests.cast import Cast
from tests.conftest import PortalClient, at_once
from tests.sign_in.conftest import Enter

Fresh = Callable[[], PortalClient]


def wrongly(
    login_id: str,
    times: int,
    now: datetime,
    ip: str = "192.0.2.1",
    known: dict[str, str] | None = None,
) -> None:
    for _ in range(times):
        with pytest.raises(security.WrongCredentials):
            security.authenticate(login_id, "wrong", ip=ip, known=known or {}, now=now)
        db.session.commit()


def rightly(
    login_id: str, now: datetime, ip: str = "192.0.2.1", known: dict[str, str] | None = None
) -> None:
    security.authenticate(login_id, factories.PASSWORD, ip=ip, known=known or {}, now=now)
    db.session.commit()


def test_ends_after_ten_wrong_passwords_for_one_account(cast: Cast, enter: Enter) -> None:
    for _ in range(10):
        assert enter("smith", "wrong").status_code == 401
    for password in ("wrong", factories.PASSWORD):
        answer = enter("smith", password)
        assert answer.status_code == 429
        assert (
            "Too many wrong passwords were tried. Wait 15 minutes, then try again."
            in answer.get_data(as_text=True)
        )
    assert enter("suzuki").location == "/"


def test_counts_all_names_of_an_account_together(cast: Cast, now: datetime) -> None:
    for number, name in enumerate(
        ("smith", "smith@example.com", "SMITH", "ｓｍｉｔｈ", "Smith@Example.com") * 2
    ):
        wrongly(name, 1, now, ip=f"192.0.2.{number}")
    with pytest.raises(TooManySignIns):
        rightly("smith", now, ip="198.51.100.1")


def test_is_counted_for_nobody_alike(cast: Cast, now: datetime) -> None:
    """Being told to wait says nothing about who has an account."""
    wrongly("nobody", 10, now)
    with pytest.raises(TooManySignIns):
        security.authenticate("nobody", "wrong", ip="192.0.2.1", known={}, now=now)


def test_does_not_lock_the_owner_out_of_a_browser_that_is_known(
    cast: Cast, browser: Fresh, enter: Enter
) -> None:
    """Strangers who guess cannot shut somebody out."""
    own = browser()
    assert enter("smith", here=own).location == "/"
    own.submit("/logout/", page="/password/change/")
    for _ in range(11):
        enter("smith", "wrong")
    assert enter("smith").status_code == 429
    assert enter("smith", here=own).location == "/"


def test_ends_in_a_known_browser_too(cast: Cast, browser: Fresh, enter: Enter) -> None:
    own = browser()
    enter("smith", here=own)
    own.submit("/logout/", page="/password/change/")
    for _ in range(10):
        enter("smith", "wrong", here=own)
    assert enter("smith", here=own).status_code == 429


def test_believes_no_browser_that_says_it_is_known(
    cast: Cast, browser: Fresh, enter: Enter
) -> None:
    for number in range(11):
        here = browser()
        here.set_cookie("meibo-known", f'{{"{cast.smith.id}": "{number}"}}')
        enter("smith", "wrong", here=here)
    assert enter("smith").status_code == 429


def test_ends_after_a_hundred_wrong_passwords_from_one_address(cast: Cast, now: datetime) -> None:
    for _ in range(97):
        PER_ADDRESS.hit("192.0.2.1")
    for number in range(3):
        wrongly(f"nobody{number}", 1, now)
    with pytest.raises(TooManySignIns):
        rightly("smith", now)
    db.session.commit()  # as its door does: the log tells of it
    rightly("smith", now, ip="198.51.100.1")


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("::ffff:192.0.2.1", "192.0.2.1", True),
        ("192.0.2.1", "192.0.2.2", False),
    ],
)
def test_counts_a_network_of_ipv6_as_one_address(
    app: Flask, one: str, other: str, is_same: bool
) -> None:
    """ASVS 6.3.1: whoever has IPv6 has 2**64 addresses to guess from."""
    limit = Limit(f"networks-{one}-{other}", "1 per minute")
    limit.hit(one)
    with pytest.raises(TooManyTries) if is_same else nullcontext():
        limit.hit(other)


def test_does_not_count_right_passwords(cast: Cast, now: datetime) -> None:
    for _ in range(12):
        rightly("smith", now)
    wrongly("smith", 9, now)
    rightly("smith", now)
    wrongly("smith", 9, now)


def test_gets_no_more_tries_by_asking_at_once(each_app: Flask, now: datetime) -> None:
    """On both databases."""
    people.assemble()

    def guess() -> None:
        try:
            security.authenticate("smith", "wrong", ip="192.0.2.1", known={}, now=now)
        finally:
            db.session.commit()

    results = at_once(each_app, *[guess] * 12)
    assert sum(isinstance(one, security.WrongCredentials) for one in results) == 10
    assert sum(isinstance(one, TooManySignIns) for one in results) == 2


def test_takes_no_address_from_a_proxy_that_is_not_trusted(
    app: Flask, cast: Cast, client: PortalClient
) -> None:
    """X-Forwarded-For does not reset the count."""
    for number in range(11):
        headers = {"X-Forwarded-For": f"192.0.2.{number}"}
        answer = client.submit(
            "/login/", {"login_id": "smith", "password": "wrong"}, headers=headers
        )
    assert answer.status_code == 429


class TestLimit:
    def test_it_gives_each_name_its_own_turns(self, app: Flask) -> None:
        limit = Limit("doors", "2 per minute")
        for name in ("a", "a", "b"):
            limit.hit(name)
        with pytest.raises(TooManyTries, match="Wait"):
            limit.hit("a")
        limit.hit("b")

    def test_it_takes_turns_back_and_starts_anew(self, app: Flask) -> None:
        limit = Limit("doors", "1 per minute")
        limit.hit("a")
        limit.give_back("a")
        limit.hit("a")
        limit.forget("a")
        limit.hit("a")
        with pytest.raises(TooManyTries):
            limit.hit("a")

    def test_it_counts_two_windows_of_one_name_apart(self, app: Flask) -> None:
        short, long = Limit("doors", "5 per minute"), Limit("doors", "1 per hour")
        long.hit("a")
        short.hit("a")

    def test_it_keeps_no_name(self, app: Flask) -> None:
        Limit("doors", "1 per minute").hit("smith@example.com")
        assert "smith" not in str(db.session.scalars(select(Rate.key)).all())

    def test_it_counts_in_the_database_while_redis_does_not_answer(
        self, app: Flask, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setitem(app.config, "RATELIMIT_STORAGE_URI", "redis://127.0.0.1:1/0")
        limit = Limit("doors", "1 per minute")
        limit.hit("a")
        with pytest.raises(TooManyTries):
            limit.hit("a")

    def test_it_counts_in_redis(
        self, app: Flask, redis_url: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setitem(app.config, "RATELIMIT_STORAGE_URI", redis_url)
        limit = Limit("doors", "1 per minute")
        limit.hit("a")
        with pytest.raises(TooManyTries):
            limit.hit("a")
        assert db.session.scalars(select(Rate)).all() == []


@pytest.mark.parametrize(
    ("seconds", "english", "japanese"),
    [
        (0, "1 second", "1秒"),
        (39.2, "40 seconds", "40秒"),
        (60, "60 seconds", "60秒"),
        (61, "2 minutes", "2分"),
        (900, "15 minutes", "15分"),
        (3599, "60 minutes", "60分"),
    ],
)
def test_says_how_long_to_wait_never_too_short(
    app: Flask, seconds: float, english: str, japanese: str
) -> None:
    assert waiting_time(seconds) == english
    with in_language("ja_JP"):
        assert waiting_time(seconds) == japanese
