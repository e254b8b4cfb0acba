"""The time an answer takes: it tells nothing about who has an account. It …"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime
from statistics import median

import pytest

from app.extensions import db
from app.models import Rate
from tests import factories
from tests.cast import Cast
from tests.conftest import PortalClient
from tests.portal_client import TOKEN

pytestmark = pytest.mark.usefixtures("full_work")
ROUNDS = 9
GENEROUS = 1.6
"""Checking a password takes two thirds of an answer's time: without it, the ratio would be three or
more.
"""


def medians(client: PortalClient, path: str, forms: dict[str, dict[str, str]]) -> dict[str, float]:
    """Send each form some times in turn; return the median seconds of work in its answers, whatever
    else the machine does.
    """
    token = TOKEN.search(client.get(path).get_data(as_text=True))
    assert token
    seen: dict[str, list[float]] = {name: [] for name in forms}
    for _ in range(ROUNDS):
        db.session.query(Rate).delete()
        for name, form in forms.items():
            db.session.commit()
            started = time.process_time()
            client.post(path, data=form | {"csrf_token": token[1]})
            seen[name].append(time.process_time() - started)
    return {name: median(times) for name, times in seen.items()}


@pytest.fixture
def kurz(cast: Cast, now: datetime) -> None:
    factories.account("kurz", suspended_at=now)
    factories.account("unset", password_hash=None)


def test_is_equal_for_unknown_wrong_and_suspended(
    cast: Cast, client: PortalClient, kurz: None
) -> None:
    """S2-31"""
    who = {
        "unknown": "nobody",
        "wrong": "newcomer",
        "suspended": "kurz",
        "no password yet": "unset",
        "unknown address": "nobody@example.com",
    }
    found = medians(
        client,
        "/login/",
        {name: {"login_id": login_id, "password": "wrong"} for name, login_id in who.items()},
    )
    assert max(found.values()) / min(found.values()) < GENEROUS, found


def test_is_equal_for_links_that_go_somewhere_and_nowhere(
    cast: Cast, client: PortalClient, kurz: None
) -> None:
    who = {"unknown": "nobody", "known": "newcomer", "suspended": "kurz"}
    found = medians(
        client,
        "/password/forgot/",
        {name: {"login_id": login_id} for name, login_id in who.items()},
    )
    assert max(found.values()) / min(found.values()) < GENEROUS, found


def test_does_the_same_work_in_the_database(
    cast: Cast, client: PortalClient, kurz: None, statements: Callable[[], list[str]]
) -> None:
    """The same statements, in the same order, whoever is named. The first line of a log that is
    empty looks where its chain begins.
    """
    seen = []
    for login_id in ("anybody", "nobody", "newcomer", "kurz"):
        token = client.token("/login/")
        statements()
        client.post(
            "/login/", data={"login_id": login_id, "password": "wrong", "csrf_token": token}
        )
        seen.append([one.partition(" WHERE ")[0] for one in statements() if "rate" not in one])
    assert seen[1] == seen[2] == seen[3]
