"""Words that are code in some language: they stay words, in pages, addresses, queries, files and
letters. It …
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable

import pytest
from flask import Flask
from markupsafe import escape

from app.models import Account, Letter
from tests import cast as people
from tests import factories
from tests.cast import Cast
from tests.conftest import PortalClient

As = Callable[[Account], PortalClient]
LIST = "/o/aozora/members/list/"
EVIL = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "</title><svg/onload=alert(1)>",
    "javascript:alert(1)",
    "{{ 7*7 }}",
    "{% raise %}",
    "${7*7}",
    "%(password)s %s %n",
    "{0.__class__}",
    "=HYPERLINK(1)",
    "-->",
    "&lt;b&gt;",
    "\\u003cb\\u003e",
    "'; DROP TABLE ab_user; --",
]
RAW = ("<script>alert", "<img src=x", "' onmouseover='", "<svg/onload", ">49<")


@pytest.mark.parametrize("name", EVIL)
def test_shows_a_name_as_it_was_written_and_nothing_more(cast: Cast, as_: As, name: str) -> None:
    """ASVS 1.2.1, 1.2.2, 1.2.3, 1.1.2, 1.3.7, 1.3.10: wherever a name stands, on pages and in the
    log.
    """
    cast.smith.family_name, cast.aozora.name, cast.aozora.latin_name = name, name, name
    factories.role(cast.aozora, name, "user_viewer")
    factories.invite(cast.aozora, "guest@example.com", cast.smith)
    smith = cast.membership(cast.smith).id
    browser = as_(cast.tanaka)
    browser.submit(f"/o/aozora/members/suspension/{smith}", {"reason": name})
    shown = ""
    for path in (
        "members/list/",
        f"members/show/{smith}",
        "",
        "roles/list/",
        "invites/list/",
        "activity/list/",
    ):
        answer = browser.get(f"/o/aozora/{path}")
        assert answer.status_code == 200
        page = answer.get_data(as_text=True)
        assert not [raw for raw in RAW if raw in page], path
        assert 'href="javascript:' not in page
        shown += page
    assert str(escape(name)) in shown


@pytest.mark.parametrize(
    "words",
    [
        "' OR '1'='1",
        "'; DROP TABLE ab_user; --",
        '" OR 1=1 --',
        "%' OR '1'='1' --",
        "x') UNION SELECT password FROM ab_user --",
        "\\",
        "%",
        "_",
        "__%",
        "*",
        "/**/",
        "1; SELECT pg_sleep(9)",
        "$1",
        ":q",
        "%(q)s",
        "?",
    ],
)
def test_searches_for_words_never_with_them(each_app: Flask, words: str) -> None:
    """ASVS 1.2.4: on either database; a wildcard is a character like another."""
    cast = people.assemble()
    root, tanaka = each_app.test_client(), each_app.test_client()
    assert isinstance(root, PortalClient)
    assert isinstance(tanaka, PortalClient)
    root.sign_in(cast.root)
    tanaka.sign_in(cast.tanaka)
    for browser, path in (
        (tanaka, LIST),
        (tanaka, "/o/aozora/activity/list/"),
        (root, "/accounts/list/"),
        (root, "/organizations/list/"),
    ):
        answer = browser.get(path, query_string={"q": words, "sort": words, "role": words})
        assert answer.status_code == 200
        assert not [
            who
            for who in ("smith@example.com", "newcomer@example.com")
            if who in answer.get_data(as_text=True)
        ]


def test_writes_what_was_searched_for_into_links_as_one_value(cast: Cast, as_: As) -> None:
    """ASVS 1.2.2."""
    page = (
        as_(cast.tanaka).get(LIST, query_string={"q": 'a&role=1#x"><b>田'}).get_data(as_text=True)
    )
    assert "q=a%26role%3D1%23x%22%3E%3Cb%3E%E7%94%B0" in page
    assert '"><b>' not in page


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/o/aozora/members/%6cist/", 200),
        ("/o/aozora/members/%256cist/", 404),
        ("/o/%2561ozora/members/list/", 404),
        ("/o/aozora%2f../minato/members/list/", 404),
    ],
)
def test_reads_an_address_once(cast: Cast, as_: As, path: str, status: int) -> None:
    """ASVS 1.1.1: what is encoded twice stays encoded once."""
    assert as_(cast.tanaka).get(path).status_code == status


def test_reads_an_entry_once(cast: Cast, as_: As) -> None:
    """ASVS 1.1.1."""
    assert 'value="%3Cb%3E &amp;lt;"' in as_(cast.tanaka).get(
        f"{LIST}?q=%253Cb%253E+%26lt%3B"
    ).get_data(as_text=True)


@pytest.mark.parametrize("name", EVIL)
def test_writes_files_that_are_read_as_what_they_are(cast: Cast, as_: As, name: str) -> None:
    """ASVS 1.2.3, 1.2.10."""
    cast.smith.family_name = name
    browser = as_(cast.tanaka)
    rows = list(
        csv.DictReader(
            io.StringIO(
                browser.get("/o/aozora/members/export?format=csv")
                .get_data(as_text=True)
                .lstrip("\ufeff")
            )
        )
    )
    (mine,) = [row for row in rows if row["login_id"] == "smith"]
    assert mine["family_name"].removeprefix("'") == name.removeprefix("'")
    assert not mine["family_name"].startswith(("=", "+", "-", "@"))
    objects = json.loads(browser.get("/o/aozora/members/export?format=json").get_data(as_text=True))
    assert name in [one["family_name"] for one in objects]


@pytest.mark.parametrize("name", EVIL)
def test_writes_letters_that_say_what_was_written(
    cast: Cast, as_: As, letters: Callable[..., list[Letter]], name: str
) -> None:
    """ASVS 1.3.7, 1.3.10, 1.3.11."""
    as_(cast.tanaka).submit(
        f"/o/aozora/members/suspension/{cast.membership(cast.smith).id}", {"reason": name}
    )
    (letter,) = letters("membership_suspended")
    assert name in letter.text
    assert not [raw for raw in RAW if raw in letter.html]
    assert "\n" not in letter.subject
