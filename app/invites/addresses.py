"""Addresses: what was pasted, as addresses that letters can go to.

Here: splitting, merging duplicates, and a sentence per address that cannot be used (S1-11). Not
here: who has an account.
"""

from __future__ import annotations

from typing import Any

from email_validator import EmailNotValidError, validate_email

from app.kernel.errors import Refusal
from app.kernel.i18n import lazy
from app.kernel.text import fold, has_control_characters, normalize_email, split_addresses

MOST = 20
LONGEST = 254


class NoAddress(Refusal):
    """Nothing was pasted."""

    status = 422
    field = "addresses"
    text = lazy("Enter at least one e-mail address.")


class TooManyAddresses(Refusal):
    """More than twenty at once (S1-11)."""

    status = 422
    field = "addresses"
    text = lazy("%(count)s addresses are too many: at most %(most)s can be invited at once.")


class AddressesRefused(Refusal):
    """Some addresses cannot be invited; each has its own sentence, and nobody is invited."""

    status = 422
    field = "addresses"

    def __init__(self, problems: dict[str, Any]) -> None:
        super().__init__()
        self.problems = {address: str(sentence) for address, sentence in problems.items()}

    def __str__(self) -> str:
        return "\n".join(f"{address}: {sentence}" for address, sentence in self.problems.items())


def read(pasted: str) -> list[str]:
    """Return the addresses in a pasted text, each once.

    Raises NoAddress, TooManyAddresses, AddressesRefused.
    """
    merged: dict[str, str] = {}
    for address in map(normalize_email, split_addresses(pasted)):
        merged.setdefault(fold(address), address)
    found = list(merged.values())
    if not found:
        raise NoAddress()
    if len(found) > MOST:
        raise TooManyAddresses(count=len(found), most=MOST)
    problems = {address: sentence for address in found if (sentence := why_not(address))}
    if problems:
        raise AddressesRefused(problems)
    return found


def why_not(address: str) -> Any:
    """Return why no letter can go to an address, "" where one can."""
    if has_control_characters(address):
        return lazy("contains a character that no address has.")
    if address.count("@") > 1:
        return lazy("is not an e-mail address: only one @ is allowed.")
    if "@" not in address:
        return lazy("is not an e-mail address: the @ is missing.")
    if len(address) > LONGEST:
        return lazy("is longer than an e-mail address can be.")
    try:
        validate_email(address, check_deliverability=False)
    except EmailNotValidError:
        return lazy("is not an e-mail address, such as name@example.com.")
    return ""
