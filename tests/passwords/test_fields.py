"""Fields for passwords. They …"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from app.extensions import db
from app.models import Account, FirstLogin, LinkPurpose
from app.passwords import links
from tests.cast import Cast
from tests.conftest import PortalClient

As = Callable[[Account], PortalClient]
ROOT = Path(__file__).resolve().parents[2]
FIELD = re.compile(r"<input[^>]*name=\"[^\"]*password[^\"]*\"[^>]*>")


def page(who: str, cast: Cast, as_: As, client: PortalClient, now: datetime) -> str:
    if who == "link":
        link = links.new_link(cast.smith, LinkPurpose.FORGOTTEN, now=now)
        db.session.commit()
        return client.get(f"/password/set/{link}").get_data(as_text=True)
    cast.aozora.first_login = FirstLogin.PASSWORD
    browser = as_(cast.tanaka) if who in {"/password/change/", "/o/aozora/members/add"} else client
    return browser.get(who).get_data(as_text=True)


@pytest.mark.parametrize("who", ["/login/", "/password/change/", "link", "/o/aozora/members/add"])
def test_hide_what_is_typed_and_say_to_password_managers_what_they_are(
    cast: Cast, as_: As, client: PortalClient, now: datetime, who: str
) -> None:
    """ASVS 6.2.6, 6.2.7."""
    fields = FIELD.findall(page(who, cast, as_, client, now))
    assert fields
    for field in fields:
        assert 'type="password"' in field
        assert re.search(r'autocomplete="(?:current|new)-password"', field)
        assert not re.search(r"readonly|onpaste|oncopy", field)
        assert int((re.findall(r'maxlength="(\d+)"', field) or [1000])[0]) > 255, (
            "what is too long is refused, never cut"
        )


def test_take_what_is_pasted() -> None:
    """ASVS 6.2.7: what listens to pasting are the fields for addresses."""
    for script in (ROOT / "app" / "static" / "js").glob("*.js"):
        for line in script.read_text().splitlines():
            assert not ("paste" in line and "assword" in line), line


def test_there_is_no_hint_and_no_secret_question() -> None:
    """ASVS 6.4.2."""
    for words in (
        " ".join(column.name for column in Account.__table__.columns),
        (ROOT / "translations" / "messages.pot").read_text(),
    ):
        assert not re.search(
            r"password hint|secret question|security question|secret_answer|hint_|_hint\b",
            words,
            re.IGNORECASE,
        )
