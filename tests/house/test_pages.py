"""Every page, opened by those who may: it writes nothing, runs nothing inline, and leads nowhere
else.

Here: walking the URL map with rows that exist. Not here: who may (test_doors.py), what single pages
say (the features' tests).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask, current_app
from werkzeug.routing import Rule

from app.extensions import db
from app.kernel.tokens import digest
from app.models import (
    Account,
    AccountSession,
    Activity,
    EmailChange,
    LinkPurpose,
    Passkey,
    PasswordLink,
)
from app.outbox.service import Draft, post
from app.security import setup
from tests import factories
from tests.cast import Cast
from tests.conftest import PortalClient
from tests.journeys.pages import Page

As = Callable[[Account], PortalClient]
TEMPLATES = Path(__file__).resolve().parents[2] / "app" / "templates"
WRITING = ("INSERT", "UPDATE", "DELETE")
TOUCHES = ("last_used_at", "last_access_at")
"""Session and membership note that they were used; nothing else may happen on GET."""
REFUSED = re.compile(r"INSERT INTO (activity|activity_seal|rate)\b")
"""But for what is refused: the log says so (web.denials)."""
LETTERS = {"MailboxView.html"}
"""Shows a letter as it is, in a frame with a policy of its own."""
ELSEWHERE = re.compile(r"(?:https?:)?//(?!localhost[:/])[\w.-]+", re.IGNORECASE)
LEADING = ("href", "src", "action", "formaction", "srcset", "poster", "data-url")


@pytest.fixture
def rows(app: Flask, cast: Cast, as_: As) -> dict[str, str]:
    """What `<pk>` and its like stand for, view by view: rows of aozora. A new view with `<pk>`
    needs a line here.
    """
    post(
        Draft(
            kind="test", to="guest@example.com", language="en", words={"asked_at": factories.NOW}
        ),
        now=factories.NOW,
    )
    invite, token = factories.invite(cast.aozora, "guest@example.com", cast.tanaka)
    role = factories.role(cast.aozora, "Night shift")
    cast.membership(cast.smith).roles = [role]
    browser = as_(cast.tanaka)
    browser.submit("/o/aozora/roles/add", {"name": "Day shift"})
    browser.submit(
        f"/o/aozora/members/give-role/{cast.membership(cast.suzuki).id}",
        {"role": str(role.id)},
        page="/profile/",
    )
    edited = db.session.query(Activity).filter_by(event="member_edited").one()
    browser.submit(
        "/o/aozora/members/action_post",
        {
            "action": "take_role",
            "rowid": str(cast.membership(cast.suzuki).id),
            "chosen_role": str(role.id),
        },
        page="/profile/",
    )
    batch = db.session.query(Activity.batch).filter(Activity.batch.is_not(None)).first()
    session = db.session.query(AccountSession).filter_by(account_id=cast.tanaka.id).first()
    line = db.session.query(Activity).filter_by(organization_id=cast.aozora.id).first()
    db.session.add(
        PasswordLink(
            account=cast.smith,
            token_digest=digest("link"),
            purpose=LinkPurpose.FIRST,
            created_at=factories.NOW,
            expires_at=factories.NOW.replace(year=2099),
        )
    )
    far, dates = (
        factories.NOW.replace(year=2099),
        {"created_at": factories.NOW, "confirmed_at": None, "undo_until": None},
    )
    addresses = {
        "account": cast.tanaka,
        "old_email": cast.tanaka.email,
        "new_email": "new@example.com",
        "expires_at": far,
    }
    db.session.add(
        EmailChange(**addresses, **dates, token_digest=digest("link"), undo_digest=digest("1"))
    )
    db.session.add(
        EmailChange(
            **addresses,
            **dates | {"confirmed_at": far, "undo_until": far},
            token_digest=digest("2"),
            undo_digest=digest("link"),
        )
    )
    passkey = Passkey(
        account=cast.tanaka,
        credential_id="id",
        public_key=b"key",
        user_handle="handle",
        name="Phone",
        created_at=factories.NOW,
    )
    db.session.add(passkey)
    service = factories.membership(
        factories.account("payroll", is_service=True), cast.aozora, authorities=["user_viewer"]
    )
    key, own_key = (
        factories.api_key(service, "user_viewer"),
        factories.api_key(cast.membership(cast.tanaka), "user_viewer"),
    )
    binding = factories.binding(cast.aozora, cast.newcomer, cast.tanaka)
    factories.binding(cast.minato, cast.smith, cast.yamada, created_at=far)
    letter = factories.letter(cast.aozora)
    former = factories.membership(
        factories.account("former"), cast.aozora, ended_at=factories.NOW, ended_reason="removed"
    )
    db.session.commit()
    assert session
    assert line
    assert batch
    return {
        "UndoView.undo_batch": batch[0],
        "MemberView": str(cast.membership(cast.smith).id),
        "InviteView": str(invite.id),
        "BindingView": str(binding.id),
        "MemberRoleView": str(role.id),
        "ActivityView": str(line.id),
        "AccountView": str(cast.smith.id),
        "OrganizationView": str(cast.aozora.id),
        "OutboxView": "1",
        "EmailsView": str(letter.id),
        "ProfileView": str(session.id),
        "InviteLinkView": invite.public_id,
        "InviteLinkView.open": token,
        "PasswordView": "link",
        "EmailLinkView": "link",
        "MyInvitesView": invite.public_id,
        "SavedViewsView": "MemberView",
        "PasskeyView": str(passkey.id),
        "KeyView": str(key.id),
        "ServiceAccountView": str(service.id),
        "MyKeysView": str(own_key.id),
        "PlatformActivityView": str(line.id),
        "UndoView": str(edited.id),
        "FormerMemberView": str(former.id),
        "MemberSigningInView": str(cast.membership(cast.smith).id),
        "TwoFactorBoardView": str(cast.membership(cast.smith).id),
        "AccountSigningInView": str(cast.smith.id),
    }


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
        link = setup.setup_link()
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
        f"nobody could open {sorted(missed)}: say in rows() of tests/house/test_pages.py what it"
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
}
"""Pages that lead on, are files, or need a state that their own tests make."""


def test_no_template_names_another_site_or_has_style_or_script_inline() -> None:
    for path in TEMPLATES.rglob("*.html"):
        name = path.relative_to(TEMPLATES)
        if name.parts[0] == "mail":
            continue
        text = re.sub(r"{#.*?#}", "", path.read_text(), flags=re.DOTALL)
        assert not re.search(r"\sstyle\s*=", text), (
            f"{name} has style=: give it a class of static/css/meibo.css"
        )
        assert not re.search(r"<style\b", text), (
            f"{name} has <style>: move it to static/css/meibo.css"
        )
        assert not re.search(r"<script(?![^>]*\b(?:src|type=\"application/json\"))", text), (
            f"{name} has an inline script: move it to static/js"
        )
        assert not re.search(r"\son\w+\s*=\s*[\"']", text), (
            f"{name} has an inline handler: move it to static/js"
        )
        found = [one for one in re.findall(r"https?://[\w.-]+", text) if "www.w3.org" not in one]
        assert not found, f"{name} names {found}: pages speak to this portal only"


def test_own_scripts_and_styles_fetch_nothing_from_elsewhere() -> None:
    for path in [
        *(TEMPLATES.parent / "static").glob("js/*.js"),
        *(TEMPLATES.parent / "static").glob("css/*.css"),
    ]:
        found = [
            one
            for one in re.findall(r"(?:https?:)?//[\w-]+\.[\w.-]+", path.read_text())
            if "www.w3.org" not in one
        ]
        assert not found, f"{path.name} names {found}"
