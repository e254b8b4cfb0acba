"""Setting what an organization asks of its members' sign-in. It …"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from app.extensions import db
from app.models import Activity
from app.organizations import security_policy
from app.organizations import service as organizations
from tests import factories
from tests.cast import Cast
from tests.two_factor_rule.rule import HOME, SETTINGS, TYPED, As, ask, give_app, seat_of


def test_is_set_with_a_deadline_and_logged_before_and_after(
    cast: Cast, as_: As, now: datetime
) -> None:
    day = (now + timedelta(days=14)).date()
    cast.aozora.time_zone = "Asia/Tokyo"
    tanaka = as_(cast.tanaka)
    answer = tanaka.submit(
        SETTINGS,
        TYPED
        | {
            "two_factor_required": "y",
            "two_factor_strong": "y",
            "two_factor_deadline": day.isoformat(),
        },
    )
    assert answer.status_code == 302
    db.session.expire_all()
    assert cast.aozora.two_factor_strong
    assert cast.aozora.two_factor_deadline == datetime(
        day.year, day.month, day.day, 15, tzinfo=UTC
    ), "the end of that day in Tokyo"
    assert f'value="{day.isoformat()}"' in tanaka.get(SETTINGS).get_data(as_text=True)
    [line] = db.session.scalars(select(Activity).where(Activity.event == "organization_edited"))
    assert line.details["changes"]["two_factor_strong"] == [False, True]
    assert line.details["changes"]["two_factor_deadline"][0] is None
    assert "Last day to set up 2-step verification: none" in as_(cast.tanaka).get(
        "/o/aozora/activity/list/"
    ).get_data(as_text=True)


def test_suggests_two_weeks(cast: Cast, as_: As) -> None:
    day = (datetime.now(UTC) + timedelta(days=14)).date()
    page = " ".join(as_(cast.tanaka).get(SETTINGS).get_data(as_text=True).split())
    assert f'name="two_factor_deadline" value="{day.isoformat()}"' in page


def test_stays_the_same_moment_when_somebody_elsewhere_saves_the_form(
    cast: Cast, as_: As, now: datetime
) -> None:
    deadline = datetime(now.year + 1, 3, 1, 15, tzinfo=UTC)
    ask(cast.aozora, deadline=deadline)
    cast.aozora.time_zone, cast.tanaka.time_zone = "Asia/Tokyo", "America/New_York"
    db.session.commit()
    typed = TYPED | {"two_factor_required": "y", "two_factor_deadline": f"{now.year + 1}-03-01"}
    as_(cast.tanaka).submit(SETTINGS, typed)
    db.session.expire_all()
    assert cast.aozora.two_factor_deadline == deadline


@pytest.mark.parametrize(
    ("typed", "field", "sentence"),
    [
        (
            {"two_factor_required": "y", "two_factor_deadline": "2020-01-01"},
            "two_factor_deadline",
            "This day is over.",
        ),
        ({"session_idle_minutes": "4"}, "session_idle_minutes", "Between 5 and 480."),
        ({"session_idle_minutes": "481"}, "session_idle_minutes", "Between 5 and 480."),
        ({"session_hours": "0"}, "session_hours", "Between 1 and 168."),
        ({"session_hours": "169"}, "session_hours", "Between 1 and 168."),
        ({"session_hours": "many"}, "session_hours", ""),
    ],
)
def test_refuses_what_nobody_can_keep(
    cast: Cast, as_: As, typed: dict[str, str], field: str, sentence: str
) -> None:
    """ASVS 7.3.1, 7.3.2"""
    answer = as_(cast.tanaka).submit(SETTINGS, TYPED | typed)
    assert answer.status_code == 422
    page = answer.get_data(as_text=True)
    assert f'id="{field}-error"' in page
    assert sentence in page


def test_refuses_the_same_from_every_door(cast: Cast, now: datetime) -> None:
    by = factories.seat(cast.membership(cast.tanaka))
    with pytest.raises(security_policy.OutOfLimits, match=r"Between 5 and 480\."):
        organizations.edit_settings(cast.aozora, by=by, now=now, session_idle_minutes=1)
    with pytest.raises(security_policy.DeadlinePassed):
        organizations.edit_settings(
            cast.aozora, by=by, now=now, two_factor_required=True, two_factor_deadline=now
        )


def test_lets_nobody_shut_themselves_out(cast: Cast, as_: As, now: datetime) -> None:
    """B-52: a strong rule at once only from inside; with a date, and for the platform
    administrator, from outside, too.
    """
    at_once = TYPED | {
        "two_factor_required": "y",
        "two_factor_strong": "y",
        "two_factor_deadline": "",
        "at_once": "y",
    }
    answer = as_(cast.tanaka).submit(SETTINGS, at_once)
    assert answer.status_code == 409
    assert "You would shut yourself out." in answer.get_data(as_text=True)
    db.session.expire_all()
    assert not cast.aozora.two_factor_required
    give_app(cast.tanaka, now)
    assert as_(cast.tanaka).submit(SETTINGS, at_once).status_code == 409, (
        "having one is not enough: it may be lost"
    )
    assert as_(cast.tanaka, method="app").submit(SETTINGS, at_once).status_code == 302


def test_lets_nobody_tighten_themselves_out_either(cast: Cast, now: datetime) -> None:
    ask(cast.aozora, strong=True, deadline=now + timedelta(days=3))
    member = cast.membership(cast.tanaka)
    with pytest.raises(security_policy.YouFirst):
        organizations.edit_settings(
            cast.aozora, by=seat_of(member), now=now, two_factor_deadline=None
        )
    db.session.rollback()
    assert organizations.edit_settings(
        cast.aozora, by=seat_of(member, "passkey"), now=now, two_factor_deadline=None
    )


def test_warns_when_no_power_user_is_ready(cast: Cast, as_: As, now: datetime) -> None:
    day = (now + timedelta(days=14)).date().isoformat()
    typed = TYPED | {
        "two_factor_required": "y",
        "two_factor_strong": "y",
        "two_factor_deadline": day,
    }
    page = as_(cast.tanaka).submit(SETTINGS, typed, follow_redirects=True).get_data(as_text=True)
    assert "No power user has an authenticator app or a passkey yet." in page
    give_app(cast.tanaka, now)
    page = (
        as_(cast.tanaka)
        .submit(SETTINGS, typed | {"latin_name": "Aozora"}, follow_redirects=True)
        .get_data(as_text=True)
    )
    assert "No power user has" not in page


def test_is_switched_off_for_everybody_at_once(cast: Cast, as_: As) -> None:
    ask(cast.aozora, strong=True)
    smith = as_(cast.smith)
    assert smith.get(HOME).status_code == 403
    as_(cast.tanaka, method="app").submit(SETTINGS, TYPED)
    db.session.expire_all()
    assert (
        cast.aozora.two_factor_required,
        cast.aozora.two_factor_strong,
        cast.aozora.two_factor_deadline,
    ) == (False, False, None)
    assert smith.get(HOME).status_code == 200
