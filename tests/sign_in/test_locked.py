"""Accounts that wrong passwords shut: shown to whoever manages them, and unlocked (T2-110). It …"""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.extensions import db
from app.models import Activity
from tests.cast import Cast
from tests.conftest import PortalClient
from tests.sign_in.conftest import Enter

MEMBERS = "/o/aozora/members"


@pytest.fixture
def shut(cast: Cast, enter: Enter) -> None:
    """smith, whom aozora registered, tried eleven wrong passwords."""
    cast.smith.managed_by_id = cast.aozora.id
    db.session.commit()
    for _ in range(11):
        enter("smith", "wrong")
    db.session.expire_all()
    assert cast.smith.locked_until


def pages(browser: PortalClient, cast: Cast) -> tuple[str, str]:
    """The list of those who are locked, and smith's page."""
    smith = cast.membership(cast.smith).id
    paths = (f"{MEMBERS}/list/?status=locked", f"{MEMBERS}/show/{smith}")
    listed, shown = (browser.get(path).get_data(as_text=True) for path in paths)
    return listed, shown


def test_is_told_to_those_who_manage_the_account(as_, cast: Cast, shut: None) -> None:
    """T2-110: in the list, by a filter, on the page, until when."""
    listed, shown = pages(as_(cast.tanaka), cast)
    assert "class=is-locked" in listed and listed.count("<th scope=row>") == 1
    assert "Too many wrong passwords: nobody can sign in with this account until" in shown
    assert "Unlock</button>" in shown


def test_is_told_to_nobody_else(as_, cast: Cast, shut: None) -> None:
    """T2-110: neither to who only looks, nor where the account was not registered."""
    for text in pages(as_(cast.suzuki), cast):
        assert "is-locked" not in text and "Locked" not in text and "wrong passwords" not in text
    cast.smith.managed_by_id = None
    db.session.commit()
    listed, shown = pages(as_(cast.tanaka), cast)
    assert "is-locked" not in listed and "wrong passwords" not in shown
    smith = cast.membership(cast.smith).id
    as_(cast.tanaka).submit(f"{MEMBERS}/action/unlock/{smith}", page="/profile/")
    db.session.expire_all()
    assert cast.smith.locked_until


def test_opens_again_at_once_and_is_logged(as_, cast: Cast, enter: Enter, shut: None) -> None:
    """T2-110: the count starts anew, in whichever browser."""
    assert enter("smith").status_code == 429
    smith = cast.membership(cast.smith).id
    page = as_(cast.tanaka).submit(
        f"{MEMBERS}/action/unlock/{smith}", page="/profile/", follow_redirects=True
    )
    assert "The account of John Smith was unlocked." in page.get_data(as_text=True)
    assert enter("smith").status_code == 302
    line = db.session.query(Activity).filter_by(event="account_unlocked").one()
    assert (line.organization_id, line.actor_id) == (cast.aozora.id, cast.tanaka.id)


def test_is_shown_to_and_opened_by_the_platform_administrator(
    as_, cast: Cast, enter: Enter, shut: None
) -> None:
    """T2-110: root read "Active"."""
    root = as_(cast.root)
    listed = root.get("/accounts/list/?status=locked").get_data(as_text=True)
    assert "Locked" in listed and f"/accounts/show/{cast.smith.id}" in listed
    assert f"/accounts/show/{cast.suzuki.id}" not in listed
    page = f"/accounts/show/{cast.smith.id}"
    assert "Unlock</button>" in root.get(page).get_data(as_text=True)
    root.submit(f"/accounts/action/unlock/{cast.smith.id}", page=page)
    assert enter("smith").status_code == 302
    assert "Unlock</button>" not in root.get(page).get_data(as_text=True)


def test_ends_by_itself_when_the_time_is_over(as_, cast: Cast, shut: None) -> None:
    """T2-110"""
    assert cast.smith.locked_until
    cast.smith.locked_until -= timedelta(minutes=16)
    db.session.commit()
    listed, shown = pages(as_(cast.tanaka), cast)
    assert "is-locked" not in listed and "wrong passwords" not in shown
