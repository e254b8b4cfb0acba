"""Sessions' verbs: open, touch, end.

Here: what a cookie's key points to. Not here: the cookie itself (sign_in.flow).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import CursorResult, exists, or_, select, update

from app.access.persons import ensure_person
from app.access.seat import Seat
from app.access.seating import runs_platform
from app.batches import waiting
from app.extensions import db
from app.kernel.tokens import digest, new_token
from app.models import Account, AccountSession, LoginCode, Membership
from app.models.session import IDLE_LIMIT, LIFE

TOUCH_EVERY = timedelta(minutes=2)


def open_session(
    account: Account, *, now: datetime, ip: str, user_agent: str, method: str = "password"
) -> tuple[AccountSession, str]:
    """Open a session; return its row and the key that only the cookie keeps."""
    ensure_person(account)
    key = new_token()
    row = AccountSession(
        account_id=account.id,
        key_digest=digest(key),
        created_at=now,
        last_used_at=now,
        expires_at=now + life_of(account.memberships),
        idle_until=now + idle_limit_of(account.memberships),
        proved_at=now,
        method=method,
        ip=ip[:45],
        user_agent=user_agent[:300],
    )
    account.last_sign_in_at = now
    db.session.add(row)
    db.session.flush()
    return row, key


def life_of(memberships: Iterable[Membership]) -> timedelta:
    """Return how long a session of somebody lasts at most: as long as the strictest of their
    organizations says.
    """
    return min(
        (
            timedelta(hours=one.organization.session_hours)
            for one in memberships
            if not one.is_suspended
        ),
        default=LIFE,
    )


def idle_limit_of(memberships: Iterable[Membership]) -> timedelta:
    """Return how long a session of somebody lasts unused, by the strictest of their
    organizations."""
    return min(
        (
            timedelta(minutes=one.organization.session_idle_minutes)
            for one in memberships
            if not one.is_suspended
        ),
        default=IDLE_LIMIT,
    )


def prove(session: AccountSession | None, *, method: str, now: datetime) -> None:
    """Note that a session's owner has just taken the second step; an organization that asks for it
    opens to them at once.
    """
    if session is not None:
        session.method, session.proved_at = method, now


def end(session: AccountSession, *, now: datetime) -> None:
    """End one session; it does not come back."""
    session.ended_at = session.ended_at or now


def weaken(account: Account, methods: Iterable[str], *, to: str) -> None:
    """Let the sessions that were opened with these methods count for what is left of them."""
    db.session.execute(
        update(AccountSession)
        .where(AccountSession.account_id == account.id, AccountSession.method.in_(methods))
        .values(method=to)
    )


def end_all(account: Account, *, now: datetime, but: AccountSession | None = None) -> int:
    """End every session of an account, and every sign-in half done, but one session; return how
    many ended (D-C1). What the account confirmed for many and has not begun is stopped.
    """
    waiting.stop_those_of(account, now=now)
    kept = but.id if but is not None else -1
    db.session.execute(
        update(LoginCode)
        .where(LoginCode.account_id == account.id, LoginCode.used_at.is_(None))
        .values(used_at=now)
    )
    ended = db.session.execute(
        update(AccountSession)
        .where(
            AccountSession.account_id == account.id,
            AccountSession.ended_at.is_(None),
            AccountSession.id != kept,
        )
        .values(ended_at=now)
    )
    return ended.rowcount if isinstance(ended, CursorResult) else 0


def enters_somewhere(account: Account) -> bool:
    """Whether there is an organization that an account can enter; the platform administrator needs
    none.
    """
    enters = exists().where(Membership.account_id == Account.id, Membership.suspended_at.is_(None))
    opens = select(Account.id).where(Account.id == account.id, or_(enters, runs_platform()))
    return db.session.scalar(opens) is not None


def touch(seat: Seat, *, now: datetime) -> bool:
    """Note that the session and the membership were used, at most every two minutes; return whether
    anything was written.
    """
    session, membership = seat.session, seat.membership
    if session is None:
        return False
    entered = seat.organization.id if seat.organization and membership else session.organization_id
    due = now - session.last_used_at >= TOUCH_EVERY or entered != session.organization_id
    if due:
        session.last_used_at, session.organization_id = now, entered
        session.idle_until = now + idle_limit_of(seat.memberships)
        session.expires_at = min(session.expires_at, session.created_at + life_of(seat.memberships))
    if (
        membership
        and seat.organization
        and (membership.last_access_at is None or now - membership.last_access_at >= TOUCH_EVERY)
    ):
        membership.last_access_at = now
        due = True
    return due
