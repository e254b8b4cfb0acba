"""Addresses: what was pasted, as addresses that letters can go to, and how many may leave.

Here: merging duplicates, a sentence per address that cannot be used (S1-11), limits per
organization and address, so that nobody's mailbox is flooded. Not here: taking a list apart
(kernel.pasting), who is a member or invited already (invites.queries).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from app.http.rate_limit import Limit, TooManyTries
from app.kernel.addresses import LONGEST, LONGEST_LOCAL, Fault, email_key, fault_of, normalize_email
from app.kernel.errors import Refusal
from app.kernel.i18n import lazy
from app.kernel.pasting import pieces_of
from app.models import Invite, Membership, Organization

MOST = 20
SHOWN_LENGTH = 80

WRONG: dict[Fault, Any] = {
    Fault.CHARACTER: lazy("“%(address)s” contains a character that email addresses can’t have."),
    Fault.NO_AT_SIGN: lazy(
        "“%(address)s” is not an email address: the @ is missing. Write it like name@example.com."
    ),
    Fault.AT_SIGNS: lazy("“%(address)s” is not an email address: only one @ is allowed."),
    Fault.TOO_LONG: lazy(
        "“%(address)s” is too long: an email address has at most %(most)d characters."
    ),
    Fault.LOCAL_TOO_LONG: lazy(
        "“%(address)s” has more than %(most_local)d characters before the @."
    ),
    Fault.LOCAL_NOT_ASCII: lazy(
        "“%(address)s” has characters before the @ that mail servers don’t accept. Use only "
        "half-width letters, digits and symbols there."
    ),
    Fault.MALFORMED: lazy("“%(address)s” is not an email address. Write it like name@example.com."),
}


@dataclass(frozen=True)
class Problem:
    """Why one address of a list cannot be used: `name` for machines, `sentence` for people, `about`
    the row it concerns where there is one.
    """

    address: str
    name: str
    sentence: str
    about: Membership | Invite | None = None


class NoAddress(Refusal):
    """Nothing was pasted."""

    status = 422
    field = "addresses"
    text = lazy("Enter at least one email address.")


class AddressesRefused(Refusal):
    """Some addresses cannot be invited; each has its own sentence, and nobody is invited."""

    status = 422
    field = "addresses"

    def __init__(
        self, faults: Sequence[Problem], *, also: Refusal | None = None, **words: Any
    ) -> None:
        super().__init__(**words)
        self.faults, self.also = tuple(faults), also

    @property
    def problems(self) -> dict[str, str]:
        """The sentence about each address, for machines."""
        return {fault.address: fault.sentence for fault in self.faults}

    @property
    def codes(self) -> dict[str, str]:
        """The name of what is wrong with each address, for machines."""
        return {fault.address: fault.name for fault in self.faults}

    @property
    def sentences(self) -> list[str]:
        """Everything that is wrong, one sentence each."""
        return [fault.sentence for fault in self.faults]

    def __str__(self) -> str:
        return "\n".join(self.sentences)


class TooManyAddresses(AddressesRefused):
    """More than twenty at once (S1-11), whatever else is wrong with them."""

    text = lazy("%(count)s addresses are too many: at most %(most)s can be invited at once.")

    @property
    def sentences(self) -> list[str]:
        return [str(self.text) % self.words, *super().sentences]


def read(pasted: str) -> list[str]:
    """Return the addresses in a pasted text, each once, the unusable ones too. Raises NoAddress."""
    merged: dict[str, str] = {}
    for piece in pieces_of(pasted):
        address = normalize_email(piece)
        merged.setdefault(email_key(address), address)
    if not merged:
        raise NoAddress()
    return list(merged.values())


def problems_of(found: Iterable[str]) -> list[Problem]:
    """Return what is wrong with addresses as such."""
    faults = ((address, fault_of(address)) for address in found)
    return [
        Problem(address, "EmailMalformed", _sentence(fault, address))
        for address, fault in faults
        if fault is not None
    ]


def ensure_usable(
    found: Sequence[str], problems: Sequence[Problem], *, also: Refusal | None = None
) -> None:
    """Raise TooManyAddresses or AddressesRefused where anything is wrong, and all of it; `also` is
    what is wrong beside the addresses.
    """
    if len(found) > MOST:
        raise TooManyAddresses(problems, also=also, count=len(found), most=MOST)
    if problems:
        raise AddressesRefused(problems, also=also)


def _sentence(fault: Fault, address: str) -> str:
    shown = address if len(address) <= SHOWN_LENGTH else address[:SHOWN_LENGTH] + "…"
    return str(WRONG[fault]) % {"address": shown, "most": LONGEST, "most_local": LONGEST_LOCAL}


class TooManyInvites(TooManyTries):
    """An organization invites more people in a day than it plausibly knows."""

    field = "addresses"
    text = lazy(
        "Too many invitations were sent for this organization today. Wait %(wait)s, then try again."
    )


class TooManyForAddress(TooManyTries):
    """One address is invited again and again, by whichever organizations."""

    field = "addresses"
    text = lazy(
        "Too many invitations were sent to one of these addresses today. Wait %(wait)s, then try"
        " again."
    )


PER_ORGANIZATION = Limit("invites-of", "1000 per day", TooManyInvites)
PER_ADDRESS = Limit("invites-to", "10 per day", TooManyForAddress)


def count_letters(organization: Organization, addresses: Iterable[str]) -> None:
    """Count letters that are about to be sent, with the transaction that sends them.

    Raises TooManyInvites, TooManyForAddress.
    """
    keys = sorted(map(email_key, addresses))
    PER_ORGANIZATION.spend(organization.id, len(keys))
    for key in keys:
        PER_ADDRESS.spend(key)
