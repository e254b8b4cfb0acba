"""How a file of members is read, whoever wrote it (files 1 to 19 of the acceptance). It …"""

from __future__ import annotations

import pytest

from tests.imports.conftest import E, H, R, Reading, j

HANAKO = {
    "login_id": "hanako",
    "email": "hanako@aozora.example.jp",
    "family_name": "佐藤",
    "given_name": "花子",
    "roles": ["Viewer"],
}
TABS = (H + R).replace(",", "\t")


@pytest.mark.parametrize(
    ("data", "encoding", "delimiter"),
    [
        ((H + R).encode("utf-8-sig"), "UTF-8", ","),
        (j(H + R), "Shift_JIS", ","),
        (TABS.encode("utf-16"), "UTF-16", "\t"),
        (TABS.encode("utf-16-le"), "UTF-16", "\t"),
        (TABS.encode("utf-16-be"), "UTF-16", "\t"),
        ((H + R).encode("euc_jp"), "EUC-JP", ","),
        ((H + R).encode("iso2022_jp"), "JIS (ISO-2022-JP)", ","),
        ((H + R).replace("\r\n", "\r").encode(), "UTF-8", ","),
        (("sep=;\r\n" + (H + R).replace(",", ";")).encode("utf-8-sig"), "UTF-8", ";"),
        (("Login ID,メールアドレス,FAMILY NAME,名 *,役割\r\n" + R).encode(), "UTF-8", ","),
    ],
    ids=["1", "2", "3", "4", "4 big-endian", "5", "6", "10", "11", "12"],
)
def test_reads_the_same_row_from_each(
    reading: Reading, data: bytes, encoding: str, delimiter: str
) -> None:
    """Files 1 to 6, 10 to 12."""
    table = reading.table(data)
    assert (table.encoding_label, table.delimiter, table.size) == (encoding, delimiter, 1)
    assert reading.values(data) == [HANAKO]


def test_keeps_the_characters_of_windows(reading: Reading) -> None:
    """File 7."""
    (row,) = reading.values(j(H + "taka,taka@aozora.example.jp,髙﨑,①郎Ⅱ,\r\n"))
    assert (row["family_name"], row["given_name"]) == ("髙﨑", "①郎Ⅱ")


def test_keeps_wave_and_dash_and_widens_half_width_readings(reading: Reading) -> None:
    """File 8."""
    (row,) = reading.values(j(f"{E},reading\r\nw,w@aozora.example.jp,波～,－,ｻﾄｳ ﾀﾀﾞｼ\r\n"))
    assert (row["family_name"], row["given_name"]) == ("波\uff5e", "\uff0d")
    assert row["reading"] == "サトウ タダシ"


def test_reads_western_windows(reading: Reading) -> None:
    """File 9."""
    text = E.replace(",", ";") + "\r\nmuller;m@aozora.example.jp;Müller;Zoë\r\n"
    (row,) = reading.values(text.encode("cp1252"))
    assert (row["family_name"], row["given_name"]) == ("Müller", "Zoë")


def test_passes_titles_and_blank_lines_over(reading: Reading) -> None:
    """File 13."""
    text = "メンバー一覧,,,,\r\n2026年4月1日,,,,\r\n" + H + R + ",,,,\r\n \t\r\n\x1a"
    table = reading.table(text.encode())
    assert (table.header, table.has_titles, table.size) == (3, True, 1)
    assert [(row.line, row.problems) for row in reading.rows(text.encode())] == [(4, [])]


def test_names_the_cell_that_does_not_fit(reading: Reading) -> None:
    """File 14."""
    (row,) = reading.rows(j(H) + b"h,h@aozora.example.jp,\x81\r\n")
    (problem,) = row.problems
    assert (problem.line, problem.place, problem.code) == (2, "C 姓", "Unreadable")
    assert "Shift_JIS" in problem.sentence


def test_knows_half_width_headers(reading: Reading) -> None:
    """File 15."""
    (row,) = reading.values(
        j("ﾌﾘｶﾞﾅ,姓,名,メール,ログイン名\r\nｻﾄｳ ﾊﾅｺ,佐藤,花子,h@aozora.example.jp,h\r\n")
    )
    assert (row["reading"], row["login_id"]) == ("サトウ ハナコ", "h")


def test_refuses_user_defined_characters(reading: Reading) -> None:
    """File 16."""
    (row,) = reading.rows(j(H) + b"gai,g@aozora.example.jp,\xf0\x40,\x96\xbc,\r\n")
    assert [(one.place, one.code) for one in row.problems] == [("C 姓", "UserDefined")]


def test_takes_half_width_kana_under_latin_headers_for_windows(reading: Reading) -> None:
    """Files 17 and 18: right after the override."""
    head = f"{E}\r\nh,h@aozora.example.jp,".encode()
    (row,) = reading.values(head + b"\xbb\xc4\xb3,\xca\xc5\xba\r\n")
    assert (row["family_name"], row["given_name"]) == ("ｻﾄｳ", "ﾊﾅｺ")
    lines = "".join(f"{one},{one}@aozora.example.jp,ｻﾄｳ,ﾊﾅｺ\r\n" for one in "hij")
    data = f"{E}\r\n{lines}".encode("euc_jp")
    assert reading.values(data)[0]["family_name"] == "悉柴宍"
    assert reading.values(data, encoding="euc_jp")[0]["family_name"] == "ｻﾄｳ"


def test_names_the_line_in_another_encoding(reading: Reading) -> None:
    """File 19."""
    data = (H + R).encode() + j("jiro,jiro@aozora.example.jp,鈴木,二郎,\r\n")
    first, second = reading.rows(data)
    assert not first.problems
    assert [(one.line, one.code) for one in second.problems] == [(3, "OtherEncoding")]
