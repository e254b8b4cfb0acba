"""Forms that another site lets a browser send, even with a token. Each …"""

from __future__ import annotations

import pytest
from flask import Flask

from tests.cast import Cast
from tests.conftest import PortalClient
from tests.http.test_requests import As

FOREIGN = [
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
    {"Origin": "http://localhost:8081"},
    {"Sec-Fetch-Site": "same-origin", "Origin": "https://evil.example"},
]


@pytest.mark.parametrize("said", FOREIGN, ids=str)
def test_is_refused(app: Flask, cast: Cast, as_: As, said: dict[str, str]) -> None:
    """T2-98."""
    browser = as_(cast.tanaka)
    answer = browser.submit("/logout/", page="/profile/", headers=said)
    assert answer.status_code == 403
    assert "sent by another site" in answer.get_data(as_text=True)
    assert browser.get("/profile/").status_code == 200


@pytest.mark.parametrize(
    "said", [{}, {"Sec-Fetch-Site": "same-origin", "Origin": "http://localhost"}], ids=str
)
def test_of_ours_is_done(app: Flask, cast: Cast, as_: As, said: dict[str, str]) -> None:
    answer = as_(cast.tanaka).submit("/logout/", page="/profile/", headers=said)
    assert answer.location == "/login/"


def test_that_only_asks_for_a_page_is_answered(client: PortalClient) -> None:
    assert client.get("/login/", headers=FOREIGN[0]).status_code == 200
