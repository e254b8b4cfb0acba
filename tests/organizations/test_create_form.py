"""The form of a new organization. It …"""

from __future__ import annotations

import re

from tests.cast import Cast
from tests.organizations.test_create import ADD, TYPED, As


def chosen(page: str) -> list[str]:
    """The language that is chosen in the form of a page."""
    languages = page.partition('name="language"')[2].partition("</select>")[0]
    options = re.findall(r"<option([^>]*)>", languages)
    return [re.findall(r'value="?(\w+)', option)[0] for option in options if "selected" in option]


def test_begins_in_the_readers_language_and_takes_none_for_granted(cast: Cast, as_: As) -> None:
    root = as_(cast.root)
    cast.root.language = "ja_JP"
    assert chosen(root.get(ADD).get_data(as_text=True)) == ["ja_JP"]
    kept = root.submit(ADD, TYPED | {"language": "en", "code": "組織"})
    assert chosen(kept.get_data(as_text=True)) == ["en"], "what was typed stays"
    left_out = {key: value for key, value in TYPED.items() if key != "language"}
    assert root.submit(ADD, left_out).status_code == 422
