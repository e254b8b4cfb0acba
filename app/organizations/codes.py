"""Codes: how an organization is written in addresses.

Here: the rule, as pure functions and refusals. Not here: whether a code is taken
(organizations.service).
"""

from __future__ import annotations

import re

from app.kernel.errors import Refusal
from app.kernel.i18n import lazy

SHORTEST, LONGEST = 2, 32
ALPHABET = re.compile(r"[a-z0-9-]*")
RESERVED = frozenset(
    {
        "account",
        "accounts",
        "activity",
        "add",
        "admin",
        "administrator",
        "api",
        "app",
        "assets",
        "create",
        "delete",
        "edit",
        "help",
        "home",
        "invite",
        "invites",
        "lang",
        "list",
        "login",
        "logout",
        "mailbox",
        "me",
        "meibo",
        "members",
        "new",
        "null",
        "organization",
        "organizations",
        "outbox",
        "password",
        "platform",
        "portal",
        "profile",
        "roles",
        "root",
        "security",
        "settings",
        "setup",
        "show",
        "static",
        "support",
        "swagger",
        "system",
        "undefined",
        "user",
        "users",
        "www",
    }
)
"""Words that addresses use, or that could pass for the portal itself."""


class CodeMalformed(Refusal):
    """A code with letters, signs or spaces that no code has."""

    field = "code"
    text = lazy("Lower-case letters, digits and hyphens only, such as aozora-inc.")


class CodeLength(Refusal):
    """A code too short or too long."""

    field = "code"
    text = lazy("Between %(shortest)d and %(longest)d characters.")


class CodeStart(Refusal):
    """A code that starts or ends with a sign."""

    field = "code"
    text = lazy("A code starts with a letter and does not end with a hyphen.")


class CodeReserved(Refusal):
    """A code that the portal needs itself."""

    field = "code"
    text = lazy("“%(code)s” is reserved for the portal. Choose another code.")


def ensure_well_formed(code: str) -> None:
    """Raise the first complaint about a code."""
    if not ALPHABET.fullmatch(code):
        raise CodeMalformed()
    if not SHORTEST <= len(code) <= LONGEST:
        raise CodeLength(shortest=SHORTEST, longest=LONGEST)
    if not code[0].isalpha() or code.endswith("-"):
        raise CodeStart()
    if code in RESERVED:
        raise CodeReserved(code=code)
