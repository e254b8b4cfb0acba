"""Where somebody was, they stay: the list's place, the focus, an address not yet lost. It …"""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import MEMBERS, Opener
from tests.browser.portal import Portal, sign_in

pytestmark = pytest.mark.browser


def test_opens_the_roles_of_the_last_row_where_it_stands(members: Page, busy: Portal) -> None:
    """T2-45: the page jumped to its top, and the focus was lost."""
    members.goto(f"{busy.url}{MEMBERS}?page_size_MemberView=100")
    last = members.locator("table.cards a.add").last
    last.scroll_into_view_if_needed()
    before = members.evaluate("scrollY")
    last.click()
    expect(members.locator("#give[open] button").first).to_be_focused()
    assert before > 0
    assert members.evaluate("scrollY") >= before


def test_marks_an_address_before_backspace_deletes_it(demo: Portal, open_page: Opener) -> None:
    """T2-45"""
    page = open_page()
    sign_in(page, demo, "tanaka")
    page.goto(f"{demo.url}/o/aozora/invites/add")
    page.locator("[data-paste] input").press_sequentially("a@example.com;b@example.com;")
    chips = page.locator("[data-paste] .chip")
    expect(chips).to_have_count(2)
    page.keyboard.press("Backspace")
    expect(chips).to_have_count(2)
    expect(chips.last).to_contain_class("marked")
    page.keyboard.press("Backspace")
    expect(chips).to_have_text(["a@example.com×"])
