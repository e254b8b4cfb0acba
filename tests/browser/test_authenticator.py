"""An authenticator app in a real browser: enrolled by the key on the page, used to sign in, lost
and replaced by a recovery code. It …
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from pathlib import Path

import pyotp
import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE, WIDE, Opener
from tests.browser.portal import Portal, sign_in, sign_out, speak
from tests.browser.test_pages import complaints_of

pytestmark = pytest.mark.browser
PASSWORD = "Meibo-demo-2026"


@pytest.fixture(scope="module")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    """A running portal with the demo, for these tests to change."""
    made = Portal(tmp_path_factory.mktemp("factors"))
    made.flask("portal", "upgrade")
    made.flask("portal", "demo", "--members", "30")
    made.start()
    yield made
    made.stop()


def type_password(page: Page, portal: Portal, who: str) -> None:
    page.goto(f"{portal.url}/login/")
    page.fill("[name=login_id]", who)
    page.fill("[name=password]", PASSWORD)
    page.locator("main form button.btn-primary").click()


def next_code(secret: str) -> str:
    """The digits of the next step: those of this one may have been used."""
    return pyotp.TOTP(secret).at(time.time() + 30)


def sound(page: Page) -> list[str]:
    """What is wrong with the page at both widths."""
    wrong = []
    for size in (PHONE, WIDE):
        page.set_viewport_size(size)
        wrong += complaints_of(page, size["width"])
    return wrong


@pytest.mark.parametrize(
    ("who", "language", "theme"), [("tanaka", "ja", "dark"), ("smith", "en", "light")]
)
def test_is_enrolled_and_signs_in_and_a_recovery_code_stands_in_for_it(
    portal: Portal, open_page: Opener, complaints: list[str], who: str, language: str, theme: str
) -> None:
    """T2-38, ASVS 6.5.1, 6.5.2, 6.5.4; every page on the way is sound for axe at both widths."""
    page = open_page(
        language=language, theme=theme, permissions=["clipboard-read", "clipboard-write"]
    )
    sign_in(page, portal, who, language)
    page.goto(f"{portal.url}/profile/")
    page.locator("a[href='/profile/two-factor/app']").click()
    expect(page.locator("svg.qr")).to_be_visible()
    assert sound(page) == []
    secret = page.locator("#key").inner_text().replace(" ", "")
    page.fill("[name=code]", pyotp.TOTP(secret).now())
    page.locator("main button.btn-primary").click()

    codes = page.locator("#recovery code").all_inner_texts()
    assert len(codes) == 10
    assert sound(page) == []
    expect(page.locator("details.language")).to_be_hidden()  # a switch would lose the codes
    page.locator("[data-copy=recovery]").click()
    assert page.evaluate("navigator.clipboard.readText()").split() == codes
    with page.expect_download() as download:
        page.locator("a[download]").click()
    assert Path(download.value.path()).read_text().split()[-10:] == codes
    page.locator("main button.btn-primary").click()
    expect(page.locator("#recovery")).to_be_visible()  # the browser asks for the tick
    page.check("#kept")
    page.locator("main button.btn-primary").click()
    page.wait_for_url("**/profile/")
    assert sound(page) == []
    sign_out(page)

    type_password(page, portal, who)
    page.wait_for_url("**/login/code/")
    speak(page, language)
    assert sound(page) == []
    page.fill("#code", next_code(secret))
    page.check("#trust")
    page.locator("main form button.btn-primary").click()
    page.wait_for_url(lambda url: "/login/" not in url)
    sign_out(page)
    type_password(page, portal, who)
    page.wait_for_url(lambda url: "/login/" not in url)

    elsewhere = open_page(language=language, theme=theme, java_script_enabled=False)
    type_password(elsewhere, portal, who)
    elsewhere.locator("a[href$='by=recovery']").click()
    elsewhere.fill("#code", codes[0].upper())
    elsewhere.locator("main form button.btn-primary").click()
    expect(elsewhere).not_to_have_url(re.compile("/login/"))
    elsewhere.goto(f"{portal.url}/profile/")
    expect(elsewhere.locator("#two-factor")).to_contain_text("9")
    assert complaints == []
