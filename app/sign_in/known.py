"""Known browsers: those in which somebody got in before, by a signed cookie of their own.

Here: reading and writing that cookie. It opens nothing: tries in a known browser are counted apart,
so that strangers who guess cannot lock somebody out, and sign-ins in other browsers are told by
letter.
"""

from __future__ import annotations

from datetime import timedelta

from app.kernel.tokens import new_public_id
from app.models import Account
from app.sign_in.kept import Kept, Words

COOKIE = Kept("known", salt="known browser", life=timedelta(days=180))


def marks() -> Words:
    """Return whom this browser let in before, and what it is called there."""
    return COOKIE.read()


def name_of(account: Account) -> str:
    """Return what this browser is called for an account that got in here before, "" for none."""
    return marks().get(str(account.id), "")


def remember(account: Account) -> None:
    """Let this browser keep that this account got in here."""
    COOKIE.keep(str(account.id), marks().get(str(account.id)) or new_public_id())
