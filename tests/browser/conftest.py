"""Browser fixtures: a portal with the demo, a Chromium with a fresh profile, and the complaints of
every page.
"""

from __future__ import annotations

import os
import re
import shutil
import warnings
from collections.abc import Callable, Generator, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Error,
    Locator,
    Page,
    sync_playwright,
)

from tests.browser.portal import FLAGS, Portal, find_chromium, sign_in

WIDE, PHONE = {"width": 1440, "height": 900}, {"width": 360, "height": 780}
REQUIRED = os.environ.get("REQUIRE_BROWSER") == "1"
PICTURES = Path(__file__).resolve().parents[2] / "screenshots" / "failed"
FAILED = pytest.StashKey[bool]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Remember that a test failed, for the pictures of what it had open."""
    report = yield
    if report.failed:
        item.stash[FAILED] = True
    return report


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave the browser tests out where no Chromium is found, loudly; REQUIRE_BROWSER=1 makes that
    a failure.
    """
    here = [item for item in items if Path(__file__).parent in item.path.parents]
    if not here or find_chromium():
        return
    if REQUIRED:
        raise pytest.UsageError(
            "REQUIRE_BROWSER=1 but there is no Chromium: install Debian's package chromium"
        )
    warnings.warn(
        f"NO CHROMIUM FOUND: {len(here)} browser tests are left out. Install Debian's package"
        " chromium.",
        stacklevel=1,
    )
    for item in here:
        item.add_marker(pytest.mark.skip(reason="no Chromium"))


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(
            executable_path=find_chromium(), headless=True, args=FLAGS
        )
        yield opened
        opened.close()


@pytest.fixture(scope="session")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a portal with the demo organizations, which is not running."""
    portal = Portal(tmp_path_factory.mktemp("loaded"))
    portal.flask("portal", "upgrade")
    portal.flask("portal", "demo", "--members", "60")
    return portal.folder


@pytest.fixture(scope="session")
def demo(loaded: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    """A running portal with the demo organizations; tests only read it."""
    portal = _copy_of(loaded, tmp_path_factory.mktemp("demo")).start()
    yield portal
    portal.stop()


def _copy_of(loaded: Path, folder: Path) -> Portal:
    return Portal(Path(shutil.copytree(loaded, folder, dirs_exist_ok=True)))


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[Portal]:
    """A running portal as `make run` starts it on an empty machine."""
    portal = Portal(tmp_path).start()
    yield portal
    portal.stop()


@pytest.fixture
def complaints() -> list[str]:
    """What the browser's console complained about: errors, policy violations, failed files."""
    return []


Opener = Callable[..., Page]


def _picture(page: Page, name: str) -> None:
    """Keep what a failed test had open, below screenshots/failed."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    with suppress(Error):  # a page that crashed shows nothing
        page.screenshot(path=PICTURES / f"{re.sub(r'[^a-zA-Z0-9-]+', '-', name)}.png")


@pytest.fixture
def open_page(
    request: pytest.FixtureRequest, browser: Browser, complaints: list[str]
) -> Iterator[Opener]:
    """`open_page(language="ja", width="wide", theme="dark")`: a page in a fresh profile; a test
    that fails leaves a picture of each of its pages.
    """
    contexts: list[BrowserContext] = []

    def opened(
        *,
        language: str = "en",
        size: dict[str, int] | None = None,
        theme: str = "light",
        **more: Any,
    ) -> Page:
        context = browser.new_context(
            locale=language,
            viewport=size or WIDE,
            color_scheme=theme,
            timezone_id="Asia/Tokyo",
            reduced_motion="reduce",
            **more,
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(10_000)

        def note(message: ConsoleMessage) -> None:
            is_the_page = (
                message.location.get("url") == page.url
                and "Failed to load resource" in message.text
            )
            if message.type == "error" and not is_the_page:
                complaints.append(f"{page.url}: {message.text}")

        page.on("console", note)
        page.on("pageerror", lambda error: complaints.append(f"{page.url}: {error}"))
        return page

    yield opened
    for number, context in enumerate(contexts, 1):
        if FAILED in request.node.stash:
            for page in context.pages:
                _picture(page, f"{request.node.name}-{number}")
        context.close()


MEMBERS = "/o/aozora/members/list/"


@pytest.fixture(scope="session")
def busy(loaded: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    """A running portal with the demo organizations, where these tests may change things."""
    portal = _copy_of(loaded, tmp_path_factory.mktemp("busy")).start()
    yield portal
    portal.stop()


@pytest.fixture
def members(busy: Portal, open_page: Opener, complaints: list[str]) -> Iterator[Page]:
    """The list of members, as tanaka sees it."""
    page = open_page()
    sign_in(page, busy, "tanaka")
    page.goto(busy.url + MEMBERS)
    yield page
    assert complaints == []


def row(page: Page, address: str) -> Locator:
    return page.locator("tbody tr", has_text=address)
