"""docs/translating.md, done as the page says. It …"""

from __future__ import annotations

import re
from pathlib import Path

from flask import Flask

from config import ROOT
from tests.translations.conftest import Speaking

PAGE = (ROOT / "docs" / "translating.md").read_text()
COMMANDS = re.findall(r"^\.venv/bin/flask (translations .+)$", PAGE, re.MULTILINE)


def test_names_every_command_there_is(app: Flask) -> None:
    named = {command.split()[1] for command in COMMANDS}
    assert named == set(app.cli.commands["translations"].commands)  # type: ignore[attr-defined]


def test_leads_to_a_language_that_is_spoken(speaking: Speaking, folder: Path) -> None:
    """The page's commands, in the page's order, then two sentences in the new file."""
    portal = speaking()
    for command in COMMANDS:
        done = portal.test_cli_runner().invoke(args=command.split())
        assert done.exit_code == 0 or "check" in command, f"{command}: {done.output}"
    po = folder / "fr" / "LC_MESSAGES" / "messages.po"
    po.write_text(
        po.read_text().replace(
            'msgid "Sign in"\nmsgstr ""', 'msgid "Sign in"\nmsgstr "Se connecter"'
        )
    )
    page = (
        speaking()
        .test_client()
        .get("/login/", headers={"Accept-Language": "fr-CA"})
        .get_data(as_text=True)
    )
    assert '<html lang="fr"' in page
    assert "Se connecter" in page
    assert "Français" in page


def test_says_what_the_words_are_called(app: Flask) -> None:
    """Each word of the page's glossary stands in the catalogue or in a letter, in both
    languages."""
    said = (ROOT / "translations" / "ja_JP" / "LC_MESSAGES" / "messages.po").read_text()
    rows = re.findall(
        r"^\| ([^|]+) \| ([^|]*[ぁ-龠ァ-ヶ][^|]*) \|", PAGE.partition("| 日本語 |")[2], re.MULTILINE
    )
    assert len(rows) == 12
    for english, japanese in rows:
        for word in re.split(r"[、,;] ?", japanese):
            assert word in said, f"{english}: the portal never says {word}"
