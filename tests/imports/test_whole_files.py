"""Files that cannot be read at all (files 28 and 40 of the acceptance). It …"""

from __future__ import annotations

import pytest

from app.imports import refusals
from app.imports.refusals import FileRefused
from tests.imports.conftest import E, H, R, Reading

TEMPLATE = (H).encode("utf-8-sig")


@pytest.mark.parametrize(
    ("data", "refusal"),
    [
        (TEMPLATE, refusals.NoRows),
        (TEMPLATE + b"\r\n,,,,\r\n", refusals.NoRows),
        (b"", refusals.EmptyFile),
        (b"\xef\xbb\xbf \r\n", refusals.EmptyFile),
        (b"%PDF-1.7\n1 0 obj", refusals.NotATable),
        (b"\xef\xbb\xbf\r\n<html><table><tr><td>login_id", refusals.NotATable),
        (b"bplist00\xd1", refusals.NotATable),
        (b"apple,pear\r\n1,2\r\n", refusals.NoKnownColumn),
        (b"PK\x03\x04 and no more", refusals.NoWorkbook),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, refusals.NoWorkbook),
        (f"{E}\r\n".encode() + b"\n".join([b"a,b,c,d"] * 100_001), refusals.TooManyRows),
        (b"login_id," + b"x" * (20 * 1024 * 1024 - 8), refusals.FileTooLarge),
        (f"{E},{',x' * 197}\r\na,b\r\n".encode(), refusals.TooManyColumns),
        (f"{E}\r\na,b{',x' * 199}\r\n".encode(), refusals.TooManyColumns),
    ],
)
def test_says_one_plain_sentence(reading: Reading, data: bytes, refusal: type[FileRefused]) -> None:
    """Files 28 and 40."""
    with pytest.raises(refusal) as caught:
        reading.table(data)
    assert str(caught.value).endswith(".")
    assert "%" not in str(caught.value)


def test_reads_up_to_the_limits(reading: Reading) -> None:
    data = f"{E}\r\n".encode() + b"\n".join([b"a,b,c,d"] * 100_000)
    assert reading.table(data).size == 100_000
    padding = b"x" * (20 * 1024 * 1024 - len((H + R).encode()))
    assert reading.table((H + R).encode() + padding).size == 2


def test_names_the_cell_that_is_too_long(reading: Reading) -> None:
    """File 40: 200,000 characters."""
    (row,) = reading.rows(f"{E}\r\nh,h@x.jp,{'あ' * 200_000},花子\r\n".encode())
    (problem,) = row.problems
    assert (problem.column, problem.code, len(problem.value)) == ("family_name", "CellTooLong", 80)
