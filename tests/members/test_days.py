"""Members who were not here for some days; what one is elsewhere (T2-113). It …"""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from app.extensions import db
from app.kernel.clock import utcnow
from tests import factories
from tests.cast import Cast
from tests.conftest import PortalClient
from tests.members.conftest import BASE, built_in, listed, text


@pytest.mark.parametrize(("days", "is_found"), [("40", True), ("50", False)])
def test_takes_a_number_of_ones_own(
    tanaka: PortalClient, cast: Cast, days: str, is_found: bool
) -> None:
    """T2-113: neither 30 nor 90 nor 180."""
    for one in (cast.smith, cast.suzuki, cast.tanaka):
        cast.membership(one).last_access_at = utcnow()
    cast.membership(cast.smith).last_access_at = utcnow() - timedelta(days=45)
    db.session.commit()
    page = text(tanaka, f"{BASE}/list/?unused={days}")
    assert ("John Smith" in page) is is_found
    assert f"No access for {days} days" in page and 'type="number"' in page


@pytest.mark.parametrize("days", ["0", "-1", "10000", "x", "99999999999999"])
def test_takes_nothing_else_for_a_number(tanaka: PortalClient, days: str) -> None:
    """T2-113"""
    assert "John Smith" in text(tanaka, f"{BASE}/list/?unused={days}")


def test_knows_the_last_sign_in_beside_the_last_access(
    tanaka: PortalClient, cast: Cast, now: datetime
) -> None:
    """T2-113: signing in elsewhere is no access here; as filter, order, and in the file."""
    for one in (cast.smith, cast.suzuki):
        cast.membership(one).last_access_at = None
        one.last_sign_in_at = now - timedelta(days=50 if one is cast.smith else 3)
    db.session.commit()
    away = listed(tanaka, "signed_in=40")
    assert ("John Smith" in away, "鈴木 一郎" in away) == (True, False)
    order = listed(tanaka, "sort=-last_sign_in_at")
    assert order.index("鈴木 一郎") < order.index("John Smith")
    file = tanaka.submit(f"{BASE}/export?signed_in=40", {"format": "csv"}, page="/profile/")
    assert f"{now - timedelta(days=50):%Y-%m-%dT%H:%M:%S}Z" in file.get_data(as_text=True)


def test_says_in_the_switcher_what_one_is(tanaka: PortalClient, cast: Cast) -> None:
    """T2-113"""
    member = factories.membership(cast.tanaka, cast.minato)
    member.roles = [built_in("editor")]
    db.session.commit()
    page = " ".join(text(tanaka, f"{BASE}/list/").split())
    menu = page[page.index("Switch organization") :]
    assert "Power user" in menu[:900] and "Editor" in menu[:900]
