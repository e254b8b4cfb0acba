"""Addresses: which mailbox an e-mail address names, however it is spelled.

Here: reading one address (IDNA 2008, as email-validator does it), the form it is kept in, the form
it travels in, and the key under which all its spellings are one. Not here: lists that were pasted
(kernel.pasting), sentences about what is wrong (accounts.policy).
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from email_validator import EmailNotValidError, ValidatedEmail, validate_email

from app.kernel.text import fold, has_control_characters, without_unseen

LONGEST = 254
LONGEST_LOCAL = 64
DOTS_ANYWHERE = frozenset({"docomo.ne.jp", "ezweb.ne.jp"})
"""Domains that gave out local parts with two dots in a row or a dot at the end (D-C15)."""

_UNSEEN_IN_ADDRESS = re.compile(
    "[\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200c\u200d\u202a-\u202e\u2066-\u2069\u2800\u3164"
    "\uffa0\ufe00-\ufe0f\U000e0000-\U000e0fff]"
)


class Fault(StrEnum):
    """What is wrong with an address."""

    CHARACTER = "character"
    NO_AT_SIGN = "no_at_sign"
    AT_SIGNS = "at_signs"
    TOO_LONG = "too_long"
    LOCAL_TOO_LONG = "local_too_long"
    LOCAL_NOT_ASCII = "local_not_ascii"
    MALFORMED = "malformed"


class NotAnAddress(ValueError):
    """A text that names no mailbox; `fault` says why."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(str(fault))
        self.fault = fault


@dataclass(frozen=True)
class Mailbox:
    """One mailbox: `written` is kept and shown, `travels` is what mail servers read."""

    written: str
    travels: str

    @property
    def key(self) -> str:
        """The same for every spelling. Only the local part is folded: ß and ss in a domain are two
        domains.
        """
        local, _at, domain = self.written.rpartition("@")
        return f"{fold(local)}@{domain}"


def mailbox(text: str) -> Mailbox:
    """Read one address. Raises NotAnAddress."""
    address = narrowed(text)
    _ensure_plausible(address)
    local, _at, domain = address.rpartition("@")
    try:
        found = _validated(f"{_without_loose_dots(local, domain)}@{domain}")
    except EmailNotValidError as error:
        raise NotAnAddress(Fault.MALFORMED) from error
    if not found.ascii_domain or max(len(address), len(local) + len(found.ascii_domain) + 1) > (
        LONGEST
    ):
        raise NotAnAddress(Fault.TOO_LONG)
    local = local if found.domain in DOTS_ANYWHERE else found.local_part
    quoted = f'"{local}"' if has_loose_dots(local) else local
    return Mailbox(f"{local}@{found.domain}", f"{quoted}@{found.ascii_domain}")


def fault_of(text: str) -> Fault | None:
    """Return what is wrong with an address, None where nothing is."""
    try:
        mailbox(text)
    except NotAnAddress as error:
        return error.fault
    return None


def normalize_email(text: str) -> str:
    """Return an address as it is kept: its domain in Unicode and lower case, its local part as
    typed. What is no address comes back narrowed.
    """
    found = mailbox_or_none(text)
    if found is not None:
        return found.written
    local, at, domain = narrowed(text).rpartition("@")
    return f"{local}@{_domain(domain)}" if at else domain


def email_key(text: str) -> str:
    """Return the key that every spelling of an address shares; what is no address has one that no
    address has.
    """
    found = mailbox_or_none(text)
    if found is not None:
        return found.key
    local, at, domain = narrowed(text).rpartition("@")
    return f"{fold(local)}@{_domain(domain)}" if at else fold(domain)


def identifier_key(text: str) -> str:
    """Return the key of what somebody signs in with: an address or a login ID."""
    return email_key(text) if "@" in unicodedata.normalize("NFKC", text) else fold(text)


def searched_email(words: str) -> str:
    """Return words as they stand in keys: a domain, or its beginning, by either spelling."""
    local, at, domain = narrowed(words).rpartition("@")
    return f"{fold(local)}{at}{_domain(domain)}"


@lru_cache(maxsize=1024)
def mailbox_or_none(text: str) -> Mailbox | None:
    """Read one address, None where it is none."""
    try:
        return mailbox(text)
    except NotAnAddress:
        return None


def narrowed(text: str) -> str:
    """Return typed text without what cannot be seen, full-width forms narrowed, 。．｡ as dots."""
    seen = _UNSEEN_IN_ADDRESS.sub("", without_unseen(text))
    return unicodedata.normalize("NFKC", seen).replace("。", ".").strip()


def has_loose_dots(local: str) -> bool:
    """Whether a local part is one that must be quoted on its way."""
    return ".." in local or local.endswith(".")


def _domain(text: str) -> str:
    """A domain in its one spelling; what is none in lower case."""
    probe = mailbox_or_none(f"x@{text}")
    return probe.written.partition("@")[2] if probe is not None else text.lower()


def _ensure_plausible(address: str) -> None:
    """Raise what can be said better than "malformed"."""
    local, at, _domain = address.rpartition("@")
    faults = {
        Fault.CHARACTER: has_control_characters(address),
        Fault.NO_AT_SIGN: not at,
        Fault.AT_SIGNS: "@" in local,
        Fault.LOCAL_NOT_ASCII: not local.isascii(),
        Fault.LOCAL_TOO_LONG: len(local) > LONGEST_LOCAL,
        Fault.TOO_LONG: len(address) > LONGEST,
    }
    for fault, is_so in faults.items():
        if is_so:
            raise NotAnAddress(fault)


def _without_loose_dots(local: str, domain: str) -> str:
    if domain.lower() not in DOTS_ANYWHERE:
        return local
    return re.sub(r"\.{2,}", ".", local).rstrip(".")


def _validated(address: str) -> ValidatedEmail:
    return validate_email(address, check_deliverability=False, allow_smtputf8=False, strict=True)
