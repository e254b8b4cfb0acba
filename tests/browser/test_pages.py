"""Every page in real Chromium: no violation of axe, nothing on the console, nothing wider than the
window; four looks each.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.conftest import PHONE, WIDE
from tests.browser.portal import Portal, sign_in

PAGES = {
    "stranger": [
        "/login/",
        "/password/forgot/",
        "/password/set/nothing",
        "/invites/nothing",
        "/nothing",
        "/mailbox/",
        "/swagger/v1",
    ],
    "tanaka": [
        "/o/aozora/",
        "/o/aozora/members/list/",
        "/o/aozora/members/list/?q=佐藤",
        "/o/aozora/members/list/?q=nobody-at-all",
        "/o/aozora/members/list/?status=suspended",
        "/o/aozora/members/show/{member}",
        "/o/aozora/members/show/{own}",
        "/o/aozora/members/add",
        "/o/aozora/members/edit/{member}",
        "/o/aozora/members/existing",
        "/o/aozora/members/import/",
        "/o/aozora/members/delete/{member}",
        "/o/aozora/members/suspension/{member}",
        "/o/aozora/members/leave",
        "/o/aozora/invites/list/",
        "/o/aozora/invites/list/?status=expired&inviter=tanaka@aozora.example",
        "/o/aozora/invites/add",
        "/o/aozora/invites/show/{invite}",
        "/o/aozora/invites/edit/{invite}",
        "/o/aozora/invites/delete/{invite}",
        "/o/aozora/roles/list/",
        "/o/aozora/roles/add",
        "/o/aozora/roles/show/{role}",
        "/o/aozora/roles/edit/{role}",
        "/o/aozora/roles/delete/{role}",
        "/o/aozora/activity/list/",
        "/o/aozora/settings/",
        "/invites/",
        "/profile/",
        "/o/aozora/keys/list/",
        "/o/aozora/service-accounts/add",
        "/o/aozora/activity/show/{line}",
        "/o/aozora/activity/undo/{line}",
        "/o/aozora/activity/retention/",
        "/o/aozora/settings/two-factor/",
        "/o/aozora/settings/two-factor/exception/{member}",
        "/o/aozora/members/signing-in/{member}",
        "/profile/email/",
        "/profile/sign-in/",
        "/profile/keys/add",
        "/profile/passkeys/add",
        "/confirm/",
        "/profile/two-factor/app",
        "/password/change/",
        "/o/minato/",
        "/o/aozora/nothing",
    ],
    "smith": ["/o/aozora/", "/o/aozora/members/add"],
    "clark": ["/", "/invites/"],
    "root": [
        "/",
        "/organizations/list/",
        "/organizations/add",
        "/organizations/show/{organization}",
        "/organizations/edit/{organization}",
        "/organizations/delete/{organization}",
        "/accounts/list/",
        "/accounts/add",
        "/accounts/show/{account}",
        "/accounts/edit/{account}",
        "/accounts/signing-in/{account}",
        "/activity/list/",
        "/outbox/list/",
        "/o/aozora/",
    ],
}
RULES = {
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    }
}


AXE = Axe().axe_script
ASK = "options => axe.run(options).then((found) => found.violations)"
COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast"]}}
"""What differs between light and dark: the style sheet changes nothing but colours."""
LOOKS: dict[str, list[tuple[Any, str, dict[str, Any]]]] = {
    "ja": [
        (WIDE, "light", RULES),
        (WIDE, "dark", COLOURS),
        (PHONE, "light", RULES),
        (PHONE, "dark", COLOURS),
    ],
    "en": [(WIDE, "light", RULES), (PHONE, "light", {})],
}
"""How each page is looked at; colours, and what a phone hides, do not depend on the language, but
words that need more room do.
"""


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("who", PAGES)
def test_every_page_is_sound(
    demo: Portal,
    open_page: Callable[..., Page],
    complaints: list[str],
    who: str,
    language: str,
) -> None:
    page = open_page(language=language)
    if who != "stranger":
        sign_in(page, demo, who, language)
    ids, wrong = demo.ids(), []
    for path in PAGES[who]:
        page.set_viewport_size(WIDE)
        page.emulate_media(color_scheme="light")
        answer = page.goto(demo.url + path.format(**ids))
        assert answer is not None
        assert answer.status < 500, path
        assert page.locator("html").get_attribute("lang") == language, path
        for size, theme, rules in LOOKS[language]:
            page.set_viewport_size(size)
            page.emulate_media(color_scheme=theme)
            wrong += [
                f"{path}, {theme}, at {size['width']}: {one}"
                for one in complaints_of(page, size["width"], rules)
            ]
    assert (wrong, complaints) == ([], [])


def complaints_of(page: Page, width: int, rules: dict[str, Any] = RULES) -> list[str]:
    """What axe finds on a page, and whether it is wider than the window."""
    if page.evaluate("typeof axe") == "undefined":
        page.evaluate(AXE)
    found = page.evaluate(ASK, rules | {"resultTypes": ["violations"]}) if rules else []
    told = [f"{one['id']}: {[node['html'][:160] for node in one['nodes'][:3]]}" for one in found]
    is_wide = page.evaluate("document.documentElement.scrollWidth") > width
    return [*told, *(["wider than the window"] if is_wide else [])]


def test_sees_what_is_wrong_with_a_page(demo: Portal, open_page: Callable[..., Page]) -> None:
    """The watch itself: a picture without words, and letters that cannot be read in the dark."""
    page = open_page()
    page.goto(f"{demo.url}/login/")
    page.evaluate("document.querySelector('main').append(document.createElement('img'))")
    assert any(one.startswith("image-alt") for one in complaints_of(page, 1440, RULES))
    page.emulate_media(color_scheme="dark")
    page.evaluate("document.querySelector('h1').style.color = '#222'")
    assert any(one.startswith("color-contrast") for one in complaints_of(page, 1440, COLOURS))
