"""The last power user of an organization stays one. It …"""

from __future__ import annotations

import pytest

from app.extensions import db
from app.models import Membership
from tests.journeys.people import Person
from tests.journeys.town import Town

SAFE = ("最後の特権ユーザー", "last power user")


@pytest.fixture
def other(town: Town) -> Person:
    """Root, who may do everything in every organization; tanaka is the only power user of
    aozora."""
    return town.citizen(town.everybody().root).signs_in()


def tanakas(town: Town) -> Membership:
    db.session.rollback()
    return next(one for one in db.session.query(Membership) if one.account.login_id == "tanaka")


def is_safe(town: Town) -> bool:
    one = tanakas(town)
    return one.is_power and not one.is_suspended and not one.account.is_suspended


def test_is_not_removed_suspended_or_demoted_by_anybody(town: Town, other: Person) -> None:
    """D-2, S2-27: the buttons are locked and say why; the requests behind them are refused, too."""
    pk = tanakas(town).id
    other.opens(f"/o/aozora/members/show/{pk}").reads(*SAFE)
    assert not other.can_press("停止…", "Suspend…")
    assert not other.can_press("組織から削除…", "Remove from the organization…")
    for page, verb in (
        ("suspension", ("停止", "Suspend")),
        ("delete", ("組織から削除", "Remove from the organization")),
    ):
        other.opens(f"/o/aozora/members/{page}/{pk}").reads(*SAFE)
        assert not other.can_press(*verb), "T2-46: the page says why before anything is asked"
        other.posts(f"/o/aozora/members/{page}/{pk}", {"reason": ""}).reads(*SAFE)
        assert is_safe(town)
    other.opens(f"/o/aozora/members/edit/{pk}").fills_in(type="general").presses(
        "保存", "Save"
    ).reads(*SAFE)
    assert is_safe(town)


def test_is_not_among_many_either(town: Town, other: Person) -> None:
    """D-2, S4-14: the others go, the last one is named with the reason."""
    page = other.opens("/o/aozora/members/list/").page
    rows = [node["value"] for node in page.root.all("input") if node["name"] == "rowid"]
    assert len(rows) == 3
    for verb in ("suspend", "remove"):
        values = {"action": verb, "rowid": rows, "sure": "1"}
        other.posts("/o/aozora/members/action_post", values)
        other.reads(*SAFE)
        assert is_safe(town)


def test_does_not_leave(town: Town, other: Person) -> None:
    """D-2."""
    tanaka = town.citizen(tanakas(town).account).signs_in()
    tanaka.opens("/o/aozora/members/leave").presses("離脱", "Leave").reads(*SAFE)
    assert is_safe(town)


def test_is_not_lost_with_the_account(town: Town, other: Person) -> None:
    """D-2, D-3: neither suspended nor deleted as an account."""
    account = tanakas(town).account_id
    other.opens(f"/accounts/suspension/{account}").presses("停止", "Suspend").reads(*SAFE)
    other.opens(f"/accounts/delete/{account}")
    if other.can_press("アカウントの削除", "Delete the account"):
        other.presses("アカウントの削除", "Delete the account")
    assert is_safe(town)


def test_goes_once_there_is_another(town: Town, other: Person) -> None:
    """D-2: name another one first, as the sentence says."""
    smith = next(one for one in db.session.query(Membership) if one.account.login_id == "smith")
    other.opens(f"/o/aozora/members/edit/{smith.id}").fills_in(type="power").presses(
        "保存", "Save"
    ).presses("保存", "Save")
    tanaka = town.citizen(tanakas(town).account).signs_in()
    tanaka.opens("/o/aozora/members/leave").presses("離脱", "Leave").reads(
        "組織から離脱しました。", "You left the organization."
    )
    tanaka.opens("/o/aozora/").is_at("/login/")
    other.opens(f"/o/aozora/members/show/{smith.id}").reads(*SAFE)
