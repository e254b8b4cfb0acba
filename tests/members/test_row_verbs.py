"""What a member's row offers (T2-43). It …"""

from __future__ import annotations

import re

from tests.cast import Cast
from tests.conftest import PortalClient
from tests.members.conftest import BASE, of, text


def test_offers_reinstate_to_the_suspended_alone(tanaka: PortalClient, cast: Cast) -> None:
    """T2-43"""
    page = text(tanaka, f"{BASE}/list/")
    assert 'data-verb-name="reinstate"' in page
    assert re.findall(r'data-locks="([^"]*)"', page)[0] == "reinstate", "at the table, once"
    suspended = text(tanaka, f"{BASE}/list/?status=suspended")
    assert re.findall(r'data-locks="([^"]*)"', suspended) == ["reinstate", "suspension"]


def test_asks_before_it_reinstates(tanaka: PortalClient, cast: Cast) -> None:
    """T2-43: the menu of a row leads to a question, and back to the list."""
    sato = cast.membership(cast.sato)
    door, back = f"{BASE}/action/reinstate/{sato.id}", f"{BASE}/list/?status=suspended"
    page = text(tanaka, f"{door}?next={back}")
    assert re.search(r"<h1[^>]*>Reinstate: [^<]+\?</h1>", page)
    still = of(cast.sato)
    assert still and still.is_suspended
    assert tanaka.submit(door, {"next": back}).location == back
    now_active = of(cast.sato)
    assert now_active and not now_active.is_suspended
