"""Refusals about API keys, to the people who make them and to the programs that use them.

Here: sentences and statuses. Not here: when they are raised (api_keys.service).
"""

from __future__ import annotations

from app.http.rate_limit import TooManyTries
from app.kernel.errors import Refusal
from app.kernel.i18n import lazy


class KeyUnknown(Refusal):
    """No key, one that is none of ours, or a wrong secret: one answer for all."""

    status = 401
    text = lazy("This API key is not valid.")


class KeyExpired(KeyUnknown):
    """The right secret, too late."""

    text = lazy("This API key has expired. Issue a new one.")


class KeyRevoked(KeyUnknown):
    """The right secret of a key that was revoked."""

    text = lazy("This API key was revoked.")


class HolderShutOut(Refusal):
    """The right secret, whose holder may not come in: suspended or gone (D-3, D-C1)."""

    status = 403
    text = lazy("The holder of this API key has no access to the organization at the moment.")


class KeyMakesKeys(Refusal):
    """A key never makes or revokes keys."""

    status = 403
    text = lazy("An API key cannot issue or revoke API keys. Sign in to do that.")


class NotYourKey(Refusal):
    """A key for, or of, another person."""

    status = 403
    text = lazy("People issue their own API keys. You can issue keys for service accounts.")


class HolderSuspended(Refusal):
    """A key for somebody who is suspended."""

    status = 409
    text = lazy("While suspended, nobody gets API keys. Reinstate the member first.")


class BeyondHolder(Refusal):
    """More than the key's holder may do."""

    status = 422
    field = "scopes"
    text = lazy("The holder of the key does not hold some of these authorities.")


class NothingChosen(Refusal):
    """A key that could do nothing."""

    status = 422
    field = "scopes"
    text = lazy("Choose at least one authority.")


class NoName(Refusal):
    """A key that nobody could tell from another."""

    status = 422
    field = "name"
    text = lazy("Enter a name of at most %(most)d characters.")


class DaysOutOfRange(Refusal):
    """A key that works for less than a day or more than a year."""

    status = 422
    field = "days"
    text = lazy("Enter a number of days from 1 to %(most)d.")


class TooManyKeys(Refusal):
    """More keys than anybody keeps an eye on."""

    status = 409
    text = lazy(
        "At most %(most)d API keys can work at the same time. Delete one that is no longer used."
    )


class TooManyIssued(TooManyTries):
    """Keys by the dozen."""

    text = lazy("Too many API keys were issued. Wait %(wait)s, then try again.")


class MadeAlready(Refusal):
    """The same form, sent twice."""

    status = 409
    text = lazy(
        "This API key was issued already, and its secret was shown. If you did not keep it, delete"
        " the key and issue a new one."
    )


class KeyOver(Refusal):
    """A key that was revoked before."""

    status = 409
    text = lazy("This API key was revoked already.")
