"""Passwords that many people use. It …"""

from __future__ import annotations

import pytest

from app.passwords.blocklist import is_common


@pytest.mark.parametrize(
    "password",
    [
        "password",
        "PASSWORD",
        "Password1!",
        "P@ssw0rd",
        "P@ssw0rd!",
        "Passw0rd123!",
        "qwertyuiop",
        "Qwerty123!",
        "letmein",
        "iloveyou1!",
        "Welcome1!",
        "12345678",
        "87654321",
        "abcdefgh",
        "aaaaaaaa",
        "Ａｂｃｄｅｆｇｈ",
        "abcabcabcabc",
        "passwordpassword",
        "1234567890123456",
        "!!Dragon99!!",
        "dragon482917",
    ],
)
def test_knows_a_common_password_in_disguise(password: str) -> None:
    assert is_common(password)


@pytest.mark.parametrize(
    "password",
    [
        "Violet-Kettle-92",
        "Correct-Horse-7",
        "xQzt4!kv",
        "dragon4829173",
        "acegikmoqsuw",
        "むらさきのやかん",
        "correct horse battery staple",
    ],
)
def test_leaves_the_others_alone(password: str) -> None:
    assert not is_common(password)


@pytest.mark.parametrize(
    "password",
    ["aozora", "Aozora-2026", "4ozor4!!", "株式会社あおぞら", "あおぞら株式会社あおぞら"],
)
def test_knows_names_in_disguise(password: str) -> None:
    assert is_common(password, ["aozora", "株式会社あおぞら", "あおぞら株式会社あおぞら"])


def test_takes_a_name_within_other_words() -> None:
    assert not is_common("seven-tanaka-lamps-84", ["tanaka"])


def test_ignores_names_too_short_to_say_anything() -> None:
    assert not is_common("Ai-Violet-Kettle", ["ai", ""])
