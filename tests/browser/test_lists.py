"""Working in lists: columns, filters, selecting, suggestions. It …"""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import MEMBERS, PHONE, Opener, row
from tests.browser.portal import Portal, sign_in

pytestmark = pytest.mark.browser


def columns(page: Page) -> list[str]:
    return [
        head.strip() for head in page.locator("thead th[data-column]:visible").all_inner_texts()
    ]


def test_narrows_by_a_filter_whose_choices_are_fetched(members: Page) -> None:
    """S3-12"""
    members.get_by_role("search").get_by_role("link", name="Role", exact=True).click()
    members.get_by_role("checkbox", name="Editor").check()
    members.get_by_role("button", name="Apply").click()
    expect(members.locator(".chip.on")).to_contain_text("Role: Editor")
    members.get_by_role("search").get_by_role("link", name="Type").click()
    members.get_by_role("radio", name="General").click()  # it applies at once: the page goes
    members.wait_for_url("**type=general**")
    assert "role=" in members.url
    members.get_by_role("link", name="Export").click()
    with members.expect_download() as download:
        members.locator("details.export a", has_text="CSV (UTF-8)").click()
    assert download.value.suggested_filename.startswith("aozora-members-")


def test_opens_the_page_of_a_row_wherever_it_is_clicked(members: Page) -> None:
    """S0-04"""
    third = members.locator("tbody tr").nth(3)
    address = str(third.locator("th a").evaluate("link => link.pathname"))
    third.locator("td").nth(5).click()
    members.wait_for_url("**" + address)


def test_keeps_columns_and_widths_in_this_browser_only(
    members: Page, busy: Portal, open_page: Opener
) -> None:
    """S3-26, S3-27, S3-28"""
    before = columns(members)
    members.get_by_text("Columns", exact=True).click()
    members.get_by_label("Type", exact=True).uncheck()
    wide = members.locator("th[data-column=name]").bounding_box() or {}
    for _press in range(3):
        members.get_by_label("Make Name wider").click()
    members.reload()
    assert columns(members) == [name for name in before if name != "Type"]
    now = members.locator("th[data-column=name]").bounding_box() or {}
    assert now["width"] > wide["width"] + 40
    kept = json.loads(members.evaluate("localStorage.getItem('meibo-columns-MemberView')"))
    assert kept["shown"] == {"type": False}
    other = open_page()
    sign_in(other, busy, "tanaka")
    other.goto(busy.url + MEMBERS)
    assert columns(other) == before
    members.get_by_text("Columns", exact=True).click()
    members.get_by_text("Reset").click()
    expect(members.locator("th[data-column=type]")).to_be_visible()
    assert members.evaluate("localStorage.getItem('meibo-columns-MemberView')") is None


def test_drags_a_column_wider(members: Page) -> None:
    """S3-27"""
    grip = members.locator("th[data-column=name] .grip").bounding_box() or {}
    wide = (members.locator("th[data-column=name]").bounding_box() or {})["width"]
    members.mouse.move(grip["x"] + 4, grip["y"] + 8)
    members.mouse.down()
    members.mouse.move(grip["x"] + 64, grip["y"] + 8, steps=5)
    members.mouse.up()
    assert (
        abs((members.locator("th[data-column=name]").bounding_box() or {})["width"] - wide - 60)
        < 12
    )
    assert members.url.endswith(MEMBERS), "and does not sort"


def test_selects_all_that_match_beyond_the_page(members: Page) -> None:
    bar = members.locator(".bulk")
    expect(bar).to_be_hidden()
    members.locator("[data-all]").check()
    expect(bar.locator("[data-selected]")).to_have_text("25 selected")
    bar.get_by_label("All").check()
    total = members.locator(".pages [role=status]").inner_text().split()[-1]
    expect(bar.locator("[data-selected]")).to_have_text(f"{total} selected")
    bar.get_by_text("Give a role…").click()
    asked = members.locator("dialog[open] h1")
    expect(asked).to_have_text(f"Give {total} members a role")


def test_puts_the_focus_into_the_search_and_says_how_many_it_found(members: Page) -> None:
    members.keyboard.press("/")
    expect(members.locator("input[name=q]")).to_be_focused()
    members.keyboard.type("sato")
    members.keyboard.press("Enter")
    members.wait_for_url("**q=sato**")
    expect(members.locator("#announce")).not_to_be_empty()


def test_suggests_accounts_while_a_name_is_typed(
    busy: Portal, open_page: Opener, complaints: list[str]
) -> None:
    """S4-10"""
    page = open_page()
    sign_in(page, busy, "root")
    page.goto(busy.url + "/o/aozora/members/existing")
    who = page.locator("#who")
    who.press_sequentially("ヤマダ")
    option = page.get_by_role("option").first
    expect(option).to_contain_text("yamada@minato.example")
    assert who.get_attribute("aria-expanded") == "true"
    who.press("ArrowDown")
    assert option.get_attribute("aria-selected") == "true"
    who.press("Enter")
    assert who.input_value() == "yamada"
    expect(option).to_be_hidden()
    assert complaints == []


def test_keeps_the_menu_and_dialogs_within_a_phone(
    busy: Portal, open_page: Opener, complaints: list[str]
) -> None:
    page = open_page(size=PHONE)
    sign_in(page, busy, "tanaka")
    page.goto(busy.url + MEMBERS)
    page.locator("td.c-menu > a").nth(1).click()
    box = page.locator("#row-menu").bounding_box() or {}
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= PHONE["width"]
    page.locator("#row-menu [data-verb-name=edit]").click()
    dialog = page.locator("dialog.modal-page").bounding_box() or {}
    assert dialog["width"] <= PHONE["width"]
    assert dialog["height"] <= PHONE["height"]
    assert complaints == []


def test_reads_adds_edits_and_removes_without_scripts(busy: Portal, open_page: Opener) -> None:
    """Every verb of a row is on its page."""
    page = open_page(java_script_enabled=False)
    page.goto(f"{busy.url}/login/")
    page.fill("[name=login_id]", "tanaka")
    page.fill("[name=password]", "Meibo-demo-2026")
    page.click("main button[type=submit]")
    page.goto(busy.url + MEMBERS + "?q=kato@aozora.example")
    row(page, "kato@aozora.example").locator("th a").click()
    edit = page.get_by_role("link", name="Edit").first
    expect(edit).to_be_visible()
    edit.click()
    page.get_by_label("Co-admin").check()
    page.get_by_role("button", name="Save").click()
    expect(page.locator("main")).to_contain_text("(Mariko Kato) was changed.")


@pytest.mark.parametrize("language", ["ja", "en"])
def test_has_room_for_every_verb_on_a_phone(demo: Portal, open_page: Opener, language: str) -> None:
    page = open_page(size=PHONE)
    sign_in(page, demo, "tanaka", language)
    page.goto(demo.url + MEMBERS)
    page.locator("[name=rowid]").first.check()
    expect(page.locator(".bulk")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
