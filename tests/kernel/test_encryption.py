"""Encryption: text that only this portal can read again. It …"""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import UTC, datetime, timedelta

import pytest

from app.kernel.encryption import Undecryptable, decrypt, encrypt

NOW = datetime(2026, 11, 21, 1, 0, tzinfo=UTC)
OLD, NEW = "the secret of last year", "the secret of this year"


def encrypted(
    text: str = "秘密",
    *,
    secrets: tuple[str, ...] = (NEW,),
    purpose: str = "app",
    now: datetime = NOW,
) -> str:
    return encrypt(text, secrets=secrets, purpose=purpose, now=now)


def test_reads_what_it_encrypted_and_shows_nothing_of_it() -> None:
    """ASVS 11.3.2, 13.3.1: authenticated encryption; nothing readable in the database."""
    assert "秘密" not in encrypted()
    assert encrypted() != encrypted(now=NOW)
    assert decrypt(encrypted(), secrets=(NEW,), purpose="app", now=NOW) == "秘密"


def test_reads_under_a_fallback_until_that_is_gone() -> None:
    """SECRET_KEY can be changed while what was encrypted before stays readable."""
    before = encrypted(secrets=(OLD,))
    assert decrypt(before, secrets=(NEW, OLD), purpose="app", now=NOW) == "秘密"
    with pytest.raises(Undecryptable):
        decrypt(before, secrets=(NEW,), purpose="app", now=NOW)
    assert (
        decrypt(encrypted(secrets=(NEW, OLD)), secrets=(NEW,), purpose="app", now=NOW) == "秘密"
    ), "the newest encrypts"


def test_reads_for_nothing_else() -> None:
    with pytest.raises(Undecryptable):
        decrypt(encrypted(purpose="app"), secrets=(NEW,), purpose="another", now=NOW)


@pytest.mark.parametrize("broken", ["", "nonsense", "秘密", "gAAAAA", "x" * 5000, "\ud800"])
def test_refuses_what_it_never_encrypted(broken: str) -> None:
    for within in (None, timedelta(minutes=10)):
        with pytest.raises(Undecryptable):
            decrypt(broken, secrets=(NEW,), purpose="app", now=NOW, within=within)


def test_refuses_what_was_changed() -> None:
    good = encrypted()
    with pytest.raises(Undecryptable):
        decrypt(
            good[:-5] + ("A" if good[-5] != "A" else "B") + good[-4:],
            secrets=(NEW,),
            purpose="app",
            now=NOW,
        )


def test_is_only_good_for_as_long_as_asked() -> None:
    life = timedelta(minutes=10)
    assert decrypt(encrypted(), secrets=(NEW,), purpose="app", now=NOW + life, within=life)
    with pytest.raises(Undecryptable):
        decrypt(
            encrypted(),
            secrets=(NEW,),
            purpose="app",
            now=NOW + life + timedelta(seconds=1),
            within=life,
        )


@pytest.mark.parametrize("place", [0, 1, 8, 9, 24, 25, 40, -1])
def test_reads_no_more_when_one_bit_is_changed(place: int) -> None:
    """ASVS 11.3.3: kind, moment, vector, text and signature all count."""
    whole = bytearray(urlsafe_b64decode(encrypted()))
    whole[place] ^= 1
    with pytest.raises(Undecryptable):
        decrypt(urlsafe_b64encode(bytes(whole)).decode(), secrets=(NEW,), purpose="app", now=NOW)
