"""Pasting: what a pasted list holds, by the table that the browser's script is held to as well
(tests/browser/test_pasting.py).
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.invites.addresses import NoAddress, problems_of, read
from app.kernel.pasting import pieces_of

TABLE: list[dict[str, Any]] = json.loads(Path(__file__).with_name("pasted.json").read_text())
SIGNS = st.sampled_from([*'ab@.,;、\t\n <>"“”()［：？', "a@b.example", "mailto:", "\u200b", "。"])


@pytest.mark.parametrize("line", TABLE, ids=lambda line: line["pasted"][:40])
def test_it_reads_the_addresses_of_a_pasted_list(line: dict[str, Any]) -> None:
    """S1-11, B-25, T2-12, T2-13, D-C15"""
    try:
        found = read(line["pasted"])
    except NoAddress:
        found = []
    assert found == line["read"]
    assert [one.address for one in problems_of(found)] == line["wrong"]


@pytest.mark.parametrize(
    "pasted",
    [
        "a@example.com, b@example.com",
        "a@example.com\nb@example.com",
        "a@example.com;b@example.com",
        "a@example.com、b@example.com",
        'Taro <a@example.com>, "Hana" <b@example.com>',
        "a＠example.com，b＠example.com",
        "a@example.com b@example.com",
        "ａ@example.com\r\n\tb@example.com\n",
        "山田 太郎＜a@example.com＞\n佐藤 <b@example.com>",
    ],
)
def test_it_splits_addresses_pasted_in_any_form(pasted: str) -> None:
    """S1-11, B-25"""
    assert pieces_of(pasted) == ["a@example.com", "b@example.com"]


@given(st.lists(SIGNS, max_size=30).map("".join) | st.text(max_size=200))
def test_it_reads_what_it_has_read_the_same_way_again(text: str) -> None:
    """The browser's script writes back what it has read, and the server reads that."""
    once = pieces_of(text)
    assert pieces_of("\n".join(once)) == once
