"""The platform's log: every organization's lines and nobody's, for the platform administrator alone
(S4-02). It …
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest

from app.activity import events
from app.activity import service as activity
from app.extensions import db
from app.models import Activity
from tests import factories
from tests.activity_log.conftest import As, plain, text
from tests.cast import Cast
from tests.conftest import PortalClient

LIST = "/activity/list/"


@pytest.fixture
def lines(cast: Cast, now: datetime) -> dict[str, Activity]:
    """A line of each organization, of one that was deleted, and of none."""
    gone = factories.organization("kaze", "風工房")
    made = {
        "aozora": activity.record(
            events.MEMBER_SUSPENDED,
            now=now,
            by=cast.tanaka,
            organization=cast.aozora,
            subject=cast.smith,
            reason="A",
        ),
        "minato": activity.record(
            events.MEMBER_LEFT,
            now=now,
            by=cast.yamada,
            organization=cast.minato,
            subject=cast.yamada,
        ),
        "none": activity.record(events.PASSWORD_LINK_REFUSED, now=now, by=None),
        "gone": activity.record(
            events.ORGANIZATION_DELETED,
            now=now,
            by=cast.root,
            organization=gone,
            subject=gone,
            members=3,
        ),
    }
    db.session.flush()
    db.session.delete(gone)
    db.session.commit()
    return made


SAID = {
    "aozora": "suspended John Smith.",
    "minato": "left the organization.",
    "none": "A password link was asked for",
    "gone": "Rita Root deleted the organization 風工房.",
}


def seen(cast: Cast, as_: As, query: str = "") -> set[str]:
    page = plain(text(as_(cast.root), f"{LIST}?{query}"))
    return {name for name, words in SAID.items() if words in page}


def test_tells_of_every_organization_and_of_none(
    cast: Cast, as_: As, lines: dict[str, Activity]
) -> None:
    """A deleted organization's log stays readable."""
    assert seen(cast, as_) == set(SAID)
    page = plain(text(as_(cast.root), LIST))
    for name in ("Aozora Inc.", "Minato Design", "風工房"):
        assert name in page


def test_narrows_to_an_organization_or_to_none(
    cast: Cast, as_: As, lines: dict[str, Activity]
) -> None:
    assert seen(cast, as_, f"organization={cast.aozora.id}") == {"aozora"}
    assert seen(cast, as_, "organization=none") == {"none"}
    assert seen(cast, as_, f"organization={lines['gone'].organization_id}") == {"gone"}
    assert seen(cast, as_, "organization=nonsense") == set(SAID)
    assert seen(cast, as_, "q=smith") == {"aozora"}
    assert seen(cast, as_, f"actor={cast.yamada.id}") == {"minato"}
    assert seen(cast, as_, f"target={cast.smith.id}") == {"aozora"}
    assert "風工房 (deleted)" in text(as_(cast.root), f"{LIST}?filter=organization")


def test_shows_each_line_and_leads_on(cast: Cast, as_: As, lines: dict[str, Activity]) -> None:
    browser = as_(cast.root)
    for name, line in lines.items():
        assert SAID[name] in plain(text(browser, f"/activity/show/{line.id}"))
    page = text(browser, f"/activity/show/{lines['aozora'].id}")
    assert f'href="/accounts/show/{cast.smith.id}"' in page
    assert f'href="/organizations/show/{cast.aozora.id}"' in page


def test_is_open_to_the_platform_administrator_only(
    cast: Cast, as_: As, client: PortalClient, lines: dict[str, Activity]
) -> None:
    for path in (LIST, f"/activity/show/{lines['aozora'].id}"):
        for who in (cast.tanaka, cast.suzuki, cast.smith, cast.yamada, cast.newcomer):
            assert as_(who).get(path).status_code == 403
        assert client.get(path).location.startswith("/login/")
    assert f'href="{LIST}"' in text(as_(cast.root), "/organizations/list/")
    assert f'href="{LIST}"' not in text(as_(cast.tanaka), "/o/aozora/")


def test_costs_few_statements(
    cast: Cast, as_: As, now: datetime, statements: Callable[[], list[str]]
) -> None:
    for _number in range(40):
        activity.record(
            events.SIGNED_OUT,
            now=now,
            by=cast.tanaka,
            organization=cast.aozora,
            subject=cast.tanaka,
        )
    db.session.commit()
    browser = as_(cast.root)
    text(browser, LIST)
    statements()
    text(browser, LIST)
    assert len(statements()) <= 8
