"""The profile: where one is signed in, and signing out elsewhere (B-67). It …"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from html import unescape

from app.extensions import db
from app.models import Account, AccountSession, Activity
from app.sessions import service as sessions
from tests.cast import Cast
from tests.conftest import PortalClient
from tests.factories import PASSWORD

As = Callable[[Account], PortalClient]
Live = Callable[[Account], list[AccountSession]]
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
SAFARI = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0"
    " Mobile/15E148 Safari/604.1"
)
OTHERS = "/profile/sessions/others"


def another(
    who: Account, user_agent: str = FIREFOX, *, minutes: int = 12, ip: str = "203.0.113.7"
) -> AccountSession:
    row, _key = sessions.open_session(
        who, now=datetime.now(UTC) - timedelta(minutes=minutes), ip=ip, user_agent=user_agent
    )
    db.session.commit()
    return row


def text(client: PortalClient, path: str = "/profile/") -> str:
    return unescape(client.get(path).get_data(as_text=True))


def test_shows_device_address_and_last_use_of_each_session(cast: Cast, as_: As) -> None:
    browser = as_(cast.smith)
    another(cast.smith)
    another(cast.smith, SAFARI, minutes=25, ip="2001:db8::7")
    another(cast.tanaka, "Opera OPR/1 Linux", ip="198.51.100.9")
    page = text(browser)
    for words in (
        "Firefox on Windows",
        "203.0.113.7",
        "12 minutes ago",
        "Safari on iPhone",
        "2001:db8::7",
        "This browser",
        "127.0.0.1",
    ):
        assert words in page
    assert "198.51.100.9" not in page, "nobody else's"
    assert (
        page.index("This browser")
        < page.index("Firefox on Windows")
        < page.index("Safari on iPhone")
    )


def test_shows_no_session_that_is_over(cast: Cast, as_: As, now: datetime) -> None:
    browser = as_(cast.smith)
    sessions.end(another(cast.smith, ip="203.0.113.1"), now=now)
    another(cast.smith, minutes=35, ip="203.0.113.2")
    another(cast.smith, ip="203.0.113.3").expires_at = now - timedelta(seconds=1)
    page = text(browser)
    assert "203.0.113." not in page
    assert OTHERS not in page, "there are no others to sign out"


def test_signs_out_the_others(cast: Cast, as_: As, live: Live) -> None:
    browser, elsewhere, colleague = as_(cast.smith), as_(cast.smith), as_(cast.tanaka)
    another(cast.smith)
    answer = browser.submit(OTHERS, page="/profile/", follow_redirects=True)
    assert "Your other sessions have ended." in answer.get_data(as_text=True)
    assert len(live(cast.smith)) == 1
    assert elsewhere.get("/profile/").location.startswith("/login/")
    assert browser.get("/profile/").status_code == 200
    assert colleague.get("/profile/").status_code == 200
    line = db.session.query(Activity).filter_by(event="sessions_ended").one()
    assert (line.organization_id, line.actor_id, line.details) == (
        cast.aozora.id,
        cast.smith.id,
        {"count": 2},
    )


def test_signs_out_one_browser(cast: Cast, as_: As, live: Live) -> None:
    browser = as_(cast.smith)
    first, second = another(cast.smith), another(cast.smith, SAFARI)
    path = f"/profile/sessions/{first.id}"
    assert "Sign out Firefox on Windows?" in text(browser)
    answer = browser.submit(path, page="/profile/", follow_redirects=True)
    assert "Firefox on Windows was signed out." in answer.get_data(as_text=True)
    assert [row.id for row in live(cast.smith)][1:] == [second.id]
    assert browser.submit(path, page="/profile/").status_code == 404


def test_ends_nothing_without_a_fresh_proof(
    cast: Cast, as_: As, live: Live, stale: Callable[[Account], None]
) -> None:
    """ASVS 7.5.2."""
    browser, row = as_(cast.smith), another(cast.smith)
    stale(cast.smith)
    for path in (OTHERS, f"/profile/sessions/{row.id}"):
        assert browser.submit(path, page="/profile/").status_code == 403
        answer = browser.submit(path, {"proof_password": "Wrong-Horse-7"}, page="/profile/")
        assert (
            answer.status_code,
            "That is not your current password." in answer.get_data(as_text=True),
        ) == (422, True)
    assert len(live(cast.smith)) == 2
    assert (
        browser.submit(OTHERS, {"proof_password": PASSWORD}, page="/profile/").location
        == "/profile/"
    )
    assert len(live(cast.smith)) == 1


def test_knows_nobody_else_s_session_nor_one_that_is_none(cast: Cast, as_: As, live: Live) -> None:
    browser = as_(cast.smith)
    theirs, own = another(cast.tanaka), live(cast.smith)[0]
    for pk in (theirs.id, own.id, 0, -1, "abc", "9" * 30, "%00"):
        assert browser.submit(f"/profile/sessions/{pk}", page="/profile/").status_code == 404
    assert live(cast.tanaka)
    assert live(cast.smith)
