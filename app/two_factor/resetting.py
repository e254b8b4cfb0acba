"""Resetting: every second factor of somebody who has lost them goes at once.

Here: that verb, and its smaller sister for what was added lately. Not here: who may ask for it
(members), what an organization asks for afterwards (access.two_factor).
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete

from app.access.seat import Seat
from app.access.two_factor import Method
from app.activity import two_factor_events
from app.activity.service import record_everywhere
from app.extensions import db
from app.kernel.errors import Refusal
from app.kernel.i18n import lazy
from app.models import Account, AuthenticatorApp, Passkey, RecoveryCode
from app.outbox import service as outbox
from app.sessions import service as sessions
from app.two_factor import apps, devices, mail, recovery
from app.two_factor.methods import strong_methods


class NothingToReset(Refusal):
    """Codes by mail need no reset: they go to the address of the account."""

    status = 409
    text = lazy(
        "There is nothing to reset: this account has neither an authenticator app nor a passkey."
    )


def forget_since(account: Account, since: datetime, *, now: datetime) -> None:
    """Remove what was added from a moment on, when somebody else may have had the account; no
    device is trusted any more.

    What is older stays, so that whoever gets hold of a mailbox still meets the second step.
    """
    removed = [
        method
        for method, table in (
            (Method.PASSKEY, Passkey),
            (Method.APP, AuthenticatorApp),
            (Method.RECOVERY, RecoveryCode),
        )
        if db.session.scalars(
            delete(table)
            .where(table.account_id == account.id, table.created_at >= since)
            .returning(table.id)
        ).all()
    ]
    apps.factor_removed(account, now=now)
    if strong := [one for one in removed if one is not Method.RECOVERY]:
        record_everywhere(
            two_factor_events.SECOND_FACTOR_RESET,
            account=account,
            by=account,
            now=now,
            removed=strong,
        )


def reset(account: Account, *, by: Seat | Account | None, now: datetime) -> None:
    """Remove app, passkeys and recovery codes, trust no device, end every session, and tell the
    owner by letter.

    Whether codes by mail are on stays as it is. `by` is None for the operator's commands. Raises
    NothingToReset.
    """
    had = strong_methods(account)
    if not had:
        raise NothingToReset()
    for table in (AuthenticatorApp, Passkey):
        db.session.execute(delete(table).where(table.account_id == account.id))
    recovery.drop(account)
    devices.end_all(account, now)
    sessions.end_all(account, now=now)
    record_everywhere(
        two_factor_events.SECOND_FACTOR_RESET,
        account=account,
        by=by,
        now=now,
        removed=[one for one in Method if one in had],
    )
    outbox.post(
        mail.second_factor_reset(account, by=by.account if isinstance(by, Seat) else by, now=now),
        now=now,
    )
