"""What the form of inviting remembers, in this browser and nowhere else. It …"""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Opener
from tests.browser.portal import Portal, sign_in


def form(page: Page, portal: Portal) -> Page:
    page.goto(f"{portal.url}/o/aozora/invites/add")
    return page


@pytest.mark.browser
def test_keeps_language_and_hidden_inviter_until_they_are_changed_or_storage_is_cleared(
    demo: Portal, open_page: Opener, complaints: list[str]
) -> None:
    """S3-39, S3-40, S3-43: English and shown at first; then as last chosen; another browser knows
    nothing of it.
    """
    page, elsewhere = open_page(), open_page()
    for browser in (page, elsewhere):
        sign_in(browser, demo, "tanaka")
    language, hide = (
        form(page, demo).locator("[name=language]"),
        page.locator("[name=hide_inviter]"),
    )
    expect(language).to_have_value("en")
    expect(hide).not_to_be_checked()
    language.select_option("ja_JP")
    hide.check()

    form(page, demo)
    expect(language).to_have_value("ja_JP")
    expect(hide).to_be_checked()
    form(elsewhere, demo)
    expect(elsewhere.locator("[name=language]")).to_have_value("en")
    expect(elsewhere.locator("[name=hide_inviter]")).not_to_be_checked()

    hide.uncheck()
    form(page, demo)
    expect(language).to_have_value("ja_JP")
    expect(hide).not_to_be_checked()

    page.evaluate("localStorage.clear()")
    form(page, demo)
    expect(language).to_have_value("en")
    assert complaints == []
