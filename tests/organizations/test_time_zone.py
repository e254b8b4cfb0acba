"""An organization's time zone (D-C14): its days, and who has it until their own is known. It …"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from sqlalchemy import select

from app.accounts import service as accounts
from app.extensions import db
from app.kernel.clock import end_of_day
from app.models import Account, TwoFactorException
from app.screens.moments.zones import usual_zone
from app.two_factor_rule.forms import ExceptionForm
from tests import factories
from tests.cast import Cast
from tests.conftest import PortalClient
from tests.two_factor_rule.rule import SETTINGS, As, ask

TYPED = {
    "name": "株式会社あおぞら",
    "latin_name": "Aozora Inc.",
    "code": "aozora",
    "language": "ja_JP",
    "password_policy": "classic",
    "first_login": "link",
}
OFFER = {"type": "general", "preset": "view_only"}
NEW = OFFER | {
    "family_name": "Clark",
    "given_name": "Emma",
    "email": "emma.clark@example.com",
    "login_id": "emma",
    "language": "en",
}


def account(login_id: str) -> Account:
    db.session.expire_all()
    return db.session.scalars(select(Account).where(Account.username == login_id)).one()


def test_is_changed_in_the_settings_and_logged(cast: Cast, as_: As) -> None:
    tanaka = as_(cast.tanaka)
    tanaka.submit(SETTINGS, TYPED | {"time_zone": "Asia/Tokyo"})
    db.session.expire_all()
    assert cast.aozora.time_zone == "Asia/Tokyo"
    page = tanaka.get("/o/aozora/activity/list/").get_data(as_text=True)
    assert "Time zone" in page
    assert '"Asia/Tokyo" selected' in tanaka.get(SETTINGS).get_data(as_text=True)


def test_stays_where_a_form_does_not_send_it(cast: Cast, as_: As) -> None:
    cast.aozora.time_zone = "Asia/Tokyo"
    db.session.commit()
    as_(cast.tanaka).submit(SETTINGS, TYPED)
    db.session.expire_all()
    assert cast.aozora.time_zone == "Asia/Tokyo"


@pytest.mark.parametrize("wrong", ["Mars/Olympus", "", "../etc/passwd"])
def test_is_one_that_there_is(cast: Cast, as_: As, wrong: str) -> None:
    assert as_(cast.tanaka).submit(SETTINGS, TYPED | {"time_zone": wrong}).status_code == 422


@pytest.mark.parametrize("zone", ["Asia/Tokyo", "America/Lima"])
def test_is_that_of_whom_the_organization_registers(cast: Cast, as_: As, zone: str) -> None:
    """Neither UTC nor Africa/Abidjan, the first of the list, by accident."""
    cast.aozora.time_zone = zone
    db.session.commit()
    as_(cast.tanaka).submit("/o/aozora/members/add", NEW)
    made = account("emma")
    assert (made.time_zone, made.zone_is_chosen) == (zone, False)


def test_is_that_of_the_letter_to_somebody_unknown(
    cast: Cast, as_: As, letters: Any, now: datetime
) -> None:
    """Not the zone of whoever invites."""
    cast.aozora.time_zone, cast.tanaka.time_zone = "Asia/Tokyo", "America/Lima"
    db.session.commit()
    as_(cast.tanaka).submit(
        "/o/aozora/invites/add",
        {
            "addresses": "guest@example.com",
            "type": "general",
            "preset": "view_only",
            "language": "en",
        },
    )
    [letter] = letters("invite")
    assert "JST" in letter.text or "GMT+9" in letter.text or "+0900" in letter.text, letter.text


def test_is_offered_to_whoever_signs_up_without_scripts(cast: Cast, client: PortalClient) -> None:
    """The invitation's page shows its end in it, too."""
    cast.aozora.time_zone = "Asia/Tokyo"
    _invite, token = factories.invite(cast.aozora, "guest@example.com", cast.tanaka)
    db.session.commit()
    page = client.get(f"/invites/{token}", follow_redirects=True).get_data(as_text=True)
    assert '"Asia/Tokyo" selected' in page
    over, token = factories.invite(
        cast.aozora, "late@example.com", cast.tanaka, sent_at=datetime(2026, 11, 1, 20, tzinfo=UTC)
    )
    db.session.commit()
    page = client.get(f"/invites/{token}", follow_redirects=True).get_data(as_text=True)
    assert "5:00" in page
    assert over.expires_at.hour == 20


