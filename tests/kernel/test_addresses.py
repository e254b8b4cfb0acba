"""Addresses: one mailbox, one key, whatever its spelling."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kernel.addresses import (
    Fault,
    email_key,
    fault_of,
    identifier_key,
    mailbox,
    normalize_email,
    searched_email,
)
from app.kernel.text import narrow, tidy


@pytest.mark.parametrize(
    ("typed", "written", "travels"),
    [
        (" Taro@Example.COM ", "Taro@example.com", "Taro@example.com"),
        ("ｔａｒｏ＠ｅｘａｍｐｌｅ．ｃｏｍ", "taro@example.com", "taro@example.com"),
        ("muster@straße.example", "muster@straße.example", "muster@xn--strae-oqa.example"),
        ("nikos@ς.example", "nikos@ς.example", "nikos@xn--3xa.example"),
        ("k@xn--wgv71a119e.example.jp", "k@日本語.example.jp", "k@xn--wgv71a119e.example.jp"),
        ("dot@example。com", "dot@example.com", "dot@example.com"),
        ("\u200bta\u00adro@exa\ufeffmple.com\u200e", "taro@example.com", "taro@example.com"),
        ("a..b@docomo.ne.jp", "a..b@docomo.ne.jp", '"a..b"@docomo.ne.jp'),
        ("a.@EZWEB.ne.jp", "a.@ezweb.ne.jp", '"a."@ezweb.ne.jp'),
        ("a.b@docomo.ne.jp", "a.b@docomo.ne.jp", "a.b@docomo.ne.jp"),
    ],
)
def test_it_is_kept_as_written_and_travels_in_ascii(typed: str, written: str, travels: str) -> None:
    """T2-10, T2-11, T2-12, T2-13, D-C15"""
    found = mailbox(typed)
    assert (found.written, found.travels, normalize_email(typed)) == (written, travels, written)
    assert normalize_email(written) == written
    assert mailbox(found.written).key == email_key(typed)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Kokusai@日本語.example.jp", "kokusai@XN--WGV71A119E.example.jp"),
        ("dot@example｡com", "dot@example.com"),
        ("山田@日本語.example.jp", "山田@xn--wgv71a119e.example.jp"),
    ],
)
def test_every_spelling_has_one_key(one: str, other: str) -> None:
    """T2-11, T2-12"""
    assert email_key(one) == email_key(other) == identifier_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("a@straße.example", "a@strasse.example"),
        ("a@ς.example", "a@σ.example"),
        ("a..b@docomo.ne.jp", "a.b@docomo.ne.jp"),
    ],
)
def test_two_mailboxes_have_two_keys(one: str, other: str) -> None:
    """T2-10"""
    assert email_key(one) != email_key(other)


@pytest.mark.parametrize(
    ("typed", "fault"),
    [
        ("", Fault.NO_AT_SIGN),
        ("taro", Fault.NO_AT_SIGN),
        ("a@b@example.com", Fault.AT_SIGNS),
        ("山田@example.jp", Fault.LOCAL_NOT_ASCII),
        (f"{'a' * 65}@example.com", Fault.LOCAL_TOO_LONG),
        (f"a@{'b.' * 126}example", Fault.TOO_LONG),
        ("a..b@example.com", Fault.MALFORMED),
        ("a..b@sub.docomo.ne.jp", Fault.MALFORMED),
        (".a@docomo.ne.jp", Fault.MALFORMED),
        ("..@docomo.ne.jp", Fault.MALFORMED),
        ("a@localhost", Fault.MALFORMED),
        ("a\x00@example.com", Fault.CHARACTER),
    ],
)
def test_it_says_what_is_wrong(typed: str, fault: Fault) -> None:
    """T2-14, D-C15"""
    assert fault_of(typed) is fault


@pytest.mark.parametrize(
    ("words", "key"),
    [
        ("xn--wgv71a119e.example.jp", "日本語.example.jp"),
        ("@Example.com", "@example.com"),
        ("straße", "straße"),
        ("Taro", "taro"),
    ],
)
def test_a_part_is_searched_as_it_stands_in_keys(words: str, key: str) -> None:
    """T2-11"""
    assert searched_email(words) == key


@given(st.text(max_size=60))
def test_reading_never_fails_and_reading_twice_changes_nothing(text: str) -> None:
    once = normalize_email(text)
    assert normalize_email(once) == once
    assert email_key(once) == email_key(text)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("\ufefftanaka\u200b ", "tanaka"),
        ("\u200b", ""),
        ("\u3164", ""),
        ("\u2800 \u2800", ""),
        ("\u200d\u0301", ""),
        ("葛\U000e0100城", "葛\U000e0100城"),
        ("می\u200cخواهم", "می\u200cخواهم"),
    ],
)
def test_what_cannot_be_seen_is_not_kept(typed: str, kept: str) -> None:
    """T2-15: joiners and variation selectors within a name are part of it."""
    assert tidy(typed) == kept


def test_a_login_id_is_narrowed() -> None:
    """T2-15"""
    assert narrow(" ｔａｎａｋａ\u200b") == "tanaka"
