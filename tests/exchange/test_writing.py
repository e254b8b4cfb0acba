"""CSV and JSON as they are written. It …"""

from __future__ import annotations

import csv
import json
from datetime import UTC, datetime, timedelta, timezone
from io import StringIO
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.exchange.columns import Column
from app.exchange.writing import as_csv, as_json, quoted, safe
from app.models import MemberType

COLUMNS = (Column("name", "Name", str), Column("roles", "Roles", list, "; "))
TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))


def written(*rows: list[Any]) -> str:
    return "".join(as_csv(COLUMNS, [rows]))


def cells(text: str) -> list[list[str]]:
    return list(csv.reader(StringIO(text.removeprefix("\ufeff"), newline="")))


def test_begins_with_a_bom_and_the_keys() -> None:
    """B-04: Excel reads it as UTF-8."""
    assert written().encode() == b"\xef\xbb\xbfname,roles\r\n"


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        (None, ""),
        (True, "true"),
        (False, "false"),
        (7, "7"),
        ("", ""),
        (MemberType.POWER, "power"),
        ("株式会社", "株式会社"),
        ([], ""),
        (datetime(2026, 11, 21, 1, 0, 59, 999, tzinfo=UTC), "2026-11-21T01:00:59Z"),
        (datetime(2026, 11, 21, 1, 0, tzinfo=timezone(timedelta(hours=9))), "2026-11-20T16:00:00Z"),
        ({"type": ["general", "power"]}, '{"type": ["general", "power"]}'),
        ('say "a, b"\nor c', 'say "a, b"\nor c'),
    ],
)
def test_writes_raw_values(value: Any, cell: str) -> None:
    """S3-25, B-98: words of enums, ISO 8601 in UTC, nothing translated."""
    assert cells(written([value, []]))[1] == [cell, ""]


def test_separates_several_values_in_one_cell() -> None:
    assert cells(written(["Emma", ["Viewer", "Night shift"]]))[1] == ["Emma", "Viewer; Night shift"]


def test_quotes_a_name_that_holds_a_separator() -> None:
    """T2-17: roles of before may be called so."""
    names = ["Viewer", 'Ops; Night, "A"']
    cell = 'Viewer; "Ops; Night, ""A"""'
    assert cells(written(["Emma", names]))[1] == ["Emma", cell]
    assert next(csv.reader([cell], delimiter=";", skipinitialspace=True)) == names


@pytest.mark.parametrize(
    "start",
    [
        *"=+-@＝＋－＠\t\r\n",
        *(before + sign for before in (" ", "\n", "\u3000", "\u00a0") for sign in "=+-@＝＋－＠"),
    ],
)
def test_puts_an_apostrophe_before_what_would_be_calculated(start: str) -> None:
    """B-46."""
    formula = f'{start}HYPERLINK("https://x.example")'
    in_list = formula.replace('"', '""')
    assert cells(written([formula, [formula]]))[1] == [f"'{formula}", f'\'"{in_list}"']


@given(TEXT, st.lists(TEXT, max_size=3))
def test_reads_back_as_it_was_and_never_as_a_formula(name: str, roles: list[str]) -> None:
    """B-46."""
    [_head, row] = cells(written([name, roles]))
    for cell, value in zip(row, (name, "; ".join(map(quoted, roles))), strict=True):
        assert cell in (value, f"'{value}")
        assert not cell.strip().startswith(tuple("=+-@＝＋－＠")), cell
        assert not cell.startswith(("\t", "\r", "\n"))


NEAR_FORMULAS = st.text("'=+-@＝ \n\u3000a1", max_size=6)


@given(st.one_of(TEXT, NEAR_FORMULAS))
@settings(max_examples=2_000)
def test_can_be_read_back(text: str) -> None:
    """T2-101: whoever reads the file takes an apostrophe off exactly where one was written."""
    cell = safe(text)
    assert cell.removeprefix("'" if safe(cell[1:]) == cell else "") == text


@given(NEAR_FORMULAS)
def test_leaves_the_rest_alone(text: str) -> None:
    bare = text.lstrip("'")
    calculated = bare.startswith("\n") or bare.lstrip().startswith(tuple("=+-@＝＋－＠"))
    assert safe(text) == (f"'{text}" if calculated else text)


@given(st.lists(st.lists(st.tuples(TEXT, st.lists(TEXT, max_size=2)), max_size=3), max_size=3))
def test_writes_an_array_of_objects_however_the_batches_fall(
    batches: list[list[tuple[str, list[str]]]],
) -> None:
    """S3-23: JSON holds lists as lists, and no apostrophes."""
    text = "".join(as_json(COLUMNS, batches))
    assert json.loads(text) == [
        {"name": name, "roles": roles} for rows in batches for name, roles in rows
    ]


def test_writes_a_row_to_a_line() -> None:
    assert "".join(as_json(COLUMNS, [[["田中", []]], [["a", ["b"]]]])).splitlines() == [
        "[",
        '{"name": "田中", "roles": []},',
        '{"name": "a", "roles": ["b"]}',
        "]",
    ]
