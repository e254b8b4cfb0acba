"""First letters: how many letters of the first sign-in leave for one person, whatever they are sent
for: registering, sending again, another address, another password.

Here: the limit and its refusal. Not here: the letter (passwords.service).
"""

from __future__ import annotations

from app.http.rate_limit import Limit, TooManyTries
from app.kernel.i18n import lazy


class TooManyFirstLetters(TooManyTries):
    """The same letter by the dozen."""

    text = lazy("The sign-in email was sent too many times. Wait %(wait)s, then try again.")


LETTERS = Limit("first-sign-in-letters-for", "6 per hour", TooManyFirstLetters)
