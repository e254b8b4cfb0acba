"""Policy: what a password must be, as one table of rules (S2-15…S2-18, D-C5).

Here: the rules, the two named policies, the strictest of several. Not here: the blocklist
(passwords.blocklist), hashes (passwords.hashing), links and letters (passwords.service).
"""

from __future__ import annotations

import json
import string
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.kernel.errors import Refusal
from app.kernel.i18n import _, lazy
from app.kernel.text import fold, has_control_characters
from app.models import Account, Organization, PasswordPolicyName
from app.passwords.blocklist import is_common
from app.passwords.estimator import COMMON, OWN_WORDS, why_guessable

SYMBOLS = string.punctuation
"""The 32 of S2-16, which are ASCII's."""
SHORTEST, SHORTEST_ALONE, LONGEST = 8, 15, 255


class WeakPassword(Refusal):
    """A password that breaks rules; the sentence names them, and why it would be guessed."""

    status = 422
    text = lazy("The password needs: %(rules)s.")
    field = "password"

    def __init__(
        self, rules: Sequence[Rule] = (), *, reason: Any = "", field: str | None = None
    ) -> None:
        super().__init__(field=field)
        self.rules, self.reason = tuple(rules), reason

    def __str__(self) -> str:
        named = [str(rule.sentence) for rule in self.rules if rule is not UNCOMMON]
        # I18N: between the rules that a password breaks
        needs = str(self.text) % {"rules": _("; ").join(named)} if named else ""
        return "\n".join(filter(None, (needs, str(self.reason))))


@dataclass(frozen=True)
class About:
    """Whose password it is: what it may not be."""

    login_id: str = ""
    names: tuple[str, ...] = ()


@dataclass(frozen=True)
class Rule:
    """One line of a policy; `live` tells the page how to check it while typing, where it can."""

    key: str
    sentence: Any
    holds: Callable[[str, About], bool]
    live: dict[str, Any]


def _between(least: int) -> Callable[[str, About], bool]:
    return lambda password, _about: least <= len(password) <= LONGEST


def _has(characters: str) -> Callable[[str, About], bool]:
    return lambda password, _about: any(one in characters for one in password)


def _is_plain(password: str, _about: About) -> bool:
    return all(one in string.ascii_letters + string.digits + SYMBOLS for one in password)


def _is_typed(password: str, _about: About) -> bool:
    return not has_control_characters(password)


def _is_not_login_id(password: str, about: About) -> bool:
    return not about.login_id or fold(password) != fold(about.login_id)


def _is_uncommon(password: str, about: About) -> bool:
    return not why_easy(password, about)


def why_easy(password: str, about: About) -> Any:
    """Why somebody who knows whose password it is would guess it; "" where nobody would soon."""
    words = (*about.names, about.login_id)
    if is_common(password):
        return COMMON
    return OWN_WORDS if is_common(password, words) else why_guessable(normalized(password), words)


UPPER = Rule(
    "upper",
    lazy("an upper-case letter, A to Z"),
    _has(string.ascii_uppercase),
    {"pattern": "[A-Z]"},
)
LOWER = Rule(
    "lower", lazy("a lower-case letter, a to z"), _has(string.ascii_lowercase), {"pattern": "[a-z]"}
)
DIGIT = Rule("digit", lazy("a digit"), _has(string.digits), {"pattern": "[0-9]"})
SYMBOL = Rule(
    "symbol", lazy("a symbol, such as ! # - _ ?"), _has(SYMBOLS), {"pattern": r"[!-\/:-@\[-`{-~]"}
)
PLAIN = Rule(
    "plain",
    lazy("no spaces, and nothing but letters A to Z, digits and symbols"),
    _is_plain,
    {"pattern": "^[!-~]+$"},
)
LENGTH = Rule(
    "length", lazy("8 to 255 characters"), _between(SHORTEST), {"min": SHORTEST, "max": LONGEST}
)
LENGTH_ALONE = Rule(
    "length",
    lazy("15 to 255 characters, of any script; spaces count"),
    _between(SHORTEST_ALONE),
    {"min": SHORTEST_ALONE, "max": LONGEST},
)
LENGTH_LONGER = Rule(
    "length",
    lazy("15 to 255 characters"),
    _between(SHORTEST_ALONE),
    {"min": SHORTEST_ALONE, "max": LONGEST},
)
TYPED = Rule(
    "typed",
    lazy("no line breaks or control characters"),
    _is_typed,
    {"pattern": r"^[^\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069\ufffe\uffff]+$"},
)
NOT_LOGIN_ID = Rule(
    "not_login_id",
    lazy("something other than the login ID"),
    _is_not_login_id,
    {"not_login_id": True},
)
UNCOMMON = Rule(
    "uncommon",
    lazy("hard to guess: not commonly used, and without your name or the organization’s"),
    _is_uncommon,
    {},
)

