"""Whom the form of adding offers while somebody types (S4-10). It …"""

from __future__ import annotations

import re
from typing import Any

import pytest

from app.extensions import db
from tests import factories
from tests.cast import Cast
from tests.conftest import PortalClient
from tests.members.conftest import BASE, As, text


def suggestions(client: PortalClient, words: str = "a") -> list[str]:
    return re.findall(r'data-value="([^"]+)"', text(client, f"/suggestions?q={words}"))


def test_offers_people_of_the_reader_s_other_organizations(
    tanaka: PortalClient, cast: Cast
) -> None:
    """S4-10: type, then pick; who is a member here already is left out."""
    factories.membership(cast.tanaka, cast.minato, authorities=["user_viewer"])
    factories.membership(cast.newcomer, cast.minato)
    factories.membership(cast.smith, cast.minato)
    db.session.commit()
    assert sorted(suggestions(tanaka)) == ["newcomer", "yamada"]
    assert suggestions(tanaka, "ｙａｍａ") == ["yamada"]
    assert suggestions(tanaka, "clark") == ["newcomer"]
    assert f'data-suggest="{BASE}/suggestions"' in text(tanaka, "/existing")


@pytest.mark.parametrize("words", ["", "%", "_", "%00", "smith", "x" * 3000])
def test_offers_nobody_for_what_matches_nobody(
    tanaka: PortalClient, cast: Cast, words: str
) -> None:
    factories.membership(cast.tanaka, cast.minato, authorities=["user_viewer"])
    db.session.commit()
    assert suggestions(tanaka, words) == []


def test_offers_twenty_at_most(tanaka: PortalClient, cast: Cast) -> None:
    factories.membership(cast.tanaka, cast.minato, authorities=["user_viewer"])
    for number in range(30):
        factories.membership(factories.account(f"kato{number}"), cast.minato)
    db.session.commit()
    assert len(suggestions(tanaka, "kato")) == 20


@pytest.mark.parametrize("other", ["no authority", "suspended", "none"])
def test_offers_nobody_the_reader_cannot_see_elsewhere(
    tanaka: PortalClient, cast: Cast, now: Any, other: str
) -> None:
    """S0-01: the list tells nobody who has an account."""
    if other != "none":
        authorities = ["user_viewer"] if other == "suspended" else []
        factories.membership(
            cast.tanaka,
            cast.minato,
            authorities=authorities,
            suspended_at=now if other == "suspended" else None,
        )
    db.session.commit()
    assert suggestions(tanaka, "yamada") == suggestions(tanaka, cast.yamada.email) == []


def test_offers_everybody_to_the_platform_administrator(cast: Cast, as_: As) -> None:
    """S4-02."""
    assert set(suggestions(as_(cast.root))) == {"newcomer", "root", "yamada"}


def test_keeps_what_it_offers_from_those_who_may_not_add(cast: Cast, as_: As) -> None:
    assert as_(cast.suzuki).get(f"{BASE}/suggestions?q=a").status_code == 403
    assert as_(cast.yamada).get(f"{BASE}/suggestions?q=a").status_code == 404
