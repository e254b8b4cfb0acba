"""Addresses that password managers and search engines ask for (T2-39). The portal …"""

from __future__ import annotations

from collections.abc import Callable

from app.models import Account
from tests.cast import Cast
from tests.conftest import PortalClient

As = Callable[[Account], PortalClient]


def test_leads_password_managers_to_the_page_for_a_new_password(
    cast: Cast, as_: As, client: PortalClient
) -> None:
    """T2-39: whoever is signed in gets there, a stranger once they signed in."""
    answer = as_(cast.smith).get("/.well-known/change-password")
    assert (answer.status_code, answer.location) == (302, "/password/change/")
    assert client.get("/.well-known/change-password").location == "/password/change/"
    assert client.get("/password/change/").location == "/login/?next=/password/change/"


def test_keeps_search_engines_out(client: PortalClient) -> None:
    """T2-39"""
    answer = client.get("/robots.txt")
    assert answer.content_type == "text/plain; charset=utf-8"
    assert answer.get_data(as_text=True) == "User-agent: *\nDisallow: /\n"
    assert "Set-Cookie" not in answer.headers
