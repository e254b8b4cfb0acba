"""One's second step on the profile, as its tests ask and look: addresses, codes, the page."""

from __future__ import annotations

import re
from html import unescape

from tests.conftest import PortalClient

APP = "/profile/two-factor/app"
CODES = "/profile/two-factor/recovery"
PROFILE = "/profile/"
CODE = re.compile(r"<code>([0-9a-z]{4}-[0-9a-z]{4}-[0-9a-z]{4})</code>")


def text(browser: PortalClient, path: str = PROFILE) -> str:
    return unescape(browser.get(path).get_data(as_text=True))
