"""Passkeys in Chromium, with the authenticator that its developer tools bring along. It …"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import CDPSession, Page, expect

from tests.browser.conftest import PHONE, Opener
from tests.browser.portal import Portal, sign_in, sign_out

WORDS = {
    "en": {
        "alone": "Sign in with a passkey",
        "step": "Use the passkey and sign in",
        "create": "Create the passkey",
        "none": "No passkey was used",
    },
    "ja": {
        "alone": "パスキーでサインイン",
        "step": "パスキーを使ってサインイン",
        "create": "パスキーを作成",
        "none": "パスキーは使われませんでした",
    },
}


@pytest.fixture(scope="module")
def named(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    """A running portal with a demo, at an address with a name: passkeys belong to one."""
    portal = Portal(tmp_path_factory.mktemp("named"), host="localhost")
    portal.flask("portal", "upgrade")
    portal.flask("portal", "demo", "--members", "25")
    portal.start()
    yield portal
    portal.stop()


def plug_in(page: Page) -> CDPSession:
    """Give the page's browser a device that holds passkeys and whose owner always agrees."""
    tools = page.context.new_cdp_session(page)
    tools.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    tools.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return tools


def add(page: Page, portal: Portal, language: str, name: str) -> None:
    page.goto(f"{portal.url}/profile/passkeys/add")
    page.fill("[name=name]", name)
    with page.expect_navigation():
        page.get_by_role("button", name=WORDS[language]["create"]).click()
    page.goto(f"{portal.url}/profile/")
    expect(page.locator("#passkeys")).to_contain_text(name)


@pytest.mark.browser
@pytest.mark.parametrize(("language", "who"), [("en", "smith"), ("ja", "tanaka")])
def test_adds_a_passkey_then_signs_in_with_it_alone_and_after_the_password(
    named: Portal, open_page: Opener, complaints: list[str], language: str, who: str
) -> None:
    """ASVS 6.3.3: registered, found without a login ID, and asked for as the second step; in both
    languages.
    """
    page = open_page(language=language)
    plug_in(page)
    sign_in(page, named, who, language)
    add(page, named, language, "Laptop")
    sign_out(page)

    page.goto(f"{named.url}/login/?next=/profile/")
    page.get_by_role("button", name=WORDS[language]["alone"]).click()
    page.wait_for_url("**/profile/")
    expect(page.locator("#passkeys small").first).not_to_contain_text(
        re.compile("never used|未使用")
    )
    sign_out(page)

    page.goto(f"{named.url}/login/?next=/profile/")
    page.fill("[name=login_id]", who)
    page.fill("[name=password]", "Meibo-demo-2026")
    page.keyboard.press("Enter")
    page.wait_for_url("**/login/code/")
    page.get_by_role("button", name=WORDS[language]["step"]).click()
    page.wait_for_url("**/profile/")
    page.locator("#passkeys details summary").first.click()
    page.locator("#passkeys a[href$='/remove']").first.click()
    page.locator("main button.btn-danger").click()
    expect(page.locator("#passkeys")).not_to_contain_text("Laptop")
    assert complaints == []


@pytest.mark.browser
@pytest.mark.parametrize("language", ["en", "ja"])
def test_says_so_where_there_is_no_passkey_or_the_browser_knows_none(
    named: Portal, open_page: Opener, complaints: list[str], language: str
) -> None:
    page = open_page(language=language, size=PHONE)
    plug_in(page)
    page.goto(f"{named.url}/login/")
    page.get_by_role("button", name=WORDS[language]["alone"]).click()
    said = page.locator("[data-said]")
    expect(said).to_contain_text(WORDS[language]["none"])
    assert page.url == f"{named.url}/login/"
    expect(page.get_by_role("button", name=WORDS[language]["alone"])).to_be_enabled()

    page.add_init_script("delete window.PublicKeyCredential")
    page.reload()
    expect(said).to_be_visible()
    expect(page.get_by_role("button", name=WORDS[language]["alone"])).to_be_disabled()
    assert complaints == []


@pytest.mark.browser
def test_does_not_make_a_second_one_on_the_same_device(named: Portal, open_page: Opener) -> None:
    page = open_page()
    plug_in(page)
    sign_in(page, named, "clark")
    add(page, named, "en", "Laptop")
    page.goto(f"{named.url}/profile/passkeys/add")
    page.get_by_role("button", name="Create the passkey").click()
    expect(page.locator("[data-said]")).to_contain_text(
        "This device holds a passkey of your account already."
    )


@pytest.mark.browser
def test_confirms_with_a_passkey_who_it_is(
    named: Portal, open_page: Opener, complaints: list[str]
) -> None:
    """ASVS 7.5.1"""
    page = open_page()
    plug_in(page)
    sign_in(page, named, "yamada")
    add(page, named, "en", "Laptop")
    with sqlite3.connect(named.folder / "meibo.sqlite") as database:
        database.execute("update account_session set proved_at = datetime('now', '-11 minutes')")
    page.goto(f"{named.url}/profile/passkeys/add")
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_role("button", name="Create the passkey")).to_be_visible()
    assert complaints == []


@pytest.mark.browser
def test_offers_no_passkeys_at_an_address_that_is_a_number(
    demo: Portal, open_page: Opener, complaints: list[str]
) -> None:
    page = open_page()
    page.goto(f"{demo.url}/login/")
    expect(page.locator("[data-passkey]")).to_have_count(0)
    sign_in(page, demo, "smith")
    page.goto(f"{demo.url}/profile/")
    expect(page.get_by_text("Passkeys cannot be used here")).to_be_visible()
    assert complaints == []


@pytest.mark.browser
def test_has_pages_that_everybody_can_use(named: Portal, open_page: Opener) -> None:
    page = open_page()
    page.goto(f"{named.url}/login/")
    for path in ("/login/", "/profile/passkeys/add", "/profile/"):
        page.goto(f"{named.url}{path}")
        if page.url.split("?")[0].endswith("/login/") and path != "/login/":
            sign_in(page, named, "smith")
            page.goto(f"{named.url}{path}")
        found = Axe().run(page).response["violations"]
        assert [(one["id"], one["nodes"][0]["html"]) for one in found] == [], path
