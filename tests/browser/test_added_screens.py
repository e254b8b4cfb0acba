"""The devices of examples/ in real Chromium: a row is added by keyboard, with a member picked by
typing; every derived page is sound in both languages, light and dark, wide and on a phone. It …
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE, WIDE
from tests.browser.portal import ROOT, Portal, sign_in
from tests.browser.test_pages import COLOURS, RULES, complaints_of

HERE = "/o/aozora/devices"
PAGES = ("list/", "list/?filter=lent_on", "add", "show/1", "edit/1", "delete/1", "charts/")


class WithDevices(Portal):
    """A portal with the devices in it, served as docs/extending.md says."""

    @property
    def environment(self) -> dict[str, str]:
        return super().environment | {
            "PYTHONPATH": f"{ROOT / 'examples'}:{ROOT}",
            "FLASK_APP": "devices",
        }

    def serve(self) -> Portal:
        """Start it and wait until it is ready."""
        command = [str(Path(sys.executable).with_name("gunicorn")), "devices:create_app()"]
        command += ["--bind", f"{self.host}:{self.port}", "--threads", "4", "--no-control-socket"]
        self.process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=self.environment,
            stdout=self.log.open("w"),
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        return self.wait()


@pytest.fixture(scope="module")
def lending(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    """The portal, with the demo's people and no device yet."""
    portal = WithDevices(tmp_path_factory.mktemp("devices"))
    portal.flask("portal", "upgrade")
    portal.flask("portal", "demo", "--members", "30")
    portal.serve()
    yield portal
    portal.stop()


def add(page: Page, url: str, name: str, holder: str) -> None:
    page.goto(f"{url}{HERE}/add")
    page.get_by_label("機器名").fill(name)
    page.get_by_label("シリアル番号").fill(name)
    page.get_by_text("ノートPC").click()
    picker = page.get_by_role("combobox", name="貸与先")
    picker.press_sequentially(holder)
    expect(page.get_by_role("option").first).to_be_visible()
    picker.press("ArrowDown")
    picker.press("Enter")
    assert "#" in picker.input_value()
    page.get_by_label("貸与日").fill("2026-11-29")
    page.get_by_role("button", name="追加").click()
    expect(page.get_by_text(f"「{name}」を追加しました。")).to_be_visible()


def test_adds_with_a_member_picked_by_typing_and_every_page_is_sound(
    lending: Portal, open_page: Callable[..., Page], complaints: list[str]
) -> None:
    page, wrong = open_page(language="ja"), []
    sign_in(page, lending, "tanaka", "ja")
    add(page, lending.url, "ThinkPad", "さとう")
    expect(page.get_by_role("link", name="佐藤", exact=False).first).to_be_visible()
    for language in ("ja", "en"):
        page = open_page(language=language)
        sign_in(page, lending, "tanaka", language)
        for path in PAGES:
            page.emulate_media(color_scheme="light")
            answer = page.goto(f"{lending.url}{HERE}/{path}")
            assert answer is not None and answer.status == 200, path
            for size in (WIDE, PHONE):
                page.set_viewport_size(size)
                for theme, rules in (("light", RULES), ("dark", COLOURS)):
                    page.emulate_media(color_scheme=theme)
                    found = complaints_of(page, size["width"], rules)
                    wrong += [
                        f"{path}, {language}, {theme}, {size['width']}: {one}" for one in found
                    ]
    assert (wrong, complaints) == ([], [])
