"""What stands in a cell (files 20 to 27 of the acceptance). It …"""

from __future__ import annotations

import pytest

from app.extensions import db
from app.imports.refusals import HeaderTwice, OpenQuote
from tests import factories
from tests.cast import Cast
from tests.imports.conftest import E, H, R, Reading


@pytest.mark.parametrize("cell", ['="001"', '"=""001"""', "'001", "001"])
def test_keeps_leading_zeros(reading: Reading, cell: str) -> None:
    """File 20; an apostrophe that guards nothing stays."""
    (row,) = reading.values((H + f"{cell},a@aozora.example.jp,山田,一,\r\n").encode())
    assert row["login_id"] == ("'001" if cell == "'001" else "001")


def test_names_a_line_break_and_counts_on(reading: Reading) -> None:
    """File 21."""
    first, second = reading.rows((H + 'h,h@aozora.example.jp,"佐\n藤",花子,\r\n' + R).encode())
    assert [(one.line, one.place, one.code) for one in first.problems] == [(2, "C 姓", "LineBreak")]
    assert (second.line, second.problems) == (4, [])


@pytest.mark.parametrize("more", [R * 200, R * 3, ""])
def test_names_a_quotation_mark_that_stays_open(reading: Reading, more: str) -> None:
    """File 22."""
    with pytest.raises(OpenQuote, match="line 2"):
        reading.rows((H + 'h,h@aozora.example.jp,"佐藤,花子,\r\n' + more + "x\r\n").encode())


def test_narrows_full_width_identifiers(reading: Reading) -> None:
    """File 23."""
    cells = "ｈａｎａｋｏ,ｈａｎａｋｏ＠ａｏｚｏｒａ．ｅｘａｍｐｌｅ．ｊｐ,佐藤,花子,\r\n"
    (row,) = reading.values((H + cells).encode())
    assert (row["login_id"], row["email"]) == ("hanako", "hanako@aozora.example.jp")


def test_splits_whole_names(reading: Reading) -> None:
    """File 24."""
    text = (
        "氏名,ログインID,メール\r\n佐藤　花子,a,a@x.jp\r\n佐藤花子,b,b@x.jp\r\n"
        "Taro Tanaka,c,c@x.jp\r\n"
        '"Tanaka, Ichiro",d,d@x.jp\r\n'
    )
    rows = reading.rows(text.encode())
    assert [(row.values["family_name"], row.values["given_name"]) for row in rows] == [
        ("佐藤", "花子"),
        ("佐藤花子", ""),
        ("Tanaka", "Taro"),
        ("Tanaka", "Ichiro"),
    ]
    assert [[one.code for one in row.warnings] for row in rows] == [[], ["NotSplit"], [], []]


@pytest.mark.parametrize(
    ("cell", "names"),
    [
        ("Editor；閲覧者", ["Editor", "Viewer"]),
        ("editor", ["Editor"]),
        ('"""Ops; Night, """"A"""""""', ['Ops; Night, "A"']),
        ('"編集者\n閲覧者"', ["Editor", "Viewer"]),
    ],
)
def test_reads_roles_by_any_name(reading: Reading, cast: Cast, cell: str, names: list[str]) -> None:
    """File 26, T2-17: a name that holds a separator is one name."""
    factories.role(cast.aozora, 'Ops; Night, "A"')
    db.session.commit()
    (row,) = reading.values((H + f"h,h@aozora.example.jp,佐藤,花子,{cell}\r\n").encode())
    assert row["roles"] == names


def test_offers_the_role_that_was_meant(reading: Reading) -> None:
    """File 26."""
    (row,) = reading.rows((H + "h,h@aozora.example.jp,佐藤,花子,Edtor\r\n").encode())
    (problem,) = row.problems
    assert problem.sentence == "There is no role “Edtor”. Did you mean “Editor”?"


def test_asks_what_an_unknown_column_is(reading: Reading) -> None:
    """File 27: nothing is ignored silently."""
    data = f"{E},wombat\r\nh,h@x.jp,佐藤,花子,x\r\n".encode()
    assert [one.place for one in reading.table(data).questions] == ["E wombat"]
    answered = reading.table(data, columns={"wombat": "-"})
    assert (answered.questions, len(answered.columns)) == ((), 4)
    (row,) = reading.values(data, columns={"E": "reading"})
    assert row["reading"] == "x"
    assert not reading.table(data.replace(b",x\r", b",\r")).questions


def test_asks_what_a_cell_beyond_the_header_is(reading: Reading) -> None:
    data = f"{E}\r\nh,h@x.jp,佐藤,花子,x\r\n".encode()
    assert [one.place for one in reading.table(data).questions] == ["E"]


def test_refuses_two_columns_of_one_meaning(reading: Reading) -> None:
    """File 27."""
    for head in ("姓,姓", "姓,氏名", "セイ,フリガナ"):
        with pytest.raises(HeaderTwice, match="A and B"):
            reading.table(f"{head}\r\n佐藤,花子\r\n".encode())


def test_marks_what_looks_damaged(reading: Reading) -> None:
    text = f"{E}\r\nh,h@x.jp,佐〓,?\r\n1.23E+11,i@x.jp,ä½è¤,b\r\n"
    first, second = reading.rows(text.encode())
    assert [one.code for one in first.warnings] == ["MaybeDamaged", "MaybeDamaged"]
    assert [one.code for one in second.warnings] == ["Rounded", "Mojibake"]


def test_clears_what_may_be_empty(reading: Reading) -> None:
    """File 30: a blank cell leaves what is there."""
    text = f"{E},reading,roles\r\nh,(blank),佐藤,,（空欄）,（空欄）\r\n"
    (row,) = reading.rows(text.encode())
    assert row.values == {"login_id": "h", "family_name": "佐藤", "reading": "", "roles": ()}
    assert [(one.column, one.code) for one in row.problems] == [("email", "CannotBeEmptied")]
