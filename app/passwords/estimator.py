"""Estimator: how soon a password would be guessed, and why (zxcvbn).

Here: the estimate with the words of the person and of the organization, its reason as a sentence;
pure. Not here: lists of what is refused whatever the estimate says (passwords.blocklist), the other
rules (passwords.policy).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from app.kernel.i18n import lazy
from app.kernel.text import fold
from app.passwords.blocklist import DISGUISE, PORTAL

ENOUGH = 3
"""Of zxcvbn's scores from 0 to 4: safely unguessable for whoever does not hold the hash."""
LONGEST = 64
"""Characters that are estimated at once: the work grows with the square of the length."""
SHORTEST_WORD = 3

COMMON = lazy("Many people use this password or one like it. Choose one that is harder to guess.")
REASONS: dict[str, Any] = {
    "dictionary": lazy(
        "This is a common word or name with little added, so it is easy to guess. Combine several "
        "unrelated words."
    ),
    "spatial": lazy(
        "This follows the keys of the keyboard, so it is easy to guess. Choose another password."
    ),
    "repeat": lazy(
        "This repeats the same characters, so it is easy to guess. Choose another password."
    ),
    "sequence": lazy(
        "This is a sequence such as abc or 6543, so it is easy to guess. Choose another password."
    ),
    "regex": lazy("This is mostly a year, so it is easy to guess. Choose another password."),
    "date": lazy("This is mostly a date, so it is easy to guess. Choose another password."),
}
OWN_WORDS = lazy(
    "This is mostly your own name or login ID, or a name of the organization, so it is easy to"
    " guess. Choose another password."
)


def why_guessable(password: str, words: Iterable[str] = ()) -> Any:
    """Why a password would be guessed soon, as a sentence; "" where it would not.

    Of a long password its beginning and its end are looked at: one that is good enough will do.
    Where nothing at all is recognized in it, only its length counts, which the other rules ask for:
    zxcvbn's score 3 begins at nine such characters, the shortest policy at eight.
    """
    from zxcvbn import matching  # where it is used: a process that never asks has 13 MB less

    known = _own(words)
    if _is_made_of(password, known):
        return OWN_WORDS
    own = matching.RANKED_DICTIONARIES | {"user_inputs": matching.build_ranked_dict(known)}
    reason = _why_guessable(password[:LONGEST], own)
    return _why_guessable(password[-LONGEST:], own) if reason and password[LONGEST:] else reason


def _why_guessable(password: str, dictionaries: dict[str, Any]) -> Any:
    from zxcvbn import matching, scoring, time_estimates

    matches = matching.omnimatch(password, dictionaries)
    if not matches:
        return ""
    found = scoring.most_guessable_match_sequence(password, matches)
    if time_estimates.guesses_to_score(found["guesses"]) >= ENOUGH:
        return ""
    recognized = [one for one in found["sequence"] if one["pattern"] != "bruteforce"]
    longest = max(recognized, key=lambda one: len(one["token"]), default=matches[0])
    match longest.get("dictionary_name"):
        case "user_inputs":
            return OWN_WORDS
        case "passwords":
            return COMMON
    return REASONS[longest["pattern"]]


def _own(words: Iterable[str]) -> list[str]:
    """These words and their parts, the longest first. zxcvbn's front door would write them into a
    list that all threads share, so it stays shut.
    """
    known = {PORTAL, *(part for word in words for part in (fold(word), *fold(word).split()))}
    return sorted(
        (word for word in known if len(word) >= SHORTEST_WORD or not word.isascii()),
        key=lambda word: (-len(word), word),
    )


def _is_made_of(password: str, words: Iterable[str]) -> bool:
    """Whether a password is nothing but some of these words and a few signs around them."""
    whole = rest = fold(password)
    for word in words:
        rest = rest.replace(word, "")
    return rest != whole and sum(map(str.isalnum, rest)) < DISGUISE
