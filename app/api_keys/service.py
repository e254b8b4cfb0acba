"""API keys' verbs: issue, revoke.

Here: what can happen to a key. Not here: the seat it gives (api_keys.authenticating), what goes
with a holder who leaves (api_keys.hooks), letters (api_keys.mail), the screens.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, func, select, update

from app.access.authorities import everything, with_required
from app.access.granting import Doing
from app.access.guard import hold_account, wait_turn
from app.access.seat import Seat, standing_authorities
from app.activity import events
from app.activity import service as activity
from app.activity.events import Event
from app.activity.service import Actor
from app.api_keys import mail, refusals, secrets
from app.api_keys.secrets import scopes_of
from app.extensions import db
from app.http.rate_limit import Limit
from app.kernel.errors import NotFound
from app.models import Account, Membership, PortalKey
from app.models.portal_key import is_working
from app.outbox import service as outbox

MOST_KEYS = 20
DAYS, MOST_DAYS = 30, 365
REMIND_BEFORE = timedelta(days=7)
NAME_LENGTH = 64

ISSUED = Limit("api-keys-issued", "20 per hour", refusals.TooManyIssued)


def issue(
    holder: Membership,
    *,
    name: str,
    scopes: Iterable[str],
    days: int = DAYS,
    prefix: str = "",
    by: Seat,
    now: datetime,
) -> tuple[PortalKey, str]:
    """Make a key for oneself or for a service account (S0-10); return it and its secret, which
    nobody can read again.

    `prefix` names the attempt: sent twice, it makes one key. Raises KeyMakesKeys, NotYourKey,
    AboveYourself (D-1), BeyondHolder, NothingChosen, NoName, DaysOutOfRange, TooManyKeys,
    TooManyIssued, MadeAlready, SessionOver.
    """
    wait_turn(holder.organization, by=by)
    hold_account(by.account, by.session)
    _ensure_may_issue(holder, by=by)
    chosen = _settled(scopes, holder, by=by)
    if not 1 <= days <= MOST_DAYS:
        raise refusals.DaysOutOfRange(most=MOST_DAYS)
    if not name.strip() or len(name.strip()) > NAME_LENGTH:
        raise refusals.NoName(most=NAME_LENGTH)
    _ensure_room(holder, prefix, now=now)
    ISSUED.spend(by.account.id)
    made = secrets.make(prefix)
    key = _added(made, holder, name=name.strip(), scopes=chosen, days=days, by=by, now=now)
    _tell_issued(key, by=by, now=now)
    return key, made.secret


def revoke(key: PortalKey, *, by: Seat, now: datetime) -> None:
    """Let a key work no more, at once (S0-11): one's own, or that of somebody one covers (D-1).
    Raises AboveYourself, KeyOver, NotYourKey.
    """
    if by.scopes is not None:
        raise refusals.KeyMakesKeys()
    if key.account_id != by.account.id:
        wait_turn(key.organization, by=by)
    ensure_may_revoke(key, by=by)
    claim = (
        update(PortalKey)
        .where(PortalKey.id == key.id, PortalKey.revoked_at.is_(None))
        .values(revoked_at=now)
        .returning(PortalKey.id)
    )
    if db.session.scalar(claim, execution_options={"synchronize_session": False}) is None:
        raise refusals.KeyOver()
    _end(key, by=by, now=now)
    if key.account_id != by.account.id and not key.account.is_service:
        outbox.post(mail.revoked(key, by=by), now=now)


def revoke_all(*which: ColumnElement[bool], by: Actor | Account, now: datetime) -> None:
    """Let every key that still works, and for which these conditions hold, work no more."""
    for key in db.session.scalars(select(PortalKey).where(is_working(now), *which)).all():
        _end(key, by=by, now=now)


def _end(key: PortalKey, *, by: Actor | Account, now: datetime) -> None:
    key.revoked_at, key.revoked_by = now, _name_of(by)
    _record(events.KEY_REVOKED, key, by=by, now=now)


def _record(
    event: Event, key: PortalKey, *, by: Actor | Account, now: datetime, **more: Any
) -> None:
    """Tell the log of the key's organization."""
    what: dict[str, Any] = {"subject": key.account, "key": key.label, "authorities": scopes_of(key)}
    activity.record(event, now=now, by=by, organization=key.organization, **what, **more)


