"""The rules of a password, ticked while typing. They …"""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from app.models import PasswordPolicyName
from app.passwords import policy
from tests.browser.conftest import Opener
from tests.browser.portal import Portal, sign_in

PASSWORDS = (
    "V",
    "violet",
    "VIOLET",
    "92",
    "-",
    "Violet-Kettle-92",
    "Violet Kettle-92",
    "Violet-Kettle-92あ",
    "Ｖiolet-Kettle-９２",
    "Vk9!xQz",
    "Vk9!xQzt",
    "Vk9!" + "xQzt4" * 50 + "a",
    "Vk9!" + "xQzt4" * 50 + "ab",
    "tanaka",
    "TANAKA",
    "Ｔanaka",
    " tanaka ",
    "tanaka1",
    "😀Violet-Kettle-92",
    "é",
    "ß",
    "\\",
    "`",
    "\u2028",
    "[~]",
    *(f"Aa1{symbol}aaaa" for symbol in policy.SYMBOLS),
)
RULES = {name: list(rules) for name, rules in policy.POLICIES.items()}


def ticked(page: Page, password: str) -> set[int]:
    page.fill("#password", password)
    return set(
        page.eval_on_selector_all(
            "#password-rules li",
            "rows => rows.flatMap((row, place) => row.hasAttribute('data-ok') ? [place] : [])",
        )
    )


@pytest.fixture
def change(demo: Portal, open_page: Opener) -> Page:
    """The page where tanaka changes the password."""
    page = open_page()
    sign_in(page, demo, "tanaka")
    page.goto(f"{demo.url}/password/change/")
    return page


@pytest.mark.browser
def test_say_what_the_server_says(change: Page, complaints: list[str]) -> None:
    """S2-15, S2-16, S2-17, S2-18"""
    rules, whose = RULES[PasswordPolicyName.CLASSIC], policy.About("tanaka")
    for password in PASSWORDS:
        kept = [
            place for place, rule in enumerate(rules) if rule.live and rule.holds(password, whose)
        ]
        assert ticked(change, password) == set(kept), (
            f"{password!r}: {[rule.key for rule in rules]}"
        )
    assert ticked(change, "") == set()
    assert complaints == []


@pytest.mark.browser
def test_say_what_the_server_says_where_length_is_all_that_counts(change: Page) -> None:
    """D-C5"""
    rules, whose = RULES[PasswordPolicyName.LENGTH], policy.About("tanaka")
    live = [rule for rule in rules if rule.live]
    patterns = {rule.key: rule.live for rule in live}
    script = """([shown, value]) => shown.pattern ? new RegExp(shown.pattern, "u").test(value)
        : shown.min ? [...value].length >= shown.min && [...value].length <= shown.max : null"""
    for password in (
        *PASSWORDS,
        "むらさきのやかんと92びきのねこ",
        "correct horse battery",
        "fourteen chars",
        "😀" * 15,
        "😀" * 14,
        "a" * 255,
        "a" * 256,
        "a\x7fb" * 9,
    ):
        for rule in live:
            shown = change.evaluate(script, [patterns[rule.key], password])
            assert shown is None or shown == rule.holds(password, whose), (rule.key, password)
