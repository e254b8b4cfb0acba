"""Suspending several accounts in one go (S4-15, D-2). It …"""

from __future__ import annotations

from tests import factories
from tests.accounts.conftest import Letters, act, body
from tests.cast import Cast
from tests.conftest import PortalClient


def test_names_everybody_and_who_cannot_be_before_many_are_suspended(
    root: PortalClient, cast: Cast
) -> None:
    """S4-15."""
    rows = [str(one.id) for one in (cast.smith, cast.suzuki, cast.tanaka, cast.root)]
    page = root.ask("/accounts/action_post", {"action": "suspend", "rowid": rows})
    for words in (
        "Suspend 2 accounts?",
        "John Smith",
        "鈴木 一郎",
        "The last power user of Aozora Inc. cannot",
        "You cannot suspend or delete your own",
    ):
        assert words in page
    assert "4 selected rows" in page
    assert not cast.smith.is_suspended


def test_suspends_many_and_says_which_could_not_be_and_why(
    root: PortalClient, cast: Cast, letters: Letters
) -> None:
    answer = act(
        root,
        "suspend",
        cast.smith,
        cast.suzuki,
        cast.tanaka,
        cast.root,
        reason="Cleaning up",
        next="/accounts/list/?q=s",
    )
    assert answer.location == "/accounts/list/?q=s"
    page = body(root.get("/accounts/list/"))
    for words in (
        "2 accounts were suspended.",
        "2 could not be changed.",
        "田中 太郎: The last power user of Aozora Inc.",
        "Rita Root: You cannot",
    ):
        assert words in page
    assert [one.suspended_reason for one in (cast.smith, cast.suzuki, cast.tanaka)] == [
        "Cleaning up",
        "Cleaning up",
        "",
    ]
    assert len(letters("account_suspended")) == 2


def test_keeps_one_power_user_when_all_of_them_are_suspended_together(
    root: PortalClient, cast: Cast
) -> None:
    """D-2."""
    factories.membership(cast.newcomer, cast.aozora, power=True)
    act(root, "suspend", cast.newcomer, cast.tanaka)
    assert sorted([cast.newcomer.is_suspended, cast.tanaka.is_suspended]) == [False, True]


def test_says_so_when_nothing_was_selected(root: PortalClient) -> None:
    act(root, "suspend")
    assert "Nothing was selected." in body(root.get("/accounts/list/"))
