"""Text: folding, characters nobody types."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kernel.text import fold, has_control_characters, search_key, within_sentence


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ｔａｎａｋａ", "tanaka"),
        ("STRASSE", "straße"),
        (" Taro ", "taro"),
        ("ﬁne", "FINE"),
        ("İ", "i̇"),
        ("\ufefftanaka\u200b", "tanaka"),
    ],
)
def test_it_folds_two_spellings_to_one_key(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@given(st.text(max_size=40))
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@pytest.mark.parametrize(
    ("one", "other"),
    [("サトウ", "ｻﾄｳ"), ("さとう", "サトウ"), ("ｓａｔｏ", "SATO"), ("山田　太郎", "山田 太郎")],
)
def test_search_takes_widths_cases_and_kana_as_the_same(one: str, other: str) -> None:
    """B-99."""
    assert search_key(one) == search_key(other)


@pytest.mark.parametrize(
    "text", ["a\x00b", "a\x1bb", "a\x7fb", "a\u2028b", "a\u202eb", "a\u2066b", "a\nb", "a\tb"]
)
def test_it_finds_characters_nobody_types(text: str) -> None:
    assert has_control_characters(text)


def test_lines_are_fine_where_lines_are_expected() -> None:
    assert not has_control_characters("a\nb\tc", lines=True)
    assert has_control_characters("a\x00", lines=True)


@pytest.mark.parametrize(
    ("label", "inside"), [("Device", "device"), ("API key", "API key"), ("機器", "機器"), ("", "")]
)
def test_a_label_stands_in_a_sentence_as_words_do(label: str, inside: str) -> None:
    assert within_sentence(label) == inside
