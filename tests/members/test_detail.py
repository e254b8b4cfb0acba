"""A member's page: what they may do and why, what they sent, what the reader can do (issue 3,
Details). It …
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from app.access.authorities import CATALOGUE
from app.activity import events
from app.activity import service as activity
from app.extensions import db
from app.models import Account, InviteStatus, MemberRole
from tests import factories
from tests.cast import Cast
from tests.conftest import PortalClient
from tests.members.conftest import BASE, As, Statements, built_in, part, text


@pytest.fixture
def smith(cast: Cast) -> str:
    """The address of smith's page."""
    return f"/show/{cast.membership(cast.smith).id}"


def test_gives_the_source_of_each_authority_and_what_it_unlocks(
    tanaka: PortalClient, cast: Cast, smith: str, desk: MemberRole
) -> None:
    """S3-45, D-C8: role and single grant of the same authority are both named; what nothing asks
    for yet is marked.
    """
    member = cast.membership(cast.smith)
    member.roles, member.authorities = (
        [desk],
        frozenset({"inquiry_user", "billing_viewer", "project_editor"}),
    )
    held = part(text(tanaka, smith), "authorities")
    assert "because: role Help desk, and granted singly" in held
    assert held.count("because: granted singly") == 2
    assert str(CATALOGUE["billing_viewer"].description) in held
    assert "Update project information (reserved)" in held
    assert f"3 / {len(CATALOGUE)}" in held
    assert held.count("because: power user") == 0


def test_gives_power_as_the_source_of_everything(tanaka: PortalClient, cast: Cast) -> None:
    """S0-14."""
    held = part(text(tanaka, f"/show/{cast.membership(cast.tanaka).id}"), "authorities")
    assert held.count("because: power user") == len(CATALOGUE)


def test_shows_the_open_invitations_they_sent(
    tanaka: PortalClient, cast: Cast, smith: str, as_: As
) -> None:
    """S3-29: with their state, to those who may see invitations."""
    now = datetime.now(UTC)
    factories.invite(cast.aozora, "open@example.com", cast.smith)
    factories.invite(cast.aozora, "late@example.com", cast.smith, sent_at=now - timedelta(days=9))
    factories.invite(cast.aozora, "gone@example.com", cast.smith, status=InviteStatus.DECLINED)
    factories.invite(cast.aozora, "theirs@example.com", cast.suzuki)
    factories.invite(cast.minato, "elsewhere@example.com", cast.smith)
    sent = part(text(tanaka, smith), "sent")
    assert sent.index("late@example.com") < sent.index("open@example.com")
    assert "expired" in sent
    for address in ("gone@", "theirs@", "elsewhere@"):
        assert address not in sent
    assert "open@example.com" not in text(as_(cast.suzuki), smith)


def test_leads_to_all_of_many_invitations(tanaka: PortalClient, cast: Cast, smith: str) -> None:
    for number in range(7):
        factories.invite(cast.aozora, f"p{number}@example.com", cast.smith)
    sent = part(text(tanaka, smith), "sent")
    assert sent.count("@example.com</a>") == 5
    assert "/o/aozora/invites/list/?inviter=smith@example.com" in sent
    assert (
        text(tanaka, "/o/aozora/invites/list/?inviter=smith@example.com").count("/invites/show/")
        >= 7
    )


def test_says_what_is_missing_to_those_who_only_look(cast: Cast, as_: As, smith: str) -> None:
    page = text(as_(cast.suzuki), smith)
    cast.suzuki.language = "en"
    assert "You may look, but not change anything. That needs Member Manager." in text(
        as_(cast.suzuki), smith
    )
    for verb in ("edit", "suspension", "delete", "account"):
        assert f"{BASE}/{verb}/" not in page


def test_costs_the_same_however_much_there_is(
    tanaka: PortalClient, cast: Cast, smith: str, statements: Statements, now: datetime
) -> None:
    """Rows of roles, invitations and lines do not add statements."""
    costs = []
    for many in (1, 9):
        for number in range(many):
            cast.membership(cast.smith).roles.append(
                factories.role(cast.aozora, f"Role {many} {number}", "inquiry_user")
            )
            factories.invite(cast.aozora, f"p{many}{number}@example.com", cast.smith)
            activity.record(
                events.MEMBER_REINSTATED,
                now=now,
                by=_somebody(),
                organization=cast.aozora,
                subject=cast.smith,
            )
        db.session.commit()
        text(tanaka, smith)
        statements()
        text(tanaka, smith)
        costs.append(len(statements()))
    assert costs[0] == costs[1] <= 14, costs


def _somebody() -> Account:
    return factories.account()


def test_shows_everything_about_a_member(tanaka: PortalClient, cast: Cast) -> None:
    """S0-35."""
    membership = cast.membership(cast.sato)
    membership.roles = [built_in("viewer")]
    page = text(tanaka, f"/show/{membership.id}")
    for words in ("佐藤 美咲", "Misaki Sato", "General user", "Viewer", "21 Nov 2026", "On leave"):
        assert words in page
    for words in ("sato@example.com", "<code>sato</code>", "English", "not this organization"):
        assert words in page


def test_says_where_every_authority_comes_from(tanaka: PortalClient, cast: Cast) -> None:
    """D-C8."""
    membership = cast.membership(cast.smith)
    membership.roles, membership.authorities = (
        [built_in("viewer")],
        frozenset({"billing_viewer", "user_viewer"}),
    )
    page = text(tanaka, f"/show/{membership.id}")
    assert "because: role Viewer, and granted singly" in page
    assert "because: role Viewer<" in page
    assert "because: granted singly" in page
    assert "because: power user" in text(tanaka, f"/show/{cast.membership(cast.tanaka).id}")


def test_says_who_invited_the_member(tanaka: PortalClient, cast: Cast) -> None:
    cast.membership(cast.smith).invited_by = cast.suzuki
    assert "invited by 鈴木 一郎" in text(tanaka, f"/show/{cast.membership(cast.smith).id}")


def test_opens_editing_from_the_page(tanaka: PortalClient, cast: Cast) -> None:
    """S0-35, S2-10."""
    smith = cast.membership(cast.smith).id
    page = text(tanaka, f"/show/{smith}")
    assert f'href="{BASE}/edit/{smith}"' in page
    assert f'href="{BASE}/suspension/{smith}"' in page
    assert f'href="{BASE}/delete/{smith}"' in page


def test_says_why_something_cannot_be_done(
    tanaka: PortalClient, cast: Cast, as_: As, co_admin: Account
) -> None:
    """D-1, D-2: the button is locked, with the sentence that the POST would give."""
    own = text(tanaka, f"/show/{cast.membership(cast.tanaka).id}")
    assert "You cannot do this to yourself." in own
    above = text(as_(co_admin), f"/show/{cast.membership(cast.tanaka).id}")
    assert above.count("Only a power user can change a power user.") >= 3
    assert f"{BASE}/edit/" not in above
    assert f"{BASE}/delete/" not in above
    root = text(as_(cast.root), f"/show/{cast.membership(cast.tanaka).id}")
    assert "The last power user cannot be removed" in root


def test_costs_few_statements_for_one_member(
    tanaka: PortalClient, cast: Cast, statements: Statements
) -> None:
    path = f"{BASE}/show/{cast.membership(cast.smith).id}"
    tanaka.get(path)
    statements()
    tanaka.get(path)
    assert len(statements()) <= 14
