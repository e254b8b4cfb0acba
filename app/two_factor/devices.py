"""Trusted devices: browsers that are not asked for the second step for 30 days, after the right
password.

Here: trusting, recognizing and ending them. Not here: the cookie (sign_in.cookies), the list of
one's own (profile).
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, CursorResult, and_, literal, not_, or_, select, update

from app.access import two_factor as rule
from app.access.locks import lock_account
from app.access.two_factor import Method
from app.activity import two_factor_events
from app.activity.service import Actor, record_everywhere
from app.extensions import db
from app.kernel.tokens import digest, new_token
from app.models import Account, TrustedDevice

LIFE = timedelta(days=30)
MOST = 100


def trust(account: Account, method: Method, *, ip: str, user_agent: str, now: datetime) -> str:
    """Remember a browser in which the second step was just taken; return the key that only its
    cookie keeps.
    """
    key = new_token()
    db.session.add(
        TrustedDevice(
            account=account,
            key_digest=digest(key),
            method=method,
            created_at=now,
            last_used_at=now,
            expires_at=now + LIFE,
            ip=ip[:45],
            user_agent=user_agent[:300],
        )
    )
    db.session.flush()
    record_everywhere(two_factor_events.DEVICE_TRUSTED, account=account, by=account, now=now)
    return key


def recognize(account: Account, key: str, *, now: datetime) -> bool:
    """Whether a browser with this key need not take the second step; that it was used is noted."""
    if not key:
        return False
    lock_account(account.id)
    this = (
        TrustedDevice.account_id == account.id,
        TrustedDevice.key_digest == digest(key),
        _counts(account, now),
    )
    noted = update(TrustedDevice).where(*this).values(last_used_at=now).returning(TrustedDevice.id)
    return db.session.scalar(noted, execution_options={"synchronize_session": False}) is not None


def live(account: Account, *, now: datetime) -> list[TrustedDevice]:
    """Return the devices that are trusted now, last used first."""
    rows = select(TrustedDevice).where(
        TrustedDevice.account_id == account.id, _counts(account, now)
    )
    return list(
        db.session.scalars(
            rows.order_by(TrustedDevice.last_used_at.desc(), TrustedDevice.id.desc()).limit(MOST)
        )
    )


def revoke(device: TrustedDevice, *, by: Actor, now: datetime) -> None:
    """Ask for the second step in this browser again."""
    device.ended_at = device.ended_at or now
    record_everywhere(two_factor_events.DEVICES_ENDED, account=device.account, by=by, now=now)


def revoke_all(account: Account, *, by: Actor, now: datetime) -> int:
    """Ask for the second step in every browser again; return how many were trusted."""
    ended = end_all(account, now=now)
    if ended:
        record_everywhere(two_factor_events.DEVICES_ENDED, account=account, by=by, now=now)
    return ended


def end_all(account: Account, now: datetime) -> int:
    """Trust no device of an account any more, as part of something that is told of itself; return
    how many were trusted.
    """
    db.session.flush()
    ended = db.session.execute(
        update(TrustedDevice)
        .where(
            TrustedDevice.account_id == account.id,
            TrustedDevice.ended_at.is_(None),
            TrustedDevice.expires_at > now,
        )
        .values(ended_at=now)
    )
    return ended.rowcount if isinstance(ended, CursorResult) else 0


def _counts(account: Account, now: datetime) -> ColumnElement[bool]:
    """The condition that a device is trusted: one that a letter vouched for is not, once its owner
    has something stronger.
    """
    who = literal(account.id)
    enough = or_(
        TrustedDevice.method != Method.MAIL, not_(or_(rule.has_app(who), rule.has_passkey(who)))
    )
    return and_(TrustedDevice.ended_at.is_(None), TrustedDevice.expires_at > now, enough)
