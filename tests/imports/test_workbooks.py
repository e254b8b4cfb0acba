"""Workbooks (files 38 and 39 of the acceptance). It …"""

from __future__ import annotations

import time

import pytest

from app.imports import refusals, workbooks
from tests.imports import books, kept
from tests.imports.books import DAY, ZEROS
from tests.imports.conftest import Reading

PERSON = [books.text(one) for one in ("h", "h@aozora.example.jp", "佐藤", "花子")]


def test_reads_numbers_days_formulas_and_errors(reading: Reading) -> None:
    """File 38: a number is told of once, a formula by its value, an error is one."""
    numbered = [books.number(7, ZEROS), *PERSON[1:]]
    book = books.xlsx(
        s=books.sheet(
            [*books.head(), books.text("利用開始日"), books.text("ふりがな")],
            [*numbered, books.number(46113, DAY), books.formula("A1", "さとう")],
            [*numbered[:3], books.error("#REF!"), books.text(""), books.text("")],
        )
    )
    first, second = reading.rows(book)
    assert (first.values["login_id"], first.values["reading"]) == ("7", "さとう")
    assert [one.code for one in first.warnings] == ["NumberAsText"]
    assert not second.warnings
    assert [(one.line, one.place, one.code) for one in second.problems] == [
        (3, "D given_name", "ErrorInCell")
    ]
    assert reading.table(book).first[0][1][4] == "2026-04-01"


def test_finds_the_sheet_with_the_names(reading: Reading) -> None:
    """File 38: the others can be chosen."""
    other = books.sheet([books.text("売上")], [books.number(1)])
    members = books.sheet([books.text("メンバー一覧")], books.head(), PERSON)
    book = books.xlsx(売上=other, 名簿=members, 旧名簿=members)
    table = reading.table(book)
    assert (table.sheet, table.sheets, table.header) == ("名簿", ("売上", "名簿", "旧名簿"), 2)
    assert reading.table(book, sheet="旧名簿").sheet == "旧名簿"
    with pytest.raises(refusals.NoKnownColumn):
        reading.table(book, sheet="売上")
    with pytest.raises(refusals.NoSuchSheet):
        reading.table(book, sheet="なし")


def test_passes_a_million_empty_rows_over(reading: Reading) -> None:
    """File 38."""
    empty = "".join(f'<row r="{at}"><c r="A{at}" s="2"/></row>' for at in range(3, 1_048_577))
    wide = '<row r="3"><c r="XFD3" s="2"/></row>'
    started = time.monotonic()
    for more in (empty, wide):
        table = reading.table(books.xlsx(s=books.sheet(books.head(), PERSON, more=more)))
        assert (table.size, len(table.headings)) == (1, 4)
    assert time.monotonic() - started < 10


@pytest.mark.parametrize(
    ("data", "refusal"),
    [
        (books.bomb(512 * 2**20), refusals.WorkbookTooLarge),
        (books.bomb(90 * 2**20), refusals.WorkbookTooLarge),
        (books.lying(), refusals.NoWorkbook),
        (books.packed({f"{at}.xml": "" for at in range(2_001)}), refusals.WorkbookTooLarge),
        (kept.PROTECTED, refusals.Protected),
        (books.packed({"a.txt": "no workbook"}), refusals.NoWorkbook),
        (books.xlsx(s=books.sheet(books.head()))[:-200], refusals.NoWorkbook),
        (kept.XLS[:3000], refusals.NoWorkbook),
    ],
)
def test_refuses_what_would_do_harm(
    reading: Reading, data: bytes, refusal: type[refusals.FileRefused]
) -> None:
    """File 39: in two seconds."""
    started = time.monotonic()
    with pytest.raises(refusal):
        reading.table(data)
    assert time.monotonic() - started < 4


def test_refuses_a_sheet_that_is_far_too_wide() -> None:
    """File 39: the process that opens it has so much memory and no more."""
    corner = '<row r="1048576"><c r="XFD1048576" t="str"><v>x</v></c></row>'
    with pytest.raises(refusals.NoWorkbook):
        workbooks.open_workbook(books.xlsx(s=books.sheet(books.head(), PERSON, more=corner)))


@pytest.mark.parametrize(
    "data",
    [
        kept.XLS,
        books.ods(books.HEAD, ["h", "h@x.jp", "佐藤", "花子"]),
        books.xlsx(s=books.sheet(books.head(), PERSON)),
    ],
    ids=["xls", "ods", "xlsx"],
)
def test_reads_each_kind(reading: Reading, data: bytes) -> None:
    """File 39."""
    (row,) = reading.values(data)
    assert (row["login_id"], row["family_name"], row["given_name"]) == ("h", "佐藤", "花子")
