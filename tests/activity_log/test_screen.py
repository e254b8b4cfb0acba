"""The activity log's screen (S3-04): who may see it, and what it shows. It …"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from app.activity import events
from app.extensions import db
from app.models import Activity
from tests import factories
from tests.activity_log.conftest import LIST, As, happened, plain, text
from tests.cast import Cast
from tests.conftest import PortalClient


def test_is_open_to_power_users_and_activity_log_viewers(
    cast: Cast, as_: As, now: datetime
) -> None:
    """S3-04."""
    line = happened(cast, events.SIGNED_OUT, now)
    cast.membership(cast.smith).authorities = frozenset({"activity_viewer"})
    for who in (cast.tanaka, cast.smith, cast.root):
        for path in (LIST, f"/o/aozora/activity/show/{line.id}"):
            assert "signed out" in text(as_(who), path)


def test_is_refused_to_other_members(cast: Cast, as_: As, now: datetime) -> None:
    line = happened(cast, events.SIGNED_OUT, now)
    for who in (cast.suzuki, cast.smith):
        for path in (LIST, f"/o/aozora/activity/show/{line.id}"):
            answer = as_(who).get(path)
            assert answer.status_code == 403
            assert "signed out" not in answer.get_data(as_text=True)


def test_is_404_for_outsiders_under_either_address(cast: Cast, as_: As, now: datetime) -> None:
    """S0-01, S4-09."""
    line = happened(cast, events.SIGNED_OUT, now)
    yamada = as_(cast.yamada)
    for path in (LIST, f"/o/aozora/activity/show/{line.id}", f"/o/minato/activity/show/{line.id}"):
        assert yamada.get(path).status_code == 404
    assert as_(cast.newcomer).get(LIST).status_code == 404
    assert "signed out" not in text(yamada, "/o/minato/activity/list/")
    assert str(cast.tanaka.id) not in re.findall(
        r'name="actor" value="(\d+)"', text(yamada, "/o/minato/activity/list/")
    )


@pytest.mark.parametrize("pk", ["0", "abc", "999999", "99999999999999999999"])
def test_is_404_for_what_does_not_exist(cast: Cast, as_: As, pk: str) -> None:
    assert as_(cast.tanaka).get(f"/o/aozora/activity/show/{pk}").status_code == 404


def test_asks_strangers_to_sign_in(cast: Cast, client: PortalClient) -> None:
    assert client.get(LIST).location.startswith("/login/")


def test_can_be_written_by_nobody(cast: Cast, as_: As, now: datetime) -> None:
    """Append only: neither power users nor the platform administrator add, edit or delete
    a line."""
    line = happened(cast, events.SIGNED_OUT, now)
    for who in (cast.tanaka, cast.root):
        browser = as_(who)
        for path in (
            "add",
            f"edit/{line.id}",
            f"delete/{line.id}",
            "action_post",
            f"action/delete/{line.id}",
            f"show/{line.id}",
            "list/",
        ):
            assert browser.submit(f"/o/aozora/activity/{path}", page="/o/aozora/").status_code in {
                404,
                405,
            }
    assert db.session.query(Activity).count() == 1


def test_costs_few_statements_however_many_lines(
    cast: Cast, as_: As, now: datetime, statements: Callable[[], list[str]]
) -> None:
    for number in range(40):
        who = factories.account(f"crowd{number:02}")
        line = happened(cast, events.MEMBER_EDITED, now, by=who, subject=who)
    browser = as_(cast.tanaka)
    text(browser)
    for path, most in ((f"{LIST}?page_size=100", 8), (f"/o/aozora/activity/show/{line.id}", 12)):
        statements()
        text(browser, path)
        assert len(statements()) <= most, path


@pytest.mark.parametrize(
    "query",
    ["from=0001-01-01", "to=0001-01-01", "from=9999-12-31", "to=9999-12-31", "from=yesterday"],
)
@pytest.mark.parametrize("zone", ["Asia/Tokyo", "America/Los_Angeles"])
def test_survives_days_at_either_end_of_the_calendar(
    cast: Cast, as_: As, query: str, zone: str
) -> None:
    cast.tanaka.time_zone = zone
    assert as_(cast.tanaka).get(f"{LIST}?{query}").status_code == 200


def test_leads_from_a_line_to_what_it_tells_of(varied: Cast, as_: As) -> None:
    """B-83: if it is still there, and the reader may open it."""
    tanaka, membership = as_(varied.tanaka), varied.membership(varied.smith)
    lines = {line.event: line for line in db.session.query(Activity)}
    leads = {
        "member_suspended": f"members/show/{membership.id}",
        "role_created": f"roles/show/{lines['role_created'].subject_id}",
        "invite_sent": f"invites/show/{lines['invite_sent'].subject_id}",
    }
    for event, path in leads.items():
        assert f'href="/o/aozora/{path}"' in text(
            tanaka, f"/o/aozora/activity/show/{lines[event].id}"
        )
    varied.membership(varied.suzuki).authorities = frozenset({"activity_viewer"})
    assert f'href="/o/aozora/members/show/{membership.id}"' not in text(
        as_(varied.suzuki), f"/o/aozora/activity/show/{lines['member_suspended'].id}"
    )
    db.session.delete(membership)
    page = text(tanaka, f"/o/aozora/activity/show/{lines['member_suspended'].id}")
    assert "members/show/" not in page
    assert f'href="/o/aozora/activity/list/?about={varied.smith.id}"' in page
    assert f'href="/o/aozora/activity/list/?by={varied.tanaka.id}"' in page


def test_shows_what_the_same_people_did_around_a_line(cast: Cast, as_: As, now: datetime) -> None:
    """B-83: ten minutes before and after, the same actor or the same subject."""
    line = happened(cast, events.MEMBER_SUSPENDED, now)
    role = factories.role(cast.aozora, "Night shift")
    happened(cast, events.ROLE_CREATED, now - timedelta(minutes=9), subject=role)
    happened(cast, events.MEMBER_LEFT, now + timedelta(minutes=9), by=cast.smith)
    happened(cast, events.ROLE_DELETED, now - timedelta(minutes=11), subject=role)
    happened(cast, events.SIGNED_OUT, now, by=cast.suzuki, subject=cast.suzuki)
    happened(cast, events.MEMBER_LEFT, now, by=cast.tanaka, organization=cast.minato)
    page = plain(text(as_(cast.tanaka), f"/o/aozora/activity/show/{line.id}")).split("Around it")[1]
    for words, is_there in (
        ("created the role", True),
        ("suspended John Smith", True),
        ("left the organization", True),
        ("deleted the role", False),
        ("signed out", False),
    ):
        assert (words in page) is is_there, words
    assert page.count("left the organization") == 1


def test_offers_to_take_back_only_what_can_be(cast: Cast, as_: As, now: datetime) -> None:
    line, other = (
        happened(cast, events.MEMBER_SUSPENDED, now),
        happened(cast, events.SIGNED_OUT, now),
    )
    assert f'href="/o/aozora/activity/undo/{line.id}"' in text(
        as_(cast.tanaka), f"/o/aozora/activity/show/{line.id}"
    )
    assert "activity/undo" not in text(as_(cast.tanaka), f"/o/aozora/activity/show/{other.id}")
    cast.membership(cast.suzuki).authorities = frozenset({"activity_viewer"})
    assert "activity/undo" not in text(as_(cast.suzuki), f"/o/aozora/activity/show/{line.id}")


def test_hides_what_is_kept_for_taking_back_only(cast: Cast, as_: As, now: datetime) -> None:
    happened(cast, events.MEMBER_REMOVED, now)
    page = plain(text(as_(cast.tanaka)))
    assert "role_ids" not in page
    assert "[[" not in page
