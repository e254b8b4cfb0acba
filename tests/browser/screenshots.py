"""Pictures of every screen of the demo, in both languages, light and dark, wide and on a phone:
`make screenshots`.

Here: a portal of its own, one picture per page and look. Not here: judging them (eyes), tests
(test_pages).
"""

from __future__ import annotations

import re
import sys
import tempfile
from itertools import product
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from tests.browser.conftest import PHONE, WIDE
from tests.browser.portal import FLAGS, Portal, find_chromium, sign_in
from tests.browser.test_pages import PAGES

LOOKS = [
    *product(
        ("ja", "en"), ("light", "dark"), ({"name": "wide", **WIDE}, {"name": "phone", **PHONE})
    )
]


def main(folder: Path, only: str = "") -> int:
    """Take the pictures whose name contains `only`; return how many."""
    folder.mkdir(parents=True, exist_ok=True)
    taken = 0
    with tempfile.TemporaryDirectory() as instance, sync_playwright() as playwright:
        portal = Portal(Path(instance))
        portal.flask("portal", "upgrade")
        portal.flask("portal", "demo", "--members", "60")
        portal.start()
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=FLAGS)
        try:
            for (language, theme, size), who in product(LOOKS, PAGES):
                taken += take(browser, portal, folder, who, language, theme, size, only)
        finally:
            browser.close()
            portal.stop()
    print(f"{taken} pictures in {folder}")
    return taken


def take(
    browser: Browser,
    portal: Portal,
    folder: Path,
    who: str,
    language: str,
    theme: str,
    size: dict[str, object],
    only: str,
) -> int:
    """Take every page of one reader in one look."""
    names = {path: f"{name_of(who, path)}.{language}.{theme}.{size['name']}" for path in PAGES[who]}
    wanted = {path: name for path, name in names.items() if only in name}
    if not wanted:
        return 0
    window = {"width": int(str(size["width"])), "height": int(str(size["height"]))}
    context = browser.new_context(
        locale=language,
        viewport=window,
        color_scheme=theme,
        timezone_id="Asia/Tokyo",
        reduced_motion="reduce",  # type: ignore[arg-type]
    )
    page, ids = context.new_page(), portal.ids()
    if who != "stranger":
        sign_in(page, portal, who, language)
    for path, name in wanted.items():
        page.goto(portal.url + path.format(**ids))
        page.screenshot(path=folder / f"{name}.png", full_page=True)
    context.close()
    return len(wanted)


def name_of(who: str, path: str) -> str:
    """A file name for a page: who looks, and at what."""
    return f"{who}-{re.sub(r'[^a-z0-9]+', '-', path.lower()).strip('-') or 'home'}"


if __name__ == "__main__":
    main(
        Path(sys.argv[1] if len(sys.argv) > 1 else "screenshots"),
        sys.argv[2] if len(sys.argv) > 2 else "",
    )