POLICIES: dict[PasswordPolicyName, tuple[Rule, ...]] = {
    PasswordPolicyName.CLASSIC: (
        UPPER,
        LOWER,
        DIGIT,
        SYMBOL,
        PLAIN,
        LENGTH,
        NOT_LOGIN_ID,
        UNCOMMON,
    ),
    PasswordPolicyName.LENGTH: (LENGTH_ALONE, TYPED, NOT_LOGIN_ID, UNCOMMON),
}
STRICTEST = tuple(
    LENGTH_LONGER if rule is LENGTH else rule for rule in POLICIES[PasswordPolicyName.CLASSIC]
)
"""What satisfies both at once."""


def rules_for(organizations: Iterable[Organization]) -> tuple[Rule, ...]:
    """Return the rules that satisfy every one of these organizations: the strictest (D-C5);
    `classic` where there is none.
    """
    names = {one.password_policy for one in organizations}
    if len(names) > 1:
        return STRICTEST
    return POLICIES[names.pop() if names else PasswordPolicyName.CLASSIC]


def rules_of(account: Account) -> tuple[Rule, ...]:
    """Return the rules that an account's password obeys: those of all its organizations."""
    return rules_for(one.organization for one in account.memberships)


def about(account: Account, organizations: Iterable[Organization] = ()) -> About:
    """Return what an account's password may not be: its own names, and those of its organizations
    and of these.
    """
    where = [*organizations, *(one.organization for one in account.memberships)]
    own = [
        account.email,
        account.email.partition("@")[0],
        account.family_name,
        account.given_name,
        account.reading,
        account.latin_name,
    ]
    return About(
        account.login_id,
        tuple(
            name
            for name in [
                *own,
                *(word for one in where for word in (one.code, one.name, one.latin_name)),
            ]
            if name
        ),
    )


def ensure_of(
    person: Mapping[str, Any], password: str, organizations: Sequence[Organization]
) -> None:
    """Raise WeakPassword of somebody who has no account yet: who they will be, and where."""
    named = ("email", "family_name", "given_name", "reading", "latin_name")
    own = [str(person.get(name, "")) for name in named]
    words = [word for one in organizations for word in (one.code, one.name, one.latin_name)]
    names = (*own, own[0].partition("@")[0], *words)
    whose = About(str(person.get("login_id", "")), tuple(filter(None, names)))
    ensure(password, rules_for(organizations), whose)


def broken(password: str, rules: Iterable[Rule], whose: About) -> list[Rule]:
    """Return the rules a password breaks, in the table's order."""
    return [rule for rule in rules if not rule.holds(password, whose)]


def ensure(password: str, rules: Iterable[Rule], whose: About) -> None:
    """Raise WeakPassword with every rule that is broken."""
    failed = broken(password, rules, whose)
    if failed:
        raise WeakPassword(failed, reason=why_easy(password, whose) if UNCOMMON in failed else "")


def live(rules: Iterable[Rule]) -> str:
    """Return the rules as the page checks them while typing (static/js/meibo.js)."""
    return json.dumps([{"key": rule.key} | rule.live for rule in rules])


def normalized(password: str) -> str:
    """Return the one form in which a password is hashed, however the keyboard composed it or how
    wide it wrote.
    """
    return unicodedata.normalize("NFKC", password)
