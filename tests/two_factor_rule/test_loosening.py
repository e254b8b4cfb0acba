"""Loosening what an organization asks of its members' sign-in wants a fresh proof; tightening wants
none (ASVS 7.5.3). It …
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from app.extensions import db
from app.http.reauthentication import LASTS
from app.models import Account, AccountSession
from tests import factories
from tests.cast import Cast
from tests.conftest import PortalClient
from tests.two_factor_rule.rule import SETTINGS, TYPED, As, ask, day


def save_late(client: PortalClient, who: Account, typed: dict[str, str]) -> tuple[int, str]:
    """Save the settings long after the last proof."""
    db.session.execute(
        update(AccountSession)
        .where(AccountSession.account_id == who.id)
        .values(proved_at=datetime.now(UTC) - LASTS)
    )
    answer = client.submit(SETTINGS, TYPED | typed, page="/lang/")
    return answer.status_code, answer.get_data(as_text=True)


def test_is_loosened_after_a_fresh_proof_only(cast: Cast, as_: As, now: datetime) -> None:
    """ASVS 7.5.3: off, weaker, later, or with a deadline where it held at once.

    What was typed goes along.
    """
    client = as_(cast.tanaka, method="app")
    soon, later = (
        {"two_factor_required": "y", "two_factor_deadline": day(now + timedelta(days=days))}
        for days in (5, 12)
    )
    strong = {"two_factor_strong": "y"}
    for deadline, looser in (
        (now + timedelta(days=9), ({}, soon, later | strong)),
        (None, (soon | strong,)),
    ):
        ask(cast.aozora, strong=True, deadline=deadline)
        for typed in looser:
            status, page = save_late(client, cast.tanaka, typed | {"latin_name": "Typed Ltd."})
            assert (status, 'name="proof_password"' in page) == (403, True), typed
            assert 'name="latin_name" value="Typed Ltd."' in page
    db.session.expire_all()
    assert (
        cast.aozora.two_factor_required,
        cast.aozora.two_factor_strong,
        cast.aozora.two_factor_deadline,
    ) == (True, True, None)
    assert cast.aozora.latin_name == "Aozora Inc."


def test_is_tightened_without_a_fresh_proof(cast: Cast, as_: As, now: datetime) -> None:
    """Switched on, stronger, earlier, at once; shorter sessions; and whatever has nothing to do
    with it.
    """
    client = as_(cast.tanaka, method="app")
    weak = {"two_factor_required": "y", "two_factor_deadline": day(now + timedelta(days=9))}
    strong = weak | {"two_factor_strong": "y"}
    at_once = strong | {"two_factor_deadline": "", "at_once": "y"}
    for typed in (
        weak,
        strong,
        strong | {"two_factor_deadline": day(now + timedelta(days=5))},
        at_once,
        at_once | {"session_idle_minutes": "10", "session_hours": "2"},
        at_once | {"latin_name": "Blue Sky Ltd."},
    ):
        assert save_late(client, cast.tanaka, typed)[0] == 302, typed
    db.session.expire_all()
    assert (
        cast.aozora.two_factor_strong,
        cast.aozora.two_factor_deadline,
        cast.aozora.session_hours,
    ) == (True, None, 2)
    assert cast.aozora.latin_name == "Blue Sky Ltd."


def test_is_loosened_by_the_right_proof_with_all_that_was_typed(cast: Cast, as_: As) -> None:
    """ASVS 7.5.3: by a wrong one nothing is, nor is anything lost."""
    ask(cast.aozora)
    client, typed = as_(cast.tanaka, method="app"), {"latin_name": "Typed Ltd."}
    status, page = save_late(client, cast.tanaka, typed | {"proof_password": "wrong"})
    assert (status, "Typed Ltd." in page) == (422, True)
    assert save_late(client, cast.tanaka, typed | {"proof_password": factories.PASSWORD})[0] == 302
    db.session.expire_all()
    assert (cast.aozora.two_factor_required, cast.aozora.latin_name) == (False, "Typed Ltd.")


@pytest.mark.parametrize("missing", ["until", "reason"])
def test_asks_for_no_proof_of_an_exception_that_cannot_be(
    cast: Cast, as_: As, now: datetime, missing: str
) -> None:
    client = as_(cast.tanaka)
    db.session.execute(update(AccountSession).values(proved_at=now - LASTS))
    typed = {"until": day(now + timedelta(days=9)), "reason": "x"} | {missing: ""}
    assert (
        client.submit(
            f"{SETTINGS}two-factor/exception/{cast.membership(cast.smith).id}", typed, page="/lang/"
        ).status_code
        == 422
    )
