"""What a mere User Viewer reads of members, as docs/security.md says it (T2-92). It …"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from app.extensions import db
from app.members import api
from app.models import Account, AuthenticatorApp
from tests import factories
from tests.cast import Cast
from tests.conftest import PortalClient
from tests.exchange.conftest import by_login, objects
from tests.members.conftest import BASE, As, text
from tests.rest.conftest import Caller, code, issued

DOC = Path(__file__).resolve().parents[2] / "docs" / "security.md"
FACT = re.compile(r"<dt>([^<]+)</dt>")
PRIVATE = {"suspended_reason", "two_factor"}
ALL = "status=active&status=never&status=suspended"
Keyed = Callable[..., Caller]


@pytest.fixture
def keyed(app: Flask, cast: Cast) -> Keyed:
    """`keyed(cast.suzuki)`: a program with a key that has all that its holder has."""

    def give(who: Account) -> Caller:
        own = cast.membership(who)
        _key, secret = issued(own, own.authorities or ["user_viewer", "member_manager"])
        return Caller(app, secret)

    return give


def _rows(cast: Cast, keyed: Keyed, browser: PortalClient, who: Account) -> list[dict[str, Any]]:
    """sato as every file and answer of the portal tells of them."""
    item = f"/members/{cast.membership(cast.sato).id}"
    file = browser.get(f"{BASE}/export?{ALL}&format=json")
    listed = keyed(who)("GET", f"/members?{ALL}").get_json()["items"]
    return [
        next(one for one in objects(file) if one["login_id"] == "sato"),
        next(one for one in listed if one["login_id"] == "sato"),
        keyed(who)("GET", item).get_json(),
        by_login(browser.get(f"{BASE}/export?{ALL}"))["sato"],
    ]


def test_reads_neither_reasons_nor_who_has_no_second_step(
    cast: Cast, as_: As, keyed: Keyed
) -> None:
    """T2-92: on no page, in no file, by no key."""
    suzuki = as_(cast.suzuki)
    assert all(
        not row.get(name) for row in _rows(cast, keyed, suzuki, cast.suzuki) for name in PRIVATE
    )
    page = text(suzuki, f"/show/{cast.membership(cast.sato).id}")
    assert "On leave" not in page
    assert "2段階" not in page
    assert "On leave" not in text(suzuki, f"/list/?{ALL}")


def test_shows_both_to_those_who_manage_members(cast: Cast, as_: As, keyed: Keyed) -> None:
    """T2-92: the other half, so that the first is not true of an empty page."""
    tanaka = as_(cast.tanaka)
    rows = _rows(cast, keyed, tanaka, cast.tanaka)
    assert [row["suspended_reason"] for row in rows] == ["On leave"] * 4
    assert [row["two_factor"] for row in rows] == [False, False, False, "false"]
    page = text(tanaka, f"/show/{cast.membership(cast.sato).id}")
    assert "On leave" in page
    assert "2-step" in page


def test_narrows_by_the_second_step_only_for_managers(cast: Cast, as_: As, keyed: Keyed) -> None:
    """T2-92: what a filter leaves out tells as much as a column."""
    cast.smith.two_factor = True
    db.session.commit()
    suzuki, tanaka = as_(cast.suzuki), as_(cast.tanaka)
    asked = "two_factor=on&filter=two_factor"
    assert len(by_login(suzuki.get(f"{BASE}/export?{asked}"))) == 3, "as if it were not asked"
    assert set(by_login(tanaka.get(f"{BASE}/export?{asked}"))) == {"smith"}
    assert 'name="two_factor"' not in text(suzuki, f"/list/?{asked}")
    assert "two_factor" in text(tanaka, f"/list/?{asked}")
    answer = keyed(cast.suzuki)("GET", "/members?two_factor=on")
    assert code(answer) == (422, "InvalidInput")
    assert keyed(cast.tanaka)("GET", "/members?two_factor=on").get_json()["total"] == 1


def test_hears_from_a_check_only_that_there_is_no_access(
    cast: Cast, keyed: Keyed, now: datetime
) -> None:
    """T2-92: the answer to another service names no missing second step either."""
    callers = [keyed(who) for who in (cast.suzuki, cast.tanaka)]
    for who in (cast.suzuki, cast.tanaka):
        app_of = AuthenticatorApp(
            account_id=who.id, encrypted_secret="x", created_at=now, confirmed_at=now
        )
        db.session.add(app_of)
    cast.membership(cast.smith).authorities = frozenset({"billing_viewer"})
    cast.aozora.two_factor_required = cast.aozora.two_factor_strong = True
    db.session.commit()
    question = {"member": "smith", "authority": "billing_viewer"}
    told = [caller("POST", "/check", json=question).get_json() for caller in callers]
    assert [one["allowed"] for one in told] == [False, False]
    assert [one["reason"]["code"] for one in told] == ["NoAccess", "AccessWithheld"]
    assert "2-step" not in str(told[0])


def test_finds_on_the_page_no_other_facts(cast: Cast, as_: As) -> None:
    """T2-92: of somebody who never signed in, too; a new fact stands in docs/security.md first."""
    newcomer = factories.membership(cast.newcomer, cast.aozora, authorities=["user_viewer"])
    db.session.commit()
    facts: set[str] = set()
    for who in (newcomer, cast.membership(cast.smith), cast.membership(cast.sato)):
        facts |= set(FACT.findall(text(as_(cast.suzuki), f"/show/{who.id}")))
    known = {"種別", "ロール", "参加日", "停止日時"}
    assert facts - known <= {
        "メールアドレス",
        "ログインID",
        "言語",
        "最終サインイン",
        "初回サインイン",
        "メール通知",
        "登録元",
    }
    assert known | {"メールアドレス", "メール通知"} <= facts, "the other half: they are read at all"


def test_the_manual_says_what_a_user_viewer_reads() -> None:
    """T2-92: every field of the list, the page and the file, and the two that are not."""
    part = DOC.read_text().split("## What a User Viewer reads", 1)[1].split("\n## ", 1)[0]
    reads, hidden = part.split("**Not**", 1)
    fields = set(api.MEMBERS.row().fields)
    assert {name for name in fields if f"`{name}`" in reads} == fields - PRIVATE
    assert {name for name in fields if f"`{name}`" in hidden} == PRIVATE