def _name_of(by: Actor | Account) -> str:
    return (by if isinstance(by, Account) else by.account).written_name


def ensure_may_revoke(key: PortalKey, *, by: Seat) -> None:
    """Raise KeyOver for a key that was revoked, NotYourKey or AboveYourself where it is neither
    one's own nor that of somebody one covers.
    """
    if key.revoked_at is not None:
        raise refusals.KeyOver()
    if key.account_id == by.account.id:
        return
    if by.organization is None or by.organization.id != key.organization_id:
        raise refusals.NotYourKey()
    holder = membership_of(key)
    if holder is not None:
        by.must_cover_member(holder)


def membership_of(key: PortalKey) -> Membership | None:
    """The membership of a key's holder; None once it has ended."""
    return db.session.scalars(
        select(Membership).where(
            Membership.account_id == key.account_id,
            Membership.organization_id == key.organization_id,
        )
    ).one_or_none()


def _ensure_may_issue(holder: Membership, *, by: Seat) -> None:
    if by.scopes is not None:
        raise refusals.KeyMakesKeys()
    fresh = db.session.get(Membership, holder.id, populate_existing=True)
    if fresh is None:
        raise NotFound()
    own = by.membership is not None and holder.id == by.membership.id
    if not own and not holder.account.is_service:
        raise refusals.NotYourKey()
    if not own:
        by.must_cover_member(holder)
    suspended = db.session.scalar(
        select(Account.suspended_at).where(Account.id == holder.account_id)
    )
    if holder.is_suspended or suspended is not None:
        raise refusals.HolderSuspended()


def _settled(scopes: Iterable[str], holder: Membership, *, by: Seat) -> frozenset[str]:
    """What a key is limited to: nothing beyond whoever makes it, ordinary authorities neither, for
    they read its secret (D-1); nor beyond its holder.
    """
    chosen, held = with_required(scopes), standing_authorities(holder)
    by.must_hold(chosen, to=Doing.ISSUE_KEY)
    if not chosen <= held:
        raise refusals.BeyondHolder()
    if held and not chosen:
        raise refusals.NothingChosen()
    return chosen


def _ensure_room(holder: Membership, prefix: str, *, now: datetime) -> None:
    if prefix and db.session.scalar(select(PortalKey.id).where(PortalKey.prefix == prefix)):
        raise refusals.MadeAlready()
    live = select(func.count(PortalKey.id)).where(
        PortalKey.account_id == holder.account_id,
        PortalKey.organization_id == holder.organization_id,
        is_working(now),
    )
    if (db.session.scalar(live) or 0) >= MOST_KEYS:
        raise refusals.TooManyKeys(most=MOST_KEYS)


def _added(
    made: secrets.Made,
    holder: Membership,
    *,
    name: str,
    scopes: frozenset[str],
    days: int,
    by: Seat,
    now: datetime,
) -> PortalKey:
    key = PortalKey(
        organization=holder.organization,
        account=holder.account,
        name=name,
        prefix=made.prefix,
        secret_digest=made.digest,
        scopes=scopes,
        is_whole=everything() <= scopes,
        created_at=now,
        created_by=_name_of(by),
        expires_at=now + timedelta(days=days),
        last_ip="",
        revoked_by="",
        reminded_at=now if timedelta(days=days) <= REMIND_BEFORE else None,
    )
    db.session.add(key)
    db.session.flush()
    return key


def _tell_issued(key: PortalKey, *, by: Seat, now: datetime) -> None:
    _record(events.KEY_ISSUED, key, by=by, now=now, expires_at=key.expires_at)
    outbox.post(
        mail.issued(key, to=by.account if key.account.is_service else key.account, by=by),
        now=now,
    )
