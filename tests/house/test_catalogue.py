"""The repository's catalogue is complete: every sentence of the code is there in every language,
with the same words in it.

Here: the catalogue as it is committed. Not here: what the commands do (tests/translations).
"""

from __future__ import annotations

from pathlib import Path

import pytest
from babel.messages.catalog import Catalog

from app.i18n import catalogue
from config import ROOT

FOLDER = ROOT / "translations"
LANGUAGES = catalogue.languages(FOLDER)


@pytest.fixture(scope="module")
def sentences() -> Catalog:
    return catalogue.extract(ROOT)


def test_japanese_is_there() -> None:
    assert "ja_JP" in [po.parents[1].name for po in LANGUAGES]


@pytest.mark.parametrize("po", LANGUAGES, ids=lambda po: po.parents[1].name)
def test_every_sentence_is_translated_with_the_same_words(po: Path, sentences: Catalog) -> None:
    found = list(catalogue.complaints(po, sentences))
    assert not found, (
        f"run `flask translations update`, then mend {po.relative_to(ROOT)}:\n" + "\n".join(found)
    )


def test_the_template_lists_what_the_code_says(sentences: Catalog) -> None:
    listed = {message.id for message in catalogue.read(FOLDER / "messages.pot") if message.id}
    said = {message.id for message in sentences if message.id}
    assert listed == said, (
        "run `flask translations update`: messages.pot differs in"
        f" {sorted(map(str, listed ^ said))[:5]}"
    )
