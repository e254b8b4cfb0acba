"""Links to set a password. It …"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from app.activity_log.rendering import render_all
from app.extensions import db
from app.models import Account, Activity, Letter, LinkPurpose, Membership, PasswordLink
from app.passwords import links, policy
from app.passwords import service as passwords
from app.passwords.hashing import verify_password
from tests import cast as people
from tests import factories
from tests.cast import Cast
from tests.conftest import at_once

NEW = "Violet-Kettle-92"
Letters = Callable[..., list[Letter]]


def test_is_kept_as_a_digest_only(cast: Cast, now: datetime) -> None:
    token = links.new_link(cast.smith, LinkPurpose.FORGOTTEN, now=now)
    row = db.session.scalars(select(PasswordLink)).one()
    assert token not in (row.token_digest, repr(vars(row)))
    assert len(token) >= 43


@pytest.mark.parametrize(
    ("purpose", "life"),
    [(LinkPurpose.FORGOTTEN, timedelta(minutes=60)), (LinkPurpose.FIRST, timedelta(days=7))],
)
def test_lives_as_long_as_its_letter_says(
    cast: Cast, now: datetime, purpose: LinkPurpose, life: timedelta
) -> None:
    """D-C4"""
    token = links.new_link(cast.smith, purpose, now=now)
    assert links.find_link(token, now=now + life - timedelta(seconds=1)).account is cast.smith
    with pytest.raises(links.LinkOver):
        links.find_link(token, now=now + life)
    with pytest.raises(links.LinkOver):
        links.use_link(token, NEW, now=now + life)


def test_works_once(cast: Cast, now: datetime) -> None:
    token = links.new_link(cast.smith, LinkPurpose.FORGOTTEN, now=now)
    assert links.use_link(token, NEW, now=now) is cast.smith
    assert verify_password(cast.smith.password_hash, NEW)
    with pytest.raises(links.LinkOver):
        links.use_link(token, "Another-Kettle-93", now=now)


def test_is_replaced_by_a_newer_one(cast: Cast, now: datetime) -> None:
    first, asked, newer = (
        links.new_link(cast.smith, one, now=now)
        for one in (LinkPurpose.FIRST, LinkPurpose.FORGOTTEN, LinkPurpose.FIRST)
    )
    for older in (first, asked):
        with pytest.raises(links.LinkOver):
            links.find_link(older, now=now)
    assert links.find_link(newer, now=now)


def test_for_a_first_sign_in_is_not_ended_by_a_stranger_who_forgot(
    cast: Cast, now: datetime
) -> None:
    """D-C4: anybody may ask for a forgotten password; a newcomer's link lives its 7 days all the
    same, until a password is set.
    """
    first = links.new_link(cast.smith, LinkPurpose.FIRST, now=now)
    older = links.new_link(cast.smith, LinkPurpose.FORGOTTEN, now=now)
    db.session.commit()
    links.send_forgotten_link("smith", ip="192.0.2.1", now=now)
    assert links.find_link(first, now=now + timedelta(days=6))
    with pytest.raises(links.LinkOver):
        links.find_link(older, now=now)
    links.use_link(links.new_link(cast.smith, LinkPurpose.FORGOTTEN, now=now), NEW, now=now)
    with pytest.raises(links.LinkOver):
        links.find_link(first, now=now)


def test_a_weak_password_does_not_use_it_up(cast: Cast, now: datetime) -> None:
    token = links.new_link(cast.smith, LinkPurpose.FORGOTTEN, now=now)
    with pytest.raises(policy.WeakPassword):
        links.use_link(token, "weak", now=now)
    links.use_link(token, NEW, now=now)


def test_does_nothing_for_a_suspended_account(cast: Cast, now: datetime) -> None:
    token = links.new_link(cast.smith, LinkPurpose.FORGOTTEN, now=now)
    cast.smith.suspended_at = now
    with pytest.raises(links.LinkOver):
        links.use_link(token, NEW, now=now)


def test_shows_whose_the_address_is(cast: Cast, now: datetime) -> None:
    cast.smith.email_verified_at = None
    links.use_link(links.new_link(cast.smith, LinkPurpose.FIRST, now=now), NEW, now=now)
    assert cast.smith.email_verified_at == now


def test_does_not_keep_the_password_that_somebody_else_chose(cast: Cast, now: datetime) -> None:
    """D-C4: on every path."""
    passwords.set_password(cast.smith, NEW, by=cast.tanaka, now=now)
    token = links.new_link(cast.smith, LinkPurpose.FORGOTTEN, now=now)
    with pytest.raises(passwords.SamePassword):
        links.use_link(token, NEW, now=now)


@pytest.mark.parametrize("token", ["", "nonsense", "x" * 5000, "名簿", "with\x00nul"])
def test_is_not_found_by_nonsense(cast: Cast, now: datetime, token: str) -> None:
    with pytest.raises(links.LinkOver):
        links.find_link(token, now=now)


def test_two_who_use_it_at_once_do_not_both(each_app: Flask, now: datetime) -> None:
    """Single use, on both databases."""
    cast = people.assemble()
    token = links.new_link(cast.smith, LinkPurpose.FORGOTTEN, now=now)
    db.session.commit()

    def using(password: str) -> Callable[[], str]:
        def use() -> str:
            links.use_link(token, password, now=now)
            db.session.commit()
            return password

        return use

    results = at_once(each_app, *(using(f"Violet-Kettle-9{number}") for number in range(4)))
    won = [one for one in results if isinstance(one, str)]
    assert len(won) == 1
    assert all(isinstance(one, str | links.LinkOver) for one in results)
    db.session.expire_all()
    assert verify_password(db.session.get_one(Account, cast.smith.id).password_hash, won[0])


@pytest.mark.parametrize(
    "who", ["smith", "SMITH", "smith@example.com", " Smith@EXAMPLE.com ", "ｓｍｉｔｈ"]
)
def test_goes_to_whoever_forgot(cast: Cast, letters: Letters, now: datetime, who: str) -> None:
    links.send_forgotten_link(who, ip="192.0.2.1", now=now)
    assert [letter.recipient for letter in letters("password_forgotten")] == ["smith@example.com"]


@pytest.mark.parametrize("who", ["nobody", "nobody@example.com", "kurz"])
def test_goes_nowhere_for_nobody_and_for_the_suspended(
    cast: Cast, letters: Letters, now: datetime, who: str
) -> None:
    factories.account("kurz", suspended_at=now)
    db.session.commit()
    links.send_forgotten_link(who, ip="192.0.2.1", now=now)
    db.session.commit()
    assert letters() == []
    assert db.session.scalars(select(PasswordLink)).all() == []
    assert db.session.scalars(select(Account).where(Account.username == "nobody")).all() == []
    (line,) = db.session.scalars(select(Activity))
    assert (
        render_all([line])[0].sentence.striptags()
        == "A password link was asked for, and no letter was sent."
    ), "true of all of them"


def test_is_too_old_to_send_after_an_hour(cast: Cast, letters: Letters, now: datetime) -> None:
    links.send_forgotten_link("smith", ip="192.0.2.1", now=now)
    assert letters("password_forgotten")[0].stale_at == now + timedelta(minutes=60)


@pytest.mark.parametrize("who", ["smith", "nobody"])
def test_cannot_be_asked_for_by_the_dozen(cast: Cast, now: datetime, who: str) -> None:
    for number in range(5):
        links.send_forgotten_link(who, ip=f"192.0.2.{number}", now=now)
        db.session.commit()
    with pytest.raises(links.TooManyLinks, match="Wait"):
        links.send_forgotten_link(who, ip="192.0.2.9", now=now)


def test_is_sent_five_times_to_one_account_by_whichever_name(
    cast: Cast, letters: Letters, now: datetime
) -> None:
    """ASVS 6.3.1, 6.3.8: the letters of login ID and address count together; the answers tell of
    neither that they belong together.
    """
    for number in range(4):
        links.send_forgotten_link("smith", ip=f"192.0.2.{number}", now=now)
        db.session.commit()
    for number in range(5):
        links.send_forgotten_link(" Smith@example.com", ip=f"192.0.2.{number}", now=now)
        db.session.commit()
    assert len(letters("password_forgotten")) == 5
    assert len(db.session.scalars(select(PasswordLink)).all()) == 5, (
        "nor does what was not sent end what was"
    )
    with pytest.raises(links.TooManyLinks):
        links.send_forgotten_link("smith@example.com", ip="192.0.2.9", now=now)
    for who in ("smith", "suzuki"):
        links.send_forgotten_link(who, ip="192.0.2.9", now=now)
        db.session.commit()
    assert [
        len(letters("password_forgotten", to=f"{who}@example.com")) for who in ("smith", "suzuki")
    ] == [5, 1]


def test_costs_the_same_whoever_is_asked_for(
    cast: Cast, statements: Callable[[], list[str]], now: datetime
) -> None:
    """ASVS 6.3.8: counting tells nothing, either."""
    counts = []
    for who in ("smith", "nobody"):
        statements()
        links.send_forgotten_link(who, ip="192.0.2.1", now=now)
        counts.append(sum("INSERT INTO rate" in one for one in statements()))
        db.session.commit()
    assert counts == [3, 3]


def test_cannot_be_asked_for_everybody_from_one_place(cast: Cast, now: datetime) -> None:
    for number in range(20):
        links.send_forgotten_link(f"nobody{number}", ip="192.0.2.1", now=now)
        db.session.commit()
    with pytest.raises(links.TooManyLinks):
        links.send_forgotten_link("smith", ip="192.0.2.1", now=now)
    links.send_forgotten_link("smith", ip="192.0.2.2", now=now)


def test_belongs_to_the_account_not_to_a_membership(cast: Cast, now: datetime) -> None:
    token = links.new_link(cast.smith, LinkPurpose.FORGOTTEN, now=now)
    db.session.delete(
        db.session.scalars(select(Membership).where(Membership.account_id == cast.smith.id)).one()
    )
    db.session.commit()
    assert links.find_link(token, now=now)
