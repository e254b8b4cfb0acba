"""Pasting addresses into an invitation. It …"""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Opener
from tests.browser.portal import Portal, sign_in

pytestmark = pytest.mark.browser

PASTE = """(field, text) => {
    const held = new DataTransfer();
    held.setData("text/plain", text);
    const pasted = { clipboardData: held, bubbles: true, cancelable: true };
    field.dispatchEvent(new ClipboardEvent("paste", pasted));
}"""


@pytest.fixture
def form(demo: Portal, open_page: Opener) -> Page:
    page = open_page()
    sign_in(page, demo, "tanaka")
    page.goto(f"{demo.url}/o/aozora/invites/add")
    return page


@pytest.mark.parametrize(
    "pasted",
    [
        "Bob <bob@example.com>\nCarol <carol@example.com>\nd@example.com",
        "bob@example.com\r\ncarol@example.com\r\n\r\nd@example.com\r\n",
        "Bob <bob@example.com> Carol <carol@example.com> d@example.com",
        "bob＠example.com、carol＠example.com；d＠example.com",
        "Bob ＜bob@example.com＞ carol@example.com\td@example.com",
    ],
)
def test_loses_nobody_however_they_are_separated(
    form: Page, complaints: list[str], pasted: str
) -> None:
    """S1-11"""
    form.locator("[data-paste] input").evaluate(PASTE, pasted)
    if "\t" not in pasted:
        expect(form.locator("[data-paste] .chip")).to_have_text(
            ["bob@example.com×", "carol@example.com×", "d@example.com×"]
        )
        expect(form.locator("[data-paste] .chip.err")).to_have_count(0)
    sent = form.locator("textarea[name=addresses]").input_value()
    for name in ("bob", "carol", "d"):
        assert f"{name}@example.com" in sent.replace("＠", "@")
    assert complaints == []


def test_keeps_what_was_typed_around_it(form: Page) -> None:
    field = form.locator("[data-paste] input")
    field.press_sequentially("anna@example.com ")
    field.evaluate(PASTE, "\nbob@example.com")
    expect(form.locator("[data-paste] .chip")).to_have_text(
        ["anna@example.com×", "bob@example.com×"]
    )
