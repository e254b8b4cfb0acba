"""Paths: nobody is sent off the site."""

from __future__ import annotations

from urllib.parse import urljoin, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.http.paths import safe_next

EVIL = [
    "https://evil.example",
    "//evil.example",
    "///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "/%5Cevil.example",
    "/%2F/evil.example",
    "javascript:alert(1)",
    "/\tevil",
    "/\n/evil.example",
    "http:evil",
    " /x",
    "/%09/evil.example",
    "",
    "x",
    "/" + "a" * 3000,
    "/%00",
]


@pytest.mark.parametrize("path", EVIL)
def test_it_refuses_everything_that_is_not_a_path_of_ours(path: str) -> None:
    assert safe_next(path) == ""


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/o/aozora/members/list/?q=x&page=2",
        "/invites/abc",
        "/o/aozora/members/list/?q=%E4%BD%90",
    ],
)
def test_it_keeps_our_own(path: str) -> None:
    assert safe_next(path) == path


@given(st.text(alphabet="/\\.:@#?%ae\t\n 2F5C0ht", max_size=20))
def test_whatever_it_keeps_stays_on_the_site(path: str) -> None:
    kept = safe_next(path)
    if kept:
        assert urlsplit(urljoin("http://portal.example/", kept)).netloc == "portal.example"
