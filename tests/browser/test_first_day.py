"""The first day, as a new user has it: an empty machine, the printed link, an invitation by mail, a
member's whole life; in both languages.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE, WIDE
from tests.browser.portal import Portal, sign_out

PASSWORD = "Sakura-no-hana-7"
CODE = re.compile(r"(?<!\d)\d{6}(?!\d)")
WORDS = {
    "ja": {
        "joined": "参加しました",
        "suspended": "停止中",
        "reinstated": "再有効化しました",
        "removed": "削除しました",
    },
    "en": {
        "joined": "You are a member of",
        "suspended": "Suspended",
        "reinstated": "reinstated",
        "removed": "removed",
    },
}
LETTER = {"ja": "への招待", "en": "Invitation to"}


@pytest.mark.parametrize(
    ("language", "size"),
    [("ja", WIDE), ("en", WIDE), ("ja", PHONE)],
    ids=["ja-wide", "en-wide", "ja-phone"],
)
def test_it_goes_from_an_empty_machine_to_a_member_seen_edited_suspended_reinstated_and_removed(
    fresh: Portal,
    open_page: Callable[..., Page],
    complaints: list[str],
    language: str,
    size: dict[str, int],
) -> None:
    """S1-09, S1-20, S1-23, S2-14, S2-30, S2-32, S0-05, S0-07, S4-03"""
    words = WORDS[language]
    admin = open_page(language=language, size=size)
    set_up(admin, fresh, language)
    invite(admin, fresh, "sasaki@example.jp", language)
    member = open_page(language=language, size=size)
    sign_up(member, fresh, language)
    expect(member.locator("main")).to_contain_text(words["joined"])

    admin.goto(f"{fresh.url}/o/aozora/members/list/")
    admin.locator("main a", has_text=name("Sasaki", "Ken", language)).click()
    admin.wait_for_url("**/members/show/*")
    edit(admin)
    page_of_member = admin.url.partition("#")[0] if "/show/" in admin.url else ""
    turn_two_factor_on(admin, fresh)
    sign_in_with_code(admin, fresh, "tanaka@aozora.example")

    sign_out(member)
    sign_in_with_code(member, fresh)
    expect(member).to_have_url(re.compile(r"/o/aozora/"))

    suspend(admin, page_of_member)
    expect(admin.locator("main")).to_contain_text(words["suspended"])
    member.goto(f"{fresh.url}/o/aozora/")
    expect(member.locator("main")).not_to_contain_text(words["joined"])
    assert member.url.endswith("/login/?next=/o/aozora/") or member.locator("main h1").count() == 1

    admin.goto(page_of_member)
    admin.locator("form[action*='/action/reinstate/'] button").click()
    expect(admin.locator("main")).to_contain_text(words["reinstated"])

    admin.locator("main a[href*='/delete/']").click()
    admin.locator("main button.btn-danger").click()
    expect(admin.locator("main")).to_contain_text(words["removed"])
    expect(admin.locator("main tbody")).not_to_contain_text("sasaki@example.jp")
    assert complaints == []


def name(family: str, given: str, language: str) -> str:
    return f"{family} {given}" if language == "ja" else f"{given} {family}"


def set_up(page: Page, portal: Portal, language: str) -> None:
    page.goto(portal.setup_link())
    assert page.locator("html").get_attribute("lang") == language
    for field, value in {
        "family_name": "Tanaka",
        "given_name": "Taro",
        "email": "tanaka@aozora.example",
        "login_id": "tanaka",
        "password": PASSWORD,
        "organization_name": "株式会社あおぞら",
        "organization_code": "aozora",
    }.items():
        page.fill(f"[name={field}]", value)
    assert page.locator("[name=time_zone]").input_value() == "Asia/Tokyo"
    page.locator("form", has=page.locator("[name=login_id]")).locator("button[type=submit]").click()
    page.wait_for_url("**/o/aozora/")


def invite(page: Page, portal: Portal, address: str, language: str) -> None:
    page.goto(f"{portal.url}/o/aozora/invites/add")
    page.fill(".paste input", f"佐々木 健 <{address}>, {address.upper()}")
    page.press(".paste input", "Enter")
    expect(page.locator(".paste .chip")).to_have_count(1)
    page.check("[name=preset][value=view_only]", force=True)
    page.select_option("[name=language]", {"ja": "ja_JP"}.get(language, language))
    page.locator("main form button.btn-primary").click()
    page.wait_for_url("**/invites/list/**")
    expect(page.locator("main")).to_contain_text(address)


def sign_up(page: Page, portal: Portal, language: str) -> None:
    link = open_letter(page, portal, LETTER[language], r"http://\S+/invites/[\w-]+")
    told: list[str] = []
    page.on("request", lambda one: told.append(f"{one.url} {one.headers.get('referer', '')}"))
    page.goto(link)
    assert page.url.endswith("/answer"), "T2-98: the address bar does not hold the link"
    for field, value in {
        "family_name": "Sasaki",
        "given_name": "Ken",
        "login_id": "sasaki",
        "password": "short",
    }.items():
        page.fill(f"[name={field}]", value)
    page.locator("form", has=page.locator("[name=login_id]")).locator("button.btn-primary").click()
    expect(page.locator("#errors")).to_be_focused()
    assert page.input_value("[name=family_name]") == "Sasaki"
    page.fill("[name=password]", PASSWORD)
    expect(page.locator("#password-rules [data-ok]").first).to_be_visible()
    page.locator("form", has=page.locator("[name=login_id]")).locator("button.btn-primary").click()
    page.wait_for_url("**/o/aozora/")
    token = link.rpartition("/")[2]
    assert [token in one for one in told] == [True] + [False] * (len(told) - 1), "T2-98: no Referer"


def open_letter(page: Page, portal: Portal, subject: str, pattern: str) -> str:
    """Wait for the newest letter of a subject in the local mailbox; return what a pattern finds in
    its text.
    """
    for _try in range(40):
        page.goto(f"{portal.url}/mailbox/")
        found = page.locator("main a", has_text=subject)
        if found.count():
            found.first.click()
            page.goto(f"{page.url}?part=text")
            hit = re.search(pattern, page.locator("main").inner_text())
            assert hit
            return hit[0]
        page.wait_for_timeout(250)
    raise AssertionError(f"no letter “{subject}” came:\n{page.locator('main').inner_text()}")


def edit(page: Page) -> None:
    page.locator("main a[href*='/members/edit/']").first.click()
    page.locator("[name=roles]").first.check()
    page.locator("main form button.btn-primary").click()
    page.wait_for_url("**/members/show/*")
    expect(page.locator("main .tag").first).to_be_visible()


def turn_two_factor_on(page: Page, portal: Portal) -> None:
    """The organization asks for a second step at once, of whoever made the rule, too."""
    page.goto(f"{portal.url}/o/aozora/settings/")
    page.locator("[name=two_factor_required]").check()
    page.fill("[name=two_factor_deadline]", "")
    page.locator("main form button.btn-primary").click()
    page.locator("[name=at_once]").check()  # asked first: whoever is here has no second step yet
    page.locator("main form button.btn-primary").click()
    page.wait_for_url("**/profile/#two-factor")
    sign_out(page)


def sign_in_with_code(page: Page, portal: Portal, address: str = "SASAKI@example.jp") -> None:
    page.goto(f"{portal.url}/login/")
    page.fill("[name=login_id]", address)
    page.fill("[name=password]", PASSWORD)
    page.locator("main form button.btn-primary").click()
    page.wait_for_url("**/login/code/")
    page.fill("[name=code]", "000000")
    page.locator("main form button.btn-primary").click()
    expect(page.locator("#code-error")).to_be_visible()
    mailbox = page.context.new_page()
    code = ""
    for _try in range(40):
        mailbox.goto(f"{portal.url}/mailbox/")
        letters = mailbox.locator("main tr", has_text=address.lower()).locator(
            "a[href^='/mailbox/']"
        )
        hit = None
        if letters.count():
            letters.first.click()
            mailbox.goto(f"{mailbox.url}?part=text")
            hit = CODE.search(mailbox.locator("main").inner_text())
        if hit:
            code = hit[0]
            break
        mailbox.wait_for_timeout(250)
    mailbox.close()
    page.fill("[name=code]", code)
    page.locator("main form button.btn-primary").click()
    page.wait_for_url(lambda url: "/login/" not in url)


def suspend(page: Page, path: str) -> None:
    page.goto(path)
    page.locator("main a[href*='/suspension/']").click()
    page.fill("[name=reason]", "休職のため")
    page.locator("main button.btn-danger").click()
    page.wait_for_url("**/members/show/*")
