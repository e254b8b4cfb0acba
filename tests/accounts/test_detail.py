"""One account, as the platform administrator sees it (S2-09, S2-10, S4-02). It …"""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from app.models import Account
from tests import factories
from tests.accounts.conftest import As
from tests.cast import Cast
from tests.conftest import PortalClient


def text(browser: PortalClient, account: Account) -> str:
    answer = browser.get(f"/accounts/show/{account.id}")
    assert answer.status_code == 200
    return " ".join(re.sub(r"<[^>]+>", " ", answer.get_data(as_text=True)).split())


def test_shows_who_it_is_and_where_it_belongs_with_links(
    root: PortalClient, cast: Cast, now: datetime
) -> None:
    elsewhere = factories.membership(cast.suzuki, cast.minato, suspended_at=now)
    cast.suzuki.managed_by, cast.suzuki.last_sign_in_at = cast.aozora, now - timedelta(days=2)
    shown = text(root, cast.suzuki)
    for words in (
        "鈴木 一郎",
        "すずき いちろう",
        "Ichiro Suzuki",
        "suzuki@example.com verified",
        "Login ID suzuki",
        "Latest sign-in 2 days ago",
        "by Aozora Inc., which manages the account",
        "Organizations 2",
        "Japanese",
    ):
        assert words in shown
    page = root.get(f"/accounts/show/{cast.suzuki.id}").get_data(as_text=True)
    assert f'href="/o/aozora/members/show/{cast.membership(cast.suzuki).id}"' in page
    assert f'href="/o/minato/members/show/{elsewhere.id}"' in page
    for path in re.findall(r'href="(/o/[^"]*)"', page):
        assert root.get(path).status_code == 200


def test_shows_why_and_since_when_an_account_is_suspended(
    root: PortalClient, cast: Cast, now: datetime
) -> None:
    cast.smith.suspended_at, cast.smith.suspended_reason = (
        now - timedelta(hours=5),
        "<b>Left</b> the company",
    )
    page = root.get(f"/accounts/show/{cast.smith.id}").get_data(as_text=True)
    assert "&lt;b&gt;Left&lt;/b&gt; the company" in page
    assert "5 hours ago" in text(root, cast.smith)
    assert "/accounts/action/reinstate/" in page
    assert "/accounts/suspension/" not in page


def test_shows_2_step_verification_and_who_asks_for_it(root: PortalClient, cast: Cast) -> None:
    assert "2-step Off" in text(root, cast.suzuki)
    cast.aozora.two_factor_required = True
    assert "2-step On, because Aozora Inc. asks for it" in text(root, cast.suzuki)
    assert "2-step Off" in text(root, cast.sato), "a suspended membership asks for nothing"
    cast.suzuki.two_factor = True
    assert "2-step On Open" in text(root, cast.suzuki)


def test_shows_open_sessions_and_what_is_known_of_the_password_never_the_password(
    root: PortalClient, cast: Cast, as_: As
) -> None:
    as_(cast.smith)
    as_(cast.smith)
    assert "Open sessions 2" in text(root, cast.smith)
    cast.smith.must_change_password = True
    assert "Must be changed at the next sign-in" in text(root, cast.smith)
    assert (cast.smith.password_hash or "?") not in root.get(
        f"/accounts/show/{cast.smith.id}"
    ).get_data(as_text=True)
    cast.smith.password_hash = None
    assert "Password None yet" in text(root, cast.smith)


def test_tells_what_happened_once_also_where_several_logs_have_it(
    root: PortalClient, cast: Cast
) -> None:
    factories.membership(cast.suzuki, cast.minato)
    factories.role(cast.aozora, "Night shift")
    root.submit(
        f"/accounts/action/send_password_link/{cast.suzuki.id}",
        page=f"/accounts/show/{cast.suzuki.id}",
    )
    assert text(root, cast.suzuki).count("A link to set a password was sent to") == 1
    assert "A link to set a password was sent to" not in text(root, cast.smith)


def test_says_what_cannot_be_done_and_why(root: PortalClient, cast: Cast) -> None:
    """D-2, S2-27."""
    shown = text(root, cast.tanaka)
    assert (
        "The last power user of Aozora Inc. cannot be suspended. Name another one there first."
        in shown
    )
    assert "This account still belongs to an organization." in shown
    assert "You cannot suspend or delete your own account." in text(root, cast.root)
    page = root.get(f"/accounts/show/{cast.newcomer.id}").get_data(as_text=True)
    assert f'href="/accounts/suspension/{cast.newcomer.id}"' in page
    assert f'href="/accounts/delete/{cast.newcomer.id}"' in page
