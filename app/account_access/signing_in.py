"""How somebody signs in, as those see and mend it who look after the account: second factors, open
sessions, trusted devices.

Here: what is shown of an account, and the platform administrator's verbs (B-51, B-68). Not here: an
organization's own ones (managed_accounts.signing_in), what a reset does (two_factor.resetting),
one's own (profile).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.access.seat import Seat
from app.activity import events
from app.activity.service import record_everywhere
from app.extensions import db
from app.kernel.errors import NotFound, Refusal, pick
from app.kernel.i18n import lazy
from app.models import Account, AccountSession
from app.sessions import queries as opened
from app.sessions import service as sessions
from app.sessions.queries import Browser
from app.two_factor import devices, resetting
from app.two_factor.methods import LABELS, methods_of, strong_methods


class OwnSignIn(Refusal):
    """One's own sessions and factors ask for one's own proof, which the profile does."""

    status = 409
    text = lazy("This is your own account. Change it in your profile.")


@dataclass(frozen=True)
class SigningIn:
    """What is shown: names only, never a secret."""

    methods: list[Any]
    browsers: list[Browser]
    hidden: int
    devices: int
    has_strong: bool


def describe(
    account: Account, shown: Sequence[AccountSession], *, hidden: int = 0, now: datetime
) -> SigningIn:
    """Tell how an account signs in, with these of its sessions."""
    return SigningIn(
        [LABELS[method] for method in methods_of(account, now=now)],
        opened.browsers(shown),
        hidden,
        len(devices.live(account, now=now)),
        bool(strong_methods(account)),
    )


def shown(account: Account, *, now: datetime) -> SigningIn:
    """Tell how an account signs in, with all its sessions."""
    return describe(account, opened.live(account, now=now), now=now)


def strong_names(account: Account) -> list[str]:
    """The names of an account's strong second factors, the strongest first."""
    has = strong_methods(account)
    return [str(label) for method, label in LABELS.items() if method in has]


def ensure_other(account: Account, *, by: Seat) -> None:
    """Raise OwnSignIn where somebody acts on their own account."""
    if account.id == by.account.id:
        raise OwnSignIn()


def reset(account: Account, *, by: Seat, now: datetime) -> None:
    """Remove every strong second factor of somebody who has lost them.

    Raises OwnSignIn, NothingToReset.
    """
    _hold(account)
    ensure_other(account, by=by)
    resetting.reset(account, by=by, now=now)


def end_session(account: Account, session_id: str, *, by: Seat, now: datetime) -> None:
    """End one session of somebody else. Raises OwnSignIn, NotFound."""
    ensure_other(account, by=by)
    sessions.end(pick(opened.live(account, now=now), session_id), now=now)
    record_everywhere(events.SESSIONS_ENDED, account=account, by=by, now=now, count=1)


def end_all(account: Account, *, by: Seat, now: datetime) -> None:
    """End every session of somebody else, and every sign-in half done. Raises OwnSignIn."""
    ensure_other(account, by=by)
    record_everywhere(
        events.SESSIONS_ENDED,
        account=account,
        by=by,
        now=now,
        count=sessions.end_all(account, now=now),
    )


def distrust(account: Account, *, by: Seat, now: datetime) -> None:
    """Ask for the second step in each of somebody's browsers again. Raises OwnSignIn."""
    ensure_other(account, by=by)
    devices.revoke_all(account, by=by, now=now)


def _hold(account: Account) -> None:
    """Let other changes of this account wait. Raises NotFound where it is gone."""
    if db.session.get(Account, account.id, populate_existing=True, with_for_update=True) is None:
        raise NotFound()
