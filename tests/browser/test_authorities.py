"""Choosing authorities: grouped, searchable, what is needed comes along; and what an edit changes,
before it is saved. It …
"""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from app.access.authorities import CATALOGUE
from tests.browser.conftest import PHONE, Opener
from tests.browser.portal import Portal, sign_in
from tests.browser.test_pages import complaints_of

pytestmark = pytest.mark.browser
WORDS = {
    "en": {
        "search": "Search authorities",
        "told": "AWS Account Viewer also needs Project Viewer, so we added it.",
        "query": "INVOICE",
        "found": "Invoice Downloader",
    },
    "ja": {
        "search": "権限を検索",
        "told": "AWSアカウント閲覧権限",
        "query": "ﾀﾞｳﾝﾛｰﾄﾞ",
        "found": "請求書取得権限",
    },
}


@pytest.fixture(params=["en", "ja"])
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def opened(demo: Portal, page: Page, path: str, language: str) -> Page:
    sign_in(page, demo, "tanaka", language)
    page.goto(demo.url + path.format(**demo.ids()))
    return page


def test_adds_what_an_authority_needs_and_says_so(
    demo: Portal, open_page: Opener, complaints: list[str], language: str
) -> None:
    """S0-25: by keyboard; taking the needed one away alone does not work either, and is
    explained."""
    page = opened(demo, open_page(language=language), "/o/aozora/roles/add", language)
    viewer, needed, told = (
        page.locator("[value=aws_account_viewer]"),
        page.locator("[value=project_viewer]"),
        page.locator("[data-told]"),
    )
    expect(told).to_be_hidden()
    viewer.focus()
    page.keyboard.press("Space")
    expect(needed).to_be_checked()
    expect(told).to_contain_text(WORDS[language]["told"])
    assert told.get_attribute("role") == "status"
    page.locator("[value=billing_viewer]").check()
    expect(told).to_be_hidden()
    needed.click()
    expect(needed).to_be_checked()
    expect(told).to_contain_text(WORDS[language]["told"])
    viewer.uncheck()
    needed.uncheck()
    expect(needed).not_to_be_checked()
    assert complaints == []


def test_finds_an_authority_by_part_of_its_name_or_what_it_allows(
    demo: Portal, open_page: Opener, language: str
) -> None:
    """In the reader's language; headings without a hit go too, and Enter does not send the form."""
    page = opened(demo, open_page(language=language), "/o/aozora/roles/add", language)
    search, rows, groups = (
        page.get_by_label(WORDS[language]["search"]),
        page.locator("[data-filter-text]"),
        page.locator("[data-filter-group]"),
    )
    assert rows.count() == len(CATALOGUE)
    search.fill(WORDS[language]["query"])
    expect(rows.filter(has_text=WORDS[language]["found"])).to_be_visible()
    expect(page.locator("[data-filter-text]:visible")).to_have_count(
        page.locator("[data-filter-text]:not([hidden])").count()
    )
    assert 0 < page.locator("[data-filter-text]:visible").count() < 5
    expect(page.locator("[data-filter-group]:visible")).to_have_count(1)
    search.press("Enter")
    assert page.url.endswith("/roles/add")
    search.fill("no such thing")
    expect(page.locator("[data-filter-none]")).to_be_visible()
    expect(page.locator("[data-filter-group]:visible")).to_have_count(0)
    search.fill("")
    expect(page.locator("[data-filter-group]:visible")).to_have_count(groups.count())


@pytest.mark.parametrize("scripts", [True, False])
def test_shows_what_changes_and_leads_back(
    demo: Portal, open_page: Opener, complaints: list[str], *, scripts: bool
) -> None:
    """With script and without, on a phone; nothing is saved."""
    page = open_page(size=PHONE)
    opened(demo, page, "/o/aozora/members/edit/{member}", "en")
    if not scripts:
        state = page.context.storage_state()
        page = open_page(size=PHONE, java_script_enabled=False, storage_state=state)
        page.goto(demo.url + "/o/aozora/members/edit/{member}".format(**demo.ids()))
    page.locator("[value=settings_manager]").check()
    page.get_by_role("button", name="Preview changes").click()
    expect(page.get_by_role("heading", name="Gained")).to_be_visible()
    expect(page.locator("main")).to_contain_text("Settings Manager")
    assert not scripts or complaints_of(page, PHONE["width"]) == []
    page.get_by_role("button", name="Back to the form").click()
    expect(page.locator("[value=settings_manager]")).to_be_checked()
    page.goto(demo.url + "/o/aozora/members/edit/{member}".format(**demo.ids()))
    expect(page.locator("[value=settings_manager]")).not_to_be_checked()
    assert complaints == []
