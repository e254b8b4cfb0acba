"""What a password must be. It …"""

from __future__ import annotations

import json
import re
import string

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as some

from app.kernel.text import has_control_characters
from app.models import PasswordPolicyName
from app.passwords import policy
from app.passwords.policy import About, Rule
from tests import factories
from tests.cast import Cast

CLASSIC = policy.POLICIES[PasswordPolicyName.CLASSIC]
LENGTH = policy.POLICIES[PasswordPolicyName.LENGTH]
SYMBOLS = "!\"#$%&'()-^\\@[;:],./=~|`{+*}<>?_"
"""S2-16, as the document writes them."""
typed = some.text(some.characters(codec="utf-8"), max_size=300)
plain = some.text(string.ascii_letters + string.digits + string.punctuation + " ", max_size=300)
ALL_RULES = {
    rule.key + rule.sentence._args[0]: rule
    for rules in (CLASSIC, LENGTH, policy.STRICTEST)
    for rule in rules
}.values()


def keys(
    password: str, rules: tuple[Rule, ...] = CLASSIC, whose: About = About("tanaka")
) -> set[str]:
    return {rule.key for rule in policy.broken(password, rules, whose)}


def expected(password: str) -> set[str]:
    """The document's table, written once more and independently (S2-15…S2-17)."""
    wanted = {
        "upper": re.search("[A-Z]", password),
        "lower": re.search("[a-z]", password),
        "digit": re.search("[0-9]", password),
        "symbol": set(password) & set(SYMBOLS),
        "length": 8 <= len(password) <= 255,
        "plain": set(password) <= set(string.ascii_letters + string.digits + SYMBOLS),
    }
    return {key for key, holds in wanted.items() if not holds}


def test_has_the_32_symbols_of_the_document() -> None:
    """S2-16"""
    assert len(SYMBOLS) == 32
    assert set(SYMBOLS) == set(policy.SYMBOLS)


@given(password=plain | typed)
def test_wants_what_the_document_s_table_wants(password: str) -> None:
    """S2-15, S2-16, S2-17"""
    assert keys(password) - {"not_login_id", "uncommon"} == expected(password)


@pytest.mark.parametrize("symbol", SYMBOLS)
def test_takes_each_symbol(symbol: str) -> None:
    """S2-16"""
    assert keys(f"Violet{symbol}Kettle92") == set()


@pytest.mark.parametrize(
    ("password", "broken"),
    [
        ("Vk9!xQz", {"length"}),
        ("Vk9!xQzt", set()),
        ("Vk9!" + "xQzt4" * 50 + "a", set()),
        ("Vk9!" + "xQzt4" * 50 + "ab", {"length"}),
        ("violet-kettle-92", {"upper"}),
        ("VIOLET-KETTLE-92", {"lower"}),
        ("Violet-Kettle", {"digit"}),
        ("VioletKettle92", {"symbol"}),
        ("Violet Kettle-92", {"plain"}),
        ("Violet-Kettle-９２a", {"digit", "plain"}),
        ("Violet-Kettle-92あ", {"plain"}),
        ("Ｖiolet-kettle-92", {"upper", "plain"}),
        ("", {"upper", "lower", "digit", "symbol", "length"}),
    ],
)
def test_names_each_broken_rule_at_its_limit(password: str, broken: set[str]) -> None:
    """S2-15, S2-17: 7 and 256 characters are refused, 8 and 255 are not."""
    assert keys(password) - {"uncommon"} == broken


@pytest.mark.parametrize(
    "password",
    [
        "Violet-Kettle-92",
        "violet-kettle-92",
        "VIOLET-KETTLE-92",
        "Ｖiolet-kettle-92",
        " violet-kettle-92 ",
    ],
)
def test_refuses_the_login_id_however_it_is_written(password: str) -> None:
    """S2-18"""
    for rules in (CLASSIC, LENGTH):
        assert "not_login_id" in keys(password, rules, About("Violet-Kettle-92"))


@given(
    password=some.text(
        some.characters(codec="utf-8", exclude_categories=("Cc", "Zl", "Zp")),
        min_size=15,
        max_size=255,
    )
)
def test_lets_any_script_and_spaces_pass_where_length_is_all_that_counts(password: str) -> None:
    """D-C5"""
    assert keys(password, LENGTH) <= {"uncommon"} | (
        {"typed"} if has_control_characters(password) else set()
    )


@pytest.mark.parametrize(
    ("password", "broken"),
    [
        ("むらさきのやかんと92びきのねこ", set()),
        ("correct horse battery", set()),
        ("fourteen chars", {"length"}),
        ("x1" * 128, {"length"}),
        ("purple kettle\nof the north", {"typed"}),
        ("purple kettle\x00of the north", {"typed"}),
    ],
)
def test_counts_characters_where_length_is_all_that_counts(password: str, broken: set[str]) -> None:
    """D-C5"""
    assert keys(password, LENGTH) - {"uncommon"} == broken


@given(password=plain | typed)
def test_the_strictest_of_both_takes_nothing_that_either_refuses(password: str) -> None:
    """D-C5: an account in several organizations obeys the strictest."""
    if not keys(password, policy.STRICTEST):
        assert not keys(password, CLASSIC)
        assert not keys(password, LENGTH)


@given(password=plain | typed)
def test_the_page_ticks_exactly_what_the_server_takes(password: str) -> None:
    """The rules ticked while typing say the same as those that decide."""
    for rule in ALL_RULES:
        ticked = on_the_page(rule, password)
        if password and ticked is not None:
            assert ticked == rule.holds(password, About()), rule.key


def on_the_page(rule: Rule, password: str) -> bool | None:
    """What static/js/meibo.js works out from a rule's attributes."""
    shown = next(json.loads(policy.live([rule])).__iter__())
    if "pattern" in shown:
        return bool(re.search(shown["pattern"].replace("$", r"\Z"), password))
    return shown["min"] <= len(password) <= shown["max"] if "min" in shown else None


def test_obeys_the_rules_of_every_organization_of_an_account(app: Flask, cast: Cast) -> None:
    """D-C5"""
    assert policy.rules_of(cast.tanaka) == CLASSIC
    assert policy.rules_of(cast.newcomer) == CLASSIC
    cast.minato.password_policy = PasswordPolicyName.LENGTH
    assert policy.rules_of(cast.yamada) == LENGTH
    factories.membership(cast.yamada, cast.aozora)
    assert policy.rules_of(cast.yamada) == policy.STRICTEST


@pytest.mark.parametrize(
    "password",
    ["Tanaka-taro1", "Aozora-2026!", "Tanaka@aozora.example1", "Meibo-2026!", "TaroTanaka#1"],
)
def test_refuses_the_names_around_a_person(app: Flask, cast: Cast, password: str) -> None:
    assert "uncommon" in keys(password, CLASSIC, policy.about(cast.tanaka))
    assert "uncommon" not in keys("Violet-Kettle-92", CLASSIC, policy.about(cast.tanaka))


def test_says_all_that_is_missing_in_one_sentence(app: Flask, cast: Cast) -> None:
    with pytest.raises(policy.WeakPassword) as refused:
        policy.ensure("vqzxt", CLASSIC, About())
    assert [rule.key for rule in refused.value.rules] == ["upper", "digit", "symbol", "length"]
    assert "an upper-case letter, A to Z; a digit" in str(refused.value)
    assert (refused.value.status, refused.value.field) == (422, "password")
