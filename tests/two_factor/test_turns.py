"""How often a second step may be begun: what strangers use up is theirs alone. It …"""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask import Flask

from app.extensions import db
from app.models import Account
from app.passwords import service as passwords
from app.two_factor import refusals, turns
from app.two_factor import service as two_factor
from tests.cast import Cast
from tests.two_factor.codes import KEY, sent


@pytest.fixture
def used_up(cast: Cast, now: datetime) -> Account:
    """Smith, whose password a stranger knows, who begins until no turn is left."""
    cast.smith.two_factor = True
    db.session.commit()
    for _turn in range(10):
        two_factor.begin(cast.smith, key=KEY, next_path="", now=now)
        db.session.commit()
    with pytest.raises(turns.TooManyCodes):
        two_factor.begin(cast.smith, key=KEY, next_path="", now=now)
    db.session.rollback()
    return cast.smith


def test_lets_the_owner_in_where_they_got_in_before(
    app: Flask, used_up: Account, now: datetime
) -> None:
    """T2-93."""
    two_factor.begin(used_up, key=KEY, next_path="", now=now, known_as="own")


def test_counts_anew_after_a_new_password(app: Flask, used_up: Account, now: datetime) -> None:
    """T2-93: the stranger knows the old one."""
    later = now + timedelta(seconds=2)
    passwords.set_password(used_up, "Violet-Kettle-92", by=used_up, now=later)
    db.session.commit()
    two_factor.begin(used_up, key=KEY, next_path="", now=later)


def test_counts_no_mail_where_nothing_is_mailed(app: Flask, cast: Cast, now: datetime) -> None:
    """T2-93: a step by app leaves the mailed codes' turns as they were, and the other way round."""
    for _turn in range(10):
        turns.take(cast.smith, "", is_mailed=False)
    with pytest.raises(turns.TooManyCodes):
        turns.take(cast.smith, "", is_mailed=False)
    sent(cast.smith, now)


def test_tells_the_first_browser_that_a_second_one_signed_in(
    app: Flask, cast: Cast, now: datetime
) -> None:
    """T2-98: its code died without a word."""
    first, _code = sent(cast.smith, now)
    sent(cast.smith, now + timedelta(minutes=1))
    with pytest.raises(refusals.CodeReplaced, match="in another browser"):
        two_factor.waiting(first, now=now + timedelta(minutes=2))
    with pytest.raises(refusals.CodeOver) as over:
        two_factor.waiting(first, now=now + timedelta(minutes=11))
    assert not isinstance(over.value, refusals.CodeReplaced)