# what a browser says


def login(client: PortalClient, who: str, **more: str) -> None:
    client.submit(
        "/login/", {"login_id": who, "password": factories.PASSWORD, **more}, page="/login/"
    )


def test_gives_way_to_the_browser_s_at_the_first_sign_in(cast: Cast, client: PortalClient) -> None:
    login(client, "newcomer", zone="Europe/Dublin")
    made = account("newcomer")
    assert (made.time_zone, made.zone_is_chosen) == ("Europe/Dublin", True)


@pytest.mark.parametrize("named", ["", "UTC", "Etc/UTC", "Mars/Olympus", "x" * 5000])
def test_believes_no_browser_that_hides_its_zone(
    cast: Cast, client: PortalClient, named: str
) -> None:
    cast.newcomer.time_zone = "Asia/Tokyo"
    login(client, "newcomer", zone=named)
    made = account("newcomer")
    assert (made.time_zone, made.zone_is_chosen) == ("Asia/Tokyo", False)


def test_keeps_what_somebody_chose(cast: Cast, client: PortalClient, now: datetime) -> None:
    accounts.edit_identity(cast.newcomer, time_zone="Asia/Seoul", by=cast.newcomer, now=now)
    login(client, "newcomer", zone="Europe/Dublin")
    assert account("newcomer").time_zone == "Asia/Seoul"


def test_takes_a_browser_s_word_once(cast: Cast) -> None:
    """Who travels keeps the zone of home."""
    assert accounts.adopt_zone(cast.newcomer, "Europe/Dublin")
    assert not accounts.adopt_zone(cast.newcomer, "Asia/Tokyo")
    assert cast.newcomer.time_zone == "Europe/Dublin"


# days


def test_ends_an_exception_with_the_last_day_in_the_organization(
    app: Flask, cast: Cast, as_: As, now: datetime
) -> None:
    """T2-49: on a day of 25 hours in Casablanca, too; not in the zone of whoever looks."""
    cast.aozora.time_zone, cast.tanaka.time_zone = "Africa/Casablanca", "Asia/Tokyo"
    ask(cast.aozora, deadline=now + timedelta(days=20))
    day = (now + timedelta(days=10)).date()
    pk = cast.membership(cast.smith).id
    as_(cast.tanaka).submit(
        f"/o/aozora/settings/two-factor/exception/{pk}",
        {"until": day.isoformat(), "reason": "On leave"},
        page="/profile/",
    )
    db.session.expire_all()
    row = db.session.scalars(select(TwoFactorException)).one()
    assert row.until == end_of_day(day, ZoneInfo("Africa/Casablanca"))


def test_ends_a_day_of_25_hours_an_hour_later(app: Flask, cast: Cast) -> None:
    """T2-49: 15 February 2026 in Casablanca."""
    from app.access.context import context

    cast.aozora.time_zone = "Africa/Casablanca"
    with app.test_request_context(method="POST", data={"until": "2026-02-15"}):
        context().seat = factories.seat(cast.membership(cast.tanaka))
        form = ExceptionForm(meta={"csrf": False})
        assert form.end == datetime(2026, 2, 16, 0, 0, tzinfo=UTC)
        assert form.end - end_of_day(date(2026, 2, 14), ZoneInfo("Africa/Casablanca")) == timedelta(
            hours=25
        )


@pytest.mark.parametrize(("language", "zone"), [("ja_JP", "Asia/Tokyo"), ("en", "UTC")])
def test_is_tokyo_s_for_japanese_where_nothing_is_known(
    app: Flask, language: str, zone: str
) -> None:
    with app.app_context():
        assert usual_zone(language) == zone
