"""What is kept between requests: no reader gets what another one was shown. It …"""

from __future__ import annotations

import re
import time
from collections.abc import Callable

import pytest
from flask import Flask

from app.extensions import db
from app.kernel.cache import MOST, Cache
from app.models import Account
from app.screens import counts
from tests.cast import Cast
from tests.portal_client import PortalClient

As = Callable[[Account], PortalClient]
PAGES = (
    "/invites/",
    "/o/aozora/",
    "/o/aozora/members/list/",
    "/o/aozora/invites/list/",
    "/o/aozora/roles/list/",
    "/o/minato/members/list/",
    "/organizations/list/",
)
READERS = ("tanaka", "suzuki", "smith", "yamada", "root")
ITS_OWN = re.compile(r'value="[\w.-]{60,}"|<time .*?</time>|[0-9a-f]{32}')
"""Tokens, moments, the names of requests."""


def pages(as_: As, who: Account, language: str) -> list[tuple[int, str]]:
    """What somebody is shown in a language, but for what every answer has of its own."""
    who.language = language
    db.session.commit()
    browser = as_(who)
    answers = [browser.get(path) for path in PAGES]
    return [(one.status_code, ITS_OWN.sub("", one.text)) for one in answers]


def test_shows_everybody_the_same_whoever_came_before(app: Flask, cast: Cast, as_: As) -> None:
    """Issue 11 §3: two readers never share what differs."""
    cache: Cache = app.cache  # type: ignore[attr-defined]
    readers = [(getattr(cast, name), code) for name in READERS for code in ("en", "ja_JP")]
    for who, language in readers:  # from now on everybody has been here
        pages(as_, who, language)
    alone = []
    for who, language in readers:
        cache.clear()
        alone.append(pages(as_, who, language))
    for who, language in readers:
        pages(as_, who, language)
    assert cache.count("fragment") > 1 and cache.count("address") > 1
    for (who, language), before in zip(readers, alone, strict=True):
        after = pages(as_, who, language)
        other = [path for path, one, two in zip(PAGES, before, after, strict=True) if one != two]
        assert not other, (who.username, language)


def test_keeps_large_counts_of_one_organization_for_a_minute(
    app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    counts.remember_count("members", cast.aozora.id, counts.COUNT_LIMIT + 1)
    assert counts.is_beyond("members", cast.aozora.id)
    assert not counts.is_beyond("members", cast.minato.id)
    assert not counts.is_beyond("invites", cast.aozora.id)
    later = time.monotonic() + counts.LOOK_AGAIN + 1
    monkeypatch.setattr("app.kernel.cache.time.monotonic", lambda: later)
    assert not counts.is_beyond("members", cast.aozora.id)
    app.cache.clear()  # type: ignore[attr-defined]


def test_forgets_the_oldest_of_a_kind_and_nothing_of_another() -> None:
    cache = Cache()
    cache.keep("fragment", "bar", "<nav>")
    for number in range(MOST["address"] + 1):
        cache.keep("address", number, str(number))
    assert cache.count("address") == MOST["address"]
    assert cache.get("address", 0) is None and cache.get("address", 1) == "1"
    assert cache.get("fragment", "bar") == "<nav>"
