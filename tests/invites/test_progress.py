"""How far an invitation has come, and what is missing (S3-50). It …"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from app.extensions import db
from app.models import Invite, InviteStatus, LetterState
from tests import factories
from tests.cast import Cast
from tests.conftest import PortalClient
from tests.invites.conftest import ADD, given, sent

As = Callable[..., PortalClient]


def steps(browser: PortalClient, invite: Invite) -> tuple[str, dict[str, str]]:
    """How many are done, and each step's words by its label, "done" or "not yet" first."""
    page = " ".join(
        browser.get(f"/o/aozora/invites/show/{invite.id}").get_data(as_text=True).split()
    )
    part = page[page.index('aria-labelledby="steps"') :]
    part = part[: part.index("</section>")]
    found = re.findall(
        r'<div><span class="[^"]*">([^<]+)</span><span class="visually-hidden">:'
        r" ([^<]+)</span>(.*?)</div></li>",
        part,
    )
    told = {
        label: f"{state} {re.sub(r'<[^>]+>', '', rest).strip()}".strip()
        for label, state, rest in found
    }
    count = re.search(r'<span class="quiet small">([^<]+)</span>', part)
    assert count
    return count[1], told


@pytest.fixture
def invited(as_: As, cast: Cast) -> Invite:
    """emma@example.com, who has no account; the letter waits."""
    as_(cast.tanaka).submit(ADD, given("emma@example.com"))
    return sent()[0]


def test_begins_with_the_letter(
    as_: As, cast: Cast, invited: Invite, letters: Any, now: datetime
) -> None:
    """S3-50: what is missing is said at each step."""
    count, told = steps(as_(cast.tanaka), invited)
    assert count == "0 of 4 done"
    assert told == {
        "Letter handed to the mail server": "not yet Waits to be sent",
        "Account made": "not yet Made from the link in the letter.",
        "Address verified": "not yet Opening the link in the letter verifies it.",
        "2-step verification set": "not yet Optional: the organization does not ask for it.",
        "Accepted": "not yet Waiting for a reply.",
    }
    [letter] = letters("invite")
    letter.state, letter.sent_at = LetterState.SENT, now - timedelta(hours=3)
    count, told = steps(as_(cast.tanaka), invited)
    assert (count, told["Letter handed to the mail server"]) == ("1 of 4 done", "done 3 hours ago")


def test_says_why_the_letter_did_not_arrive(
    as_: As, cast: Cast, invited: Invite, letters: Any
) -> None:
    [letter] = letters("invite")
    letter.state, letter.reason = LetterState.DEAD, "550 <no such mailbox>"
    _count, told = steps(as_(cast.tanaka), invited)
    assert (
        told["Letter handed to the mail server"]
        == "not yet Could not be delivered: 550 &lt;no such mailbox&gt;"
    )


def test_follows_the_account(as_: As, cast: Cast, invited: Invite) -> None:
    """S3-50: made, verified, second step."""
    person = factories.account("emma", email="emma@example.com", email_verified_at=None)
    count, told = steps(as_(cast.tanaka), invited)
    assert (count, told["Account made"], told["Address verified"][:7]) == (
        "1 of 4 done",
        "done",
        "not yet",
    )
    person.email_verified_at, person.two_factor = factories.NOW, True
    count, told = steps(as_(cast.tanaka), invited)
    assert count == "3 of 5 done"
    assert told["Address verified"].startswith("done ")
    assert told["2-step verification set"] == "done"


def test_counts_the_second_step_where_the_organization_asks_for_it(
    as_: As, cast: Cast, invited: Invite
) -> None:
    cast.aozora.two_factor_required = True
    count, told = steps(as_(cast.tanaka, method="mail"), invited)
    assert count == "0 of 5 done"
    assert (
        told["2-step verification set"]
        == "not yet The organization asks for it: it is on from joining."
    )
    cast.aozora.two_factor_deadline = datetime.now(UTC) + timedelta(days=9)
    _count, told = steps(as_(cast.tanaka), invited)
    assert (
        told["2-step verification set"]
        == "not yet The organization asks for it; it is set up after joining."
    )


def test_ends_with_the_answer(as_: As, cast: Cast, now: datetime) -> None:
    """Accepted is all of it, even where the letter is gone and the address changed."""
    cast.aozora.two_factor_required = True
    invite, _token = factories.invite(
        cast.aozora, "gone@example.com", cast.tanaka, status=InviteStatus.ACCEPTED
    )
    invite.answered_at = now - timedelta(days=2)
    count, told = steps(as_(cast.tanaka, method="mail"), invite)
    assert (count, told["Accepted"]) == ("5 of 5 done", "done 2 days ago")


@pytest.mark.parametrize(
    ("how", "sentence"),
    [
        ("declined", "The invited person declined."),
        ("cancelled", "The invitation was cancelled."),
        ("pending", "Nobody answered in time."),
    ],
)
def test_says_how_it_ended_and_asks_for_nothing_more(
    as_: As, cast: Cast, invited: Invite, now: datetime, how: str, sentence: str
) -> None:
    invited.status, invited.expires_at = InviteStatus(how), now - timedelta(hours=1)
    db.session.commit()
    _count, told = steps(as_(cast.tanaka), invited)
    assert told["Accepted"] == f"not yet {sentence}"
    assert {label: words for label, words in told.items() if label != "Accepted"} == dict.fromkeys(
        (
            "Letter handed to the mail server",
            "Account made",
            "Address verified",
            "2-step verification set",
        ),
        "not yet",
    )
