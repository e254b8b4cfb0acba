"""T2-33: a 2-step rule without a date, which keeps people out as soon as it is saved. It …"""

from __future__ import annotations

import html
from datetime import datetime, timedelta

import pytest

from app.extensions import db
from tests.cast import Cast
from tests.two_factor_rule.rule import HOME, SETTINGS, As, ask, except_, give_app
from tests.two_factor_rule.test_settings import TYPED

AT_ONCE = TYPED | {"two_factor_required": "y", "two_factor_deadline": ""}
ONESELF = "You are one of them: after saving, you will be led to what you have to do."


def test_asks_first_and_names_how_many_and_oneself(cast: Cast, as_: As, now: datetime) -> None:
    """T2-33: nothing is saved; who is ready or excepted does not count."""
    tanaka = as_(cast.tanaka)
    assert "Begin at once all the same" not in tanaka.get(SETTINGS).get_data(as_text=True)
    cast.smith.two_factor = True
    except_(cast.membership(cast.suzuki), now + timedelta(days=3))
    answer = tanaka.submit(SETTINGS, AT_ONCE)
    page = html.unescape(answer.get_data(as_text=True))
    assert answer.status_code == 409
    assert (
        "Saved like this, the rule holds at once: 1 member is kept out until they sign in with a"
        " second step."
    ) in page
    assert ONESELF in page
    assert 'name="at_once"' in page
    db.session.expire_all()
    assert not cast.aozora.two_factor_required
    assert tanaka.get(HOME).status_code == 200


def test_leads_whoever_saved_it_to_set_it_up(cast: Cast, as_: As) -> None:
    """T2-33: they were locked out of the page they stood on."""
    tanaka = as_(cast.tanaka)
    answer = tanaka.submit(SETTINGS, AT_ONCE | {"at_once": "y"})
    assert answer.status_code == 302
    assert answer.location == "/profile/#two-factor"
    page = tanaka.get("/profile/").get_data(as_text=True)
    assert "Set up your second step here, then sign in again with it." in page
    assert 'id="two-factor"' in page
    db.session.expire_all()
    assert cast.aozora.two_factor_required


def test_does_not_name_whoever_is_inside(cast: Cast, as_: As, now: datetime) -> None:
    """T2-33: a strong rule, too; whoever signed in with an app stays on the page."""
    give_app(cast.tanaka, now)
    tanaka, strong = as_(cast.tanaka, method="app"), AT_ONCE | {"two_factor_strong": "y"}
    page = html.unescape(tanaka.submit(SETTINGS, strong).get_data(as_text=True))
    assert (
        "Saved like this, the rule holds at once: 2 members are kept out until they sign in with an"
        " authenticator app or a passkey."
    ) in page
    assert ONESELF not in page
    assert tanaka.submit(SETTINGS, strong | {"at_once": "y"}).location == SETTINGS


def test_asks_nothing_where_nobody_is_kept_out(cast: Cast, as_: As, now: datetime) -> None:
    """T2-33: with a day to come, or where the rule held before."""
    day = (now + timedelta(days=9)).date().isoformat()
    tanaka = as_(cast.tanaka, method="mail")
    assert tanaka.submit(SETTINGS, AT_ONCE | {"two_factor_deadline": day}).status_code == 302
    ask(cast.aozora)
    assert tanaka.submit(SETTINGS, AT_ONCE | {"latin_name": "Sky"}).status_code == 302


def test_asks_when_the_day_is_taken_away(cast: Cast, as_: As, now: datetime) -> None:
    """T2-33"""
    ask(cast.aozora, deadline=now + timedelta(days=9))
    assert as_(cast.tanaka).submit(SETTINGS, AT_ONCE).status_code == 409


@pytest.mark.parametrize("meant", [False, True])
def test_asks_the_platform_administrator_too(cast: Cast, as_: As, *, meant: bool) -> None:
    """T2-33: the list of organizations has the same form."""
    page = f"/organizations/edit/{cast.aozora.id}"
    answer = as_(cast.root).submit(page, AT_ONCE | ({"at_once": "y"} if meant else {}))
    assert answer.status_code == (302 if meant else 409)
    db.session.expire_all()
    assert cast.aozora.two_factor_required is meant


def test_asks_in_japanese(cast: Cast, as_: As) -> None:
    """T2-33"""
    cast.tanaka.language = "ja_JP"
    page = as_(cast.tanaka).submit(SETTINGS, AT_ONCE).get_data(as_text=True)
    assert (
        "3人のメンバーが、2段階認証でサインインし直すまで組織のページを開けなくなります。" in page
    )
    assert "あなたも含まれます。" in page
    assert "それでもすぐに適用する" in page
