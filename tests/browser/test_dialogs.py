"""The menu of a row, and pages in a dialog. It …"""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import MEMBERS, row
from tests.browser.portal import Portal

pytestmark = pytest.mark.browser


def dots(page: Page, address: str) -> Locator:
    return row(page, address).locator("td.c-menu > a")


def test_opens_one_menu_for_all_rows_by_keyboard_and_gives_the_focus_back(members: Page) -> None:
    """S3-20"""
    member = members.locator("td.c-menu > a").nth(2)
    member.focus()
    members.keyboard.press("Enter")
    menu = members.locator("#row-menu")
    expect(menu).to_be_visible()
    expect(menu.locator("a").first).to_be_focused()
    members.keyboard.press("ArrowUp")
    expect(menu.locator("a:visible").last).to_be_focused()
    address = str(member.evaluate("link => link.pathname"))
    assert (menu.locator("[data-verb-name=edit]").get_attribute("href") or "") == address.replace(
        "/show/", "/edit/"
    )
    members.keyboard.press("Escape")
    expect(menu).to_be_hidden()
    expect(member).to_be_focused()
    expect(member).to_have_attribute("aria-expanded", "false")


def test_offers_no_verb_that_a_row_does_not_have(members: Page) -> None:
    """One does not suspend oneself."""
    members.goto(members.url + "?q=tanaka@aozora.example")
    dots(members, "tanaka@aozora.example").click()
    expect(members.locator("#row-menu [data-verb-name=suspension]")).to_be_hidden()
    expect(members.locator("#row-menu [data-verb-name=show]")).to_be_visible()


def test_edits_in_a_dialog_and_comes_back_to_the_same_list(members: Page, busy: Portal) -> None:
    """S3-20"""
    members.goto(busy.url + MEMBERS + "?q=ken.ito&sort=-joined_at")
    dots(members, "ken.ito").click()
    members.locator("#row-menu [data-verb-name=edit]").click()
    dialog = members.locator("dialog.modal-page")
    expect(dialog).to_be_visible()
    expect(dialog.locator("h1")).to_have_text("Edit the membership")
    dialog.get_by_label("Co-admin").check()
    dialog.get_by_role("button", name="Save").click()
    members.wait_for_url(busy.url + MEMBERS + "?q=ken.ito&sort=-joined_at")
    expect(row(members, "ken.ito")).to_contain_text("Co-admin")


def test_shows_what_is_wrong_on_the_page_itself_with_what_was_typed(
    members: Page, busy: Portal
) -> None:
    members.goto(busy.url + "/o/aozora/roles/list/?q=経理担当")
    dots(members, "経理担当").click()
    members.locator("#row-menu [data-verb-name=edit]").click()
    dialog = members.locator("dialog.modal-page")
    dialog.locator("[name=name]").fill("")
    dialog.locator("[name=description]").fill("Typed in the dialog")
    dialog.get_by_role("button", name="Save").click()
    expect(members.locator("#errors")).to_be_focused()
    expect(members.locator("[name=description]")).to_have_value("Typed in the dialog")


def test_asks_in_a_dialog_before_it_removes(members: Page) -> None:
    """S3-20, S0-06"""
    link = members.locator("td.c-menu > a").nth(4)
    link.click()
    members.locator("#row-menu [data-verb-name=delete]").click()
    dialog = members.locator("dialog.modal-page")
    expect(dialog.locator("h1")).to_contain_text("from Aozora Inc.?")
    dialog.get_by_text("Cancel").click()
    expect(dialog).to_have_count(0)
    expect(link).to_be_focused()
    link.click()
    members.locator("#row-menu [data-verb-name=delete]").click()
    who = re.search(r"Remove (.+) from", members.locator("dialog h1").inner_text())
    members.locator("dialog").get_by_role("button", name="Remove").click()
    expect(members.get_by_role("status").filter(has_text="removed")).to_be_visible()
    assert who
    expect(members.locator("tbody")).not_to_contain_text(who[1])


def test_asks_in_a_dialog_before_it_cancels_an_invitation(members: Page, busy: Portal) -> None:
    """S3-34, S3-51"""
    members.goto(busy.url + "/o/aozora/invites/list/?status=pending")
    members.locator("td.c-menu > a").first.click()
    members.locator("#row-menu [data-verb-name=delete]").click()
    expect(members.locator("dialog.modal-page h1")).to_contain_text("?")
    members.locator("dialog [data-cancel]").click()
    members.locator("td.c-menu > a").first.click()
    members.locator("#row-menu [data-verb-name=edit]").click()
    expect(members.locator("dialog.modal-page form")).to_be_visible()


def test_gives_and_takes_a_role_in_the_row(members: Page, busy: Portal) -> None:
    """S4-16, S4-17: "+" opens the roles there are, "×" takes one away, and the list stays where it
    was.
    """
    members.goto(busy.url + MEMBERS + "?type=general")
    chosen = row(members, "kimura@aozora.example")
    chosen.get_by_label("Add a role to").click()
    members.locator("#give").get_by_role("button", name="Asset manager").click()
    expect(chosen.locator(".tag", has_text="Asset manager")).to_be_visible()
    assert "type=general" in members.url
    chosen.get_by_label("Remove the role Asset manager").click()
    expect(members.get_by_role("status").filter(has_text="no longer has the role")).to_be_visible()
    expect(chosen.locator(".tag", has_text="Asset manager")).to_have_count(0)
