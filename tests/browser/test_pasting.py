"""Pasting addresses into an invitation. It …"""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Opener
from tests.browser.portal import Portal, sign_in

TABLE = json.loads(
    Path(__file__).resolve().parents[1].joinpath("kernel", "pasted.json").read_text()
)
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


def test_counts_on_a_line_of_its_own(form: Page) -> None:
    """T2-14: "1 with errors Valid for one week" read as one sentence."""
    form.locator("[data-paste] input").evaluate(PASTE, "bob@example.com, x@, y@")
    ready = form.locator("[data-ready]")
    expect(ready).to_contain_text("2")
    assert ready.evaluate("node => getComputedStyle(node).display") == "block"


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


def test_reads_every_list_as_the_server_does(form: Page, complaints: list[str]) -> None:
    """T2-12, T2-13, D-C15: the table of tests/kernel/test_pasting.py."""
    read = """(text) => {
        const { pieces, mailbox } = globalThis.meiboAddresses, known = new Map();
        for (const piece of pieces(text).map(mailbox))
            if (!known.has(piece.key)) known.set(piece.key, piece);
        const found = [...known.values()];
        return [found.map((one) => one.address),
            found.filter((one) => !one.isRight).map((one) => one.address)];
    }"""
    for line in TABLE:
        shown, wrong = form.evaluate(read, line["pasted"])
        assert [one.replace("xn--wgv71a119e", "日本語") for one in shown] == line["read"], line
        assert wrong == line["wrong"], line
    assert complaints == []


def test_counts_what_is_ready_and_what_is_wrong(form: Page) -> None:
    """T2-13: beside the button, and in the counter."""
    field, foot = form.locator("[data-paste] input"), form.locator("[data-ready]")
    field.evaluate(PASTE, "Tanaka, I. <a@example.com>; b@example.com B@example.com\nc@example.com")
    expect(foot).to_have_text("3 addresses ready")
    field.evaluate(PASTE, "ken, 山田@example.jp")
    expect(foot).to_have_text("3 addresses ready, 2 with errors")
    expect(form.locator("[data-counter]")).to_have_text("5 / 20")
    expect(form.locator("[data-paste] .chip.err")).to_have_text(["ken×", "山田@example.jp×"])


def test_marks_what_the_server_refused(form: Page) -> None:
    """T2-14"""
    form.locator("[data-paste] input").evaluate(PASTE, "john.smith@aozora.example, new@example.com")
    form.get_by_role("button", name="Send invitations").click()
    expect(form.locator("#addresses-error li")).to_have_count(1)
    expect(form.locator("[data-paste] .chip.err")).to_have_text(["john.smith@aozora.example×"])
    expect(form.locator("[data-ready]")).to_have_text("1 address ready, 1 with errors")
