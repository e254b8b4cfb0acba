"""Limits: how many invitations leave, so that nobody's mailbox is flooded and a stolen session does
not spam the world.

Here: counts per organization and per invited address, of what was really sent. Not here: sending
(invites.service).
"""

from __future__ import annotations

from collections.abc import Iterable

from app.http.rate_limit import Limit, TooManyTries
from app.kernel.addresses import email_key
from app.kernel.i18n import lazy
from app.models import Organization


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


def count(organization: Organization, addresses: Iterable[str]) -> None:
    """Count letters that are about to be sent, with the transaction that sends them.

    Raises TooManyInvites, TooManyForAddress.
    """
    keys = sorted(map(email_key, addresses))
    PER_ORGANIZATION.spend(organization.id, len(keys))
    for key in keys:
        PER_ADDRESS.spend(key)
