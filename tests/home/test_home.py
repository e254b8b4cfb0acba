"""An organization's home: what each reader finds there. It …"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta

from app.activity import events
from app.activity import service as activity
from app.extensions import db
from app.models import Letter, LetterState
from app.outbox.service import Draft, post
from tests import factories
from tests.cast import Cast
from tests.conftest import PortalClient

As = Callable[..., PortalClient]
HOME = "/o/aozora/"


def text(browser: PortalClient, path: str = HOME) -> str:
    answer = browser.get(path)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def delivered(cast: Cast, now: datetime, state: LetterState) -> Letter:
    letter = post(
        Draft(
            kind="test",
            to="x@example.com",
            language="en",
            words={"asked_at": now},
            organization=cast.aozora,
        ),
        now=now,
    )
    letter.state = state
    db.session.commit()
    return letter


def test_leads_whoever_runs_the_organization_through_the_first_steps(cast: Cast, as_: As) -> None:
    page = text(as_(cast.tanaka))
    for words in (
        "Getting started",
        "1 of 5 done",
        "Name a second power user",
        "Invite people",
        "Require 2-step verification",
        "Look through the roles",
    ):
        assert words in page
    for address in (
        "/o/aozora/members/list/",
        "/o/aozora/settings/",
        "/o/aozora/roles/list/",
        "/o/aozora/invites/add",
    ):
        assert f'href="{address}"' in page
    assert "/outbox/" not in page, "the outbox is the platform administrator's"
    assert 'href="/outbox/list/"' in text(as_(cast.root))


def test_ticks_the_steps_off_and_then_keeps_quiet(cast: Cast, as_: As, now: datetime) -> None:
    delivered(cast, now, LetterState.SENT)
    factories.membership(factories.account("second"), cast.aozora, power=True)
    factories.role(cast.aozora, "Ours")
    assert "4 of 5 done" in text(as_(cast.tanaka))
    cast.aozora.two_factor_required = True
    assert "Getting started" not in text(as_(cast.tanaka, method="mail"))


def test_counts_members_and_invitations(cast: Cast, as_: As, now: datetime) -> None:
    """Suspended members are not counted; expired invitations are told apart (S1-08)."""
    factories.invite(cast.aozora, "open@example.com", cast.tanaka)
    factories.invite(cast.aozora, "late@example.com", cast.tanaka, sent_at=now - timedelta(days=8))
    factories.invite(cast.minato, "theirs@example.com", cast.yamada)
    page = text(as_(cast.tanaka))
    assert "1 power user" in page
    assert re.search(r">\s*3 <small", page)
    assert re.search(r">\s*1 <small", page)
    assert "1 expired" in page


def test_says_what_needs_attention(cast: Cast, as_: As, now: datetime) -> None:
    quiet = text(as_(cast.tanaka))
    assert "Needs attention" not in quiet
    factories.invite(cast.aozora, "late@example.com", cast.tanaka, sent_at=now - timedelta(days=8))
    cast.membership(cast.smith).last_access_at = now - timedelta(days=91)
    delivered(cast, now, LetterState.DEAD)
    page = text(as_(cast.tanaka))
    for words in (
        "Needs attention",
        "1 invitation has expired",
        "1 letter could not be delivered",
        "1 member has not been here for 90 days",
    ):
        assert words in page


def test_tells_a_general_user_what_they_may_do_and_whom_to_ask(cast: Cast, as_: As) -> None:
    """S0-13, S4-09."""
    cast.membership(cast.smith).authorities = frozenset({"invoice_downloader"})
    page = text(as_(cast.smith))
    for words in (
        "What you may do here",
        "Invoice Downloader",
        "Download invoices",
        "Who to ask",
        "田中 太郎",
        "tanaka@aozora.example",
    ):
        assert words in page
    for words in (
        "Getting started",
        "Recent activity",
        "Needs attention",
        "Open invitations",
        "/members/list/",
        "/activity/list/",
    ):
        assert words not in page


def test_shows_a_user_viewer_members_but_no_invitations(cast: Cast, as_: As) -> None:
    """S0-17, S0-15: each number only to those who may see what it counts."""
    cast.suzuki.language = "en"
    page = text(as_(cast.suzuki))
    assert "/o/aozora/members/list/" in page
    assert "Open invitations" not in page
    cast.membership(cast.suzuki).authorities = frozenset({"organization_invitation_viewer"})
    page = text(as_(cast.suzuki))
    assert "Open invitations" in page
    assert "1 power user" not in page


def test_shows_the_latest_lines_of_the_log_to_those_who_may_read_it(
    cast: Cast, as_: As, now: datetime
) -> None:
    """S3-04."""
    for number in range(7):
        role = factories.role(cast.aozora, f"Role {number}")
        activity.record(
            events.ROLE_CREATED,
            now=now - timedelta(minutes=number),
            by=cast.tanaka,
            organization=cast.aozora,
            subject=role,
            authorities=[],
        )
    page = text(as_(cast.tanaka))
    assert "Recent activity" in page
    assert [f"Role {number}" in page for number in range(7)] == [True] * 5 + [False] * 2
    cast.membership(cast.smith).authorities = frozenset({"activity_viewer"})
    assert "Role 0" in text(as_(cast.smith))


def test_speaks_japanese_to_readers_of_japanese(cast: Cast, as_: As) -> None:
    page = text(as_(cast.suzuki))
    assert "株式会社あおぞら" in page
    assert "この組織でできること" in page
    assert "What you may do here" not in page


def test_is_closed_to_suspended_members_with_a_sentence(cast: Cast, as_: As) -> None:
    """D-3, D-C1."""
    answer = as_(cast.sato).get(HOME)
    assert answer.status_code == 403
    assert "Your membership of this organization is suspended." in answer.get_data(as_text=True)


def test_is_not_there_for_outsiders_and_asks_strangers_to_sign_in(
    cast: Cast, as_: As, client: PortalClient
) -> None:
    """S4-09, S0-01."""
    for who in (cast.yamada, cast.newcomer):
        answer = as_(who).get(HOME)
        assert answer.status_code == 404
        assert "あおぞら" not in answer.get_data(as_text=True)
    assert client.get(HOME).location.startswith("/login/")


def test_costs_few_statements_however_many_members(
    cast: Cast, as_: As, statements: Callable[[], list[str]], now: datetime
) -> None:
    for number in range(40):
        who = factories.account(f"crowd{number:02}")
        factories.membership(who, cast.aozora)
        activity.record(
            events.MEMBER_JOINED,
            now=now,
            by=who,
            organization=cast.aozora,
            subject=who,
            type="general",
            roles=[],
            authorities=[],
        )
    for who in (cast.tanaka, cast.smith, cast.root):
        browser = as_(who)
        text(browser)
        statements()
        text(browser)
        assert len(statements()) <= 8, who
