"""T2-35: passwords that would be guessed soon. It …"""

from __future__ import annotations

import time
from threading import Thread

import pytest

from app.demo import service as demo
from app.kernel.i18n import in_language
from app.passwords import policy
from app.passwords.estimator import OWN_WORDS, why_guessable
from app.passwords.hashing import verify_password
from tests.cast import Cast

LONG = {"               ", "qwertyuiopasdfgh", "abcdefgabcdefgabcdefg"}


def refusal(password: str, whose: policy.About = policy.About()) -> str:
    name = "LENGTH" if password in LONG else "CLASSIC"
    with pytest.raises(policy.WeakPassword) as refused:
        policy.ensure(password, policy.POLICIES[policy.PasswordPolicyName[name]], whose)
    return str(refused.value)


@pytest.mark.parametrize(
    "password",
    [
        "Aa123456!",
        "Company123!",
        "Aaaaaaa1!",
        "Abc123!@#",
        "Meibo-demo-2026",
        "MEIBO-demo-2026",
        *sorted(LONG),
    ],
)
def test_refuses_what_is_guessed_soon_and_says_why(password: str) -> None:
    """T2-35"""
    said = refusal(password)
    assert "guess" in said
    assert "The password needs" not in said, "nothing else is wrong with it"


@pytest.mark.parametrize(
    "password",
    ["Vk9!xQzt", "Violet-Kettle-92", "Correct-Horse-7"],
)
def test_takes_what_is_not(password: str, cast: Cast) -> None:
    """T2-35"""
    rules = policy.POLICIES[policy.PasswordPolicyName.CLASSIC]
    policy.ensure(password, rules, policy.about(cast.tanaka))


def test_counts_the_words_of_the_person_and_the_organization(cast: Cast) -> None:
    """T2-35: what is hard for others to guess is easy for whoever knows the people."""
    assert not why_guessable("Tanaka1!Aozora")
    said = refusal("Tanaka1!Aozora", policy.about(cast.tanaka))
    assert said == (
        "This is mostly your own name or login ID, or a name of the organization, so it is easy to"
        " guess. Choose another password."
    )


def test_counts_names_of_three_letters_and_no_shorter_ones() -> None:
    assert why_guessable("Kim19!Kim84!", ["Kim"]) == OWN_WORDS
    assert why_guessable("Ai19!Ai84!xQ", ["Ai"]) != OWN_WORDS


def test_keeps_one_person_s_words_from_another_s() -> None:
    """T2-35: zxcvbn's own door keeps them in a list that all threads share."""
    wrong: list[object] = []

    def estimate(words: list[str], *, guessable: bool) -> None:
        for _ in range(40):
            if bool(why_guessable("zyxomabrik", words)) is not guessable:
                wrong.append(words)

    threads = [
        Thread(target=estimate, args=(["zyxomabrik"],), kwargs={"guessable": True}),
        Thread(target=estimate, args=([],), kwargs={"guessable": False}),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


@pytest.mark.parametrize("unit", ["a", "aA1!", "4$@oi0", "1999-12-31", "password", "qazwsx"])
def test_is_done_in_a_moment_however_long_the_password(unit: str) -> None:
    """T2-35"""
    began = time.monotonic()
    why_guessable((unit * 255)[:255])
    assert time.monotonic() - began < 1


def test_looks_at_the_end_of_a_long_password_too() -> None:
    """T2-35: a poor beginning does not make a good end worse."""
    assert why_guessable("a" * 100)
    assert not why_guessable("a" * 100 + "kUx7 vet moq lorp 29 ygg")


def test_gives_the_reason_in_japanese(app: object) -> None:
    """T2-35"""
    with in_language("ja_JP"):
        said = refusal("Aa123456!")
    assert said == (
        "多くの人が使っているパスワード、またはそれに似たパスワードです。推測されにくいものに変えて"
        "ください。"
    )


def test_leaves_the_demo_its_own(app: object, now: object) -> None:
    """T2-35: everybody of the demo signs in with a password that nobody may choose."""
    assert demo.PASSWORD == "Meibo-demo-2026"
    from app.passwords.hashing import hash_password

    assert verify_password(hash_password(demo.PASSWORD), demo.PASSWORD)
    assert "guess" in refusal(demo.PASSWORD)
