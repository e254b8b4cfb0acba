"""How passwords are kept. It …"""

from __future__ import annotations

import pytest
from argon2 import PasswordHasher, Type, extract_parameters
from hypothesis import given, settings
from hypothesis import strategies as some
from werkzeug.security import generate_password_hash

from app.passwords.hashing import hash_password, is_outdated, verify_password

PASSWORD = "Violet-Kettle-92"
pytestmark = pytest.mark.usefixtures("full_work")


def test_is_argon2id_as_owasp_wants_it() -> None:
    found = extract_parameters(hash_password(PASSWORD))
    assert found.type is Type.ID
    assert (found.memory_cost, found.time_cost, found.parallelism) == (19 * 1024, 2, 1)
    assert found.salt_len >= 16
    assert found.hash_len >= 32


def test_is_salted() -> None:
    assert hash_password(PASSWORD) != hash_password(PASSWORD)


@settings(max_examples=10, deadline=None)
@given(password=some.text(some.characters(codec="utf-8"), min_size=1, max_size=255))
def test_takes_the_password_and_no_other(password: str) -> None:
    hashed = hash_password(password)
    assert verify_password(hashed, password)
    assert not verify_password(hashed, password + "x")
    assert not verify_password(hashed, password[:-1])


@pytest.mark.parametrize(
    ("chosen", "typed"),
    [
        ("がんばる-2026-かえる", "がんばる-2026-かえる"),
        ("Violet-Kettle-92", "Ｖｉｏｌｅｔ-Ｋｅｔｔｌｅ-92"),
    ],
)
def test_takes_it_however_the_keyboard_writes_it(chosen: str, typed: str) -> None:
    assert verify_password(hash_password(chosen), typed)


@pytest.mark.parametrize("hashed", [None, "", "nonsense", "$argon2id$nonsense", "pbkdf2:sha256"])
def test_lets_nobody_in_where_there_is_no_hash(hashed: str | None) -> None:
    assert not verify_password(hashed, PASSWORD)
    assert not verify_password(hashed, "")


@pytest.mark.parametrize("method", ["scrypt", "pbkdf2:sha256:1000"])
def test_still_reads_the_hashes_of_flask_appbuilder(method: str) -> None:
    older = generate_password_hash(PASSWORD, method=method)
    assert verify_password(older, PASSWORD)
    assert not verify_password(older, "another")
    assert is_outdated(older)


def test_knows_which_hashes_are_out_of_date() -> None:
    assert not is_outdated(hash_password(PASSWORD))
    assert is_outdated(PasswordHasher(time_cost=1, memory_cost=8192, parallelism=1).hash(PASSWORD))
