"""What holds for every file (the properties of the acceptance). It …"""

from __future__ import annotations

import csv
from contextlib import suppress
from io import StringIO
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.exchange.writing import cell
from app.imports import splitting
from app.imports.columns import BY_KEY
from app.imports.decoding import decode
from app.imports.headers import known_among
from app.imports.refusals import FileRefused
from app.imports.vocabulary import Vocabulary, vocabulary_of
from app.models import MemberType
from tests import factories
from tests.imports.conftest import Reading

quietly = settings(
    deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc", "Cf", "Co", "Cn", "Zl", "Zp"]))
JAPANESE = st.text(
    st.sampled_from("佐藤花子髙﨑①Ⅱ～－ｻﾄｳ ﾀﾀﾞｼあアabc,;|\"'@.=+-\t"), min_size=1, max_size=12
)


@quietly
@given(data=st.binary(max_size=2000))
def test_random_bytes_are_read_or_refused(reading: Reading, data: bytes) -> None:
    with suppress(FileRefused):
        reading.rows(data)


@quietly
@given(data=st.binary(max_size=300))
def test_random_bytes_below_a_header_too(reading: Reading, data: bytes) -> None:
    for head in (b"login_id,email,name\r\n", "ログインID,氏名\r\n".encode("cp932")):
        with suppress(FileRefused):
            reading.rows(head + data)


@quietly
@given(
    rows=st.lists(st.tuples(JAPANESE, JAPANESE, JAPANESE), min_size=1, max_size=4),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp932", "euc_jp", "iso2022_jp"]),
    delimiter=st.sampled_from([",", "\t", ";", "|"]),
    end=st.sampled_from(["\r\n", "\n", "\r"]),
)
def test_what_was_written_is_read(
    reading: Reading, rows: list[tuple[str, ...]], encoding: str, delimiter: str, end: str
) -> None:
    """In each encoding that can hold it, under a Japanese header."""
    out = StringIO(newline="")
    written = [("ログインID", "姓", "名"), *rows]
    csv.writer(out, delimiter=delimiter, lineterminator=end, quoting=csv.QUOTE_ALL).writerows(
        written
    )
    try:
        data = out.getvalue().encode(encoding)
    except UnicodeEncodeError:
        return
    found = decode(data, lambda text: splitting.known_in(text, known_among))
    layout = splitting.layout(found.text, known_among)
    kept = [row for row in rows if "".join(row).strip(" \t\u3000")]
    lines = [tuple(cells) for _line, cells in splitting.records(found.text, layout.delimiter)]
    assert lines[1:] == kept


def read_back(key: str, value: Any, words: Vocabulary, separator: str = " ") -> Any:
    return BY_KEY[key].value_of(cell(value, separator), words)


@quietly
@given(text=TEXT)
@pytest.mark.parametrize("key", ["family_name", "given_name", "latin_name", "suspended_reason"])
def test_a_text_is_read_as_the_export_writes_it(reading: Reading, key: str, text: str) -> None:
    kept = BY_KEY[key].read(text.strip(), Vocabulary({}, {}, {}, {}, {}))
    if kept and kept == kept.strip(" \xa0\u3000") and not kept.startswith(("(", "（")):
        assert read_back(key, kept, Vocabulary({}, {}, {}, {}, {})) == kept


@pytest.mark.parametrize("text", ["=1", "'=1", "''=1", "＝1", "'", "''", "-", "@a", '="001"', "'a"])
def test_an_apostrophe_is_taken_off_as_often_as_it_is_put_before(text: str) -> None:
    """File 29: today's =1 and '=1 stay two names."""
    assert read_back("family_name", text, Vocabulary({}, {}, {}, {}, {})) == text


NAMES = ["=1", "'=1", 'Ops; Night, "A"', "a；b", '=1; "b"', "営業\t部", "'\"x", "-"]


@quietly
@given(names=st.lists(st.sampled_from(NAMES), unique=True))
def test_roles_are_read_as_the_export_writes_them(reading: Reading, names: list[str]) -> None:
    """T2-17."""
    words = Vocabulary({name.casefold().replace("；", ";"): name for name in NAMES}, {}, {}, {}, {})  # type: ignore[misc]
    assert (read_back("roles", names, words, "; ") or ()) == tuple(names)


def test_every_other_value_too(reading: Reading) -> None:
    words = vocabulary_of(reading.organization)
    factories.role(reading.organization, "=1")
    for key, values in {
        "id": [1, 2**40],
        "type": list(MemberType),
        "language": ["en", "ja_JP"],
        "two_factor": [True, False],
        "notifications": [True, False],
        "state": ["active", "suspended"],
        "authorities": [frozenset({"user_viewer"}), frozenset({"user_viewer", "member_manager"})],
    }.items():
        for value in values:
            written = sorted(value) if isinstance(value, frozenset) else value
            assert read_back(key, written, words) == value
