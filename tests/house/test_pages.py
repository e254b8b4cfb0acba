"""Every page, opened by those who may: it writes nothing, runs nothing inline, and leads nowhere
else.

Here: walking the URL map with rows that exist. Not here: who may (test_doors.py), what single pages
say (the features' tests).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from flask import Flask, current_app
from werkzeug.routing import Rule

from app.extensions import db
from app.models import Account
from app.setup import service as setup
from tests.cast import Cast
from tests.conftest import PortalClient
from tests.house.conftest import As
from tests.journeys.pages import Page

WRITING = ("INSERT", "UPDATE", "DELETE")
TOUCHES = ("last_used_at", "last_access_at")
"""Session and membership note that they were used; nothing else may happen on GET."""
REFUSED = re.compile(r"INSERT INTO (activity|activity_seal|rate)\b")
"""But for what is refused: the log says so (http.denials)."""
LETTERS = {"MailboxView.html"}
"""Shows a letter as it is, in a frame with a policy of its own."""
ELSEWHERE = re.compile(r"(?:https?:)?//(?!localhost[:/])[\w.-]+", re.IGNORECASE)
LEADING = ("href", "src", "action", "formaction", "srcset", "poster", "data-url")


def readable(app: Flask) -> list[Rule]:
    rules = [rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or set())]
    pages = [
        rule for rule in rules if not rule.rule.startswith("/api/")
    ]  # for machines: tests/rest
    actions = asked_actions(app)
    pages = [
        rule for rule in pages if not rule.endpoint.endswith(".action") or rule.endpoint in actions
    ]
    return [
        rule
        for rule in pages
        if not rule.endpoint.startswith(("static", "appbuilder.", "health", "well_known"))
    ]


def asked_actions(app: Flask) -> dict[str, str]:
    """The first action of one row of each view that has one: the page that asks before it."""
    found = {}
    for view in app.appbuilder.baseviews:  # type: ignore[attr-defined]
        single = [one.name for one in getattr(view, "actions", {}).values() if one.single]
        found |= {f"{view.endpoint}.action": single[0]} if single else {}
    return found


def path_of(rule: Rule, rows: dict[str, str]) -> str:
    """A rule's address, with what exists."""
    view = rule.endpoint.partition(".")[0]
    path = rule.rule.replace("<organization>", "aozora")
    if rule.endpoint.endswith(".action"):
        path = path.replace("<string:name>", asked_actions(current_app)[rule.endpoint])
    path = re.sub(
        r"<(?:\w+:)?\w+>", lambda _found: rows.get(rule.endpoint, rows.get(view, "1")), path
    )
    return f"{path}?role={rows['MemberRoleView']}" if rule.endpoint.endswith(".last_role") else path


@pytest.fixture
def pages(
    app: Flask, cast: Cast, as_: As, rows: dict[str, str], statements: Callable[[], list[str]]
) -> Callable[[str], Iterator[tuple[str, Page]]]:
    """`pages("en")`: every page with its address, opened by a stranger, tanaka, smith and root; a
    write is noticed on the way.
    """

    def opened(language: str) -> Iterator[tuple[str, Page]]:
        stranger = app.test_client()
        assert isinstance(stranger, PortalClient)
        link = setup.new_link()
        for account in db.session.query(Account):
            account.language = language
        for browser in (stranger, as_(cast.tanaka), as_(cast.smith), as_(cast.root)):
            browser.get(f"/invites/{rows['InviteLinkView.open']}")
            for rule in readable(app):
                statements()
                path = path_of(rule, rows)
                answer = browser.get(path, headers={"Accept-Language": language.replace("_", "-")})
                writes = [
                    one
                    for one in statements()
                    if one.startswith(WRITING) and not any(touch in one for touch in TOUCHES)
                ]
                writes = [
                    one for one in writes if answer.status_code != 403 or not REFUSED.match(one)
                ]
                assert not writes, (
                    f"GET {path} ({rule.endpoint}) wrote: {writes[:2]}. Do it by POST."
                )
                assert answer.status_code < 500, (
                    f"GET {path} ({rule.endpoint}) answered {answer.status_code}"
                )
                if answer.mimetype == "text/html" and rule.endpoint not in LETTERS:
                    yield (
                        rule.endpoint,
                        Page(answer.get_data(as_text=True), path, answer.status_code),
                    )
        assert link is None, "root has set the portal up"

    return opened


@pytest.mark.parametrize("language", ["ja_JP", "en"])
def test_every_page_writes_nothing_runs_nothing_inline_and_leads_nowhere_else(
    pages: Callable[[str], Iterator[tuple[str, Page]]], app: Flask, language: str
) -> None:
    """Issue 2 §3, §4: no write on GET; the Content-Security-Policy holds without exception; nothing
    is fetched from elsewhere.
    """
    seen = set()
    for endpoint, page in pages(language):
        if page.status == 200:
            seen.add(endpoint)
        for node in page.root.walk():
            where = f"{page.path} ({endpoint}): <{node.tag}>"
            assert not node.has("style"), (
                f"{where} has style=: give it a class of static/css/meibo.css"
            )
            assert not any(name.startswith("on") for name in node.attributes), (
                f"{where} has an inline handler: move it to static/js/meibo.js"
            )
            assert node.tag != "style", f"{where}: move it to static/css/meibo.css"
            assert (
                node.tag != "script"
                or (node["src"] and not node.content)
                or node["type"] == "application/json"
            ), f"{where} is inline: static/js"
            assert not node["href"].lower().startswith("javascript:"), f"{where} runs script"
            for name in LEADING:
                assert not ELSEWHERE.match(node[name]), (
                    f"{where} leads to {node[name]}: pages speak to this portal only"
                )
    missed = {rule.endpoint for rule in readable(app)} - seen - UNSEEN
    assert not missed, (
        f"nobody could open {sorted(missed)}: say in rows() of tests/house/conftest.py what it"
        " shows"
    )


UNSEEN = {
    "ChooserView.index",
    "InviteLinkView.open",
    "InviteView.again",
    "SignInView.code",
    "SetupView.start",
    "MailboxView.show",
    "MailboxView.html",
    "ProofView.confirm",
    "MemberExport.export",
    "InviteExport.export",
    "BindingExport.export",
    "MemberRoleExport.export",
    "ActivityExport.export",
    "ImportView.template",
    "ImportView.refused",
}
"""Pages that lead on, are files, or need a state that their own tests make."""
