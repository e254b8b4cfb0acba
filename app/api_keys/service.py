"""API keys' verbs: issue, revoke, authenticate.

Here: what can happen to a key, and the seat it gives. Not here: what goes with a holder who leaves
(accounts.keys), letters (api_keys.mail), the screens.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import func, or_, select, update
from sqlalchemy.orm import contains_eager, joinedload

from app.access import two_factor
from app.access.authorities import with_required
from app.access.granting import Doing
from app.access.guard import hold_account, wait_turn
from app.access.seat import Seat, standing_authorities
from app.accounts.keys import name_of
from app.accounts.keys import revoke as revoke_these
from app.activity import events
from app.activity import service as activity
from app.api_keys import mail, refusals, secrets
from app.extensions import db
from app.kernel.errors import NotFound
from app.kernel.tokens import digest, same
from app.models import Account, MemberRole, Membership, PortalKey
from app.models.member_role import membership_role
from app.models.portal_key import is_working
from app.outbox import service as outbox
from app.web.throttle import Limit

MOST_KEYS = 20
DAYS, MOST_DAYS = 30, 365
REMIND_BEFORE = timedelta(days=7)
NAME_LENGTH = 64
NOTED_EVERY = timedelta(minutes=2)

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
    key = PortalKey(
        organization=holder.organization,
        account=holder.account,
        name=name.strip(),
        prefix=made.prefix,
        secret_digest=made.digest,
        scopes=chosen,
        created_at=now,
        created_by=name_of(by),
        expires_at=now + timedelta(days=days),
        last_ip="",
        revoked_by="",
        reminded_at=now if timedelta(days=days) <= REMIND_BEFORE else None,
    )
    db.session.add(key)
    db.session.flush()
    activity.record(
        events.KEY_ISSUED,
        now=now,
        by=by,
        organization=holder.organization,
        subject=holder.account,
        key=key.label,
        authorities=chosen,
        expires_at=key.expires_at,
    )
    outbox.post(
        mail.issued(key, to=by.account if holder.account.is_service else holder.account, by=by),
        now=now,
    )
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
    revoke_these([key], by=by, now=now)
    if key.account_id != by.account.id and not key.account.is_service:
        outbox.post(mail.revoked(key, by=by), now=now)


def ensure_may_revoke(key: PortalKey, *, by: Seat) -> None:
    """Raise NotYourKey or AboveYourself where a key is neither one's own nor that of somebody one
    covers.
    """
    if key.account_id == by.account.id:
        return
    if by.organization is None or by.organization.id != key.organization_id:
        raise refusals.NotYourKey()
    holder = membership_of(key)
    if holder is not None:
        by.must_cover_member(holder)


def authenticate(secret: str, *, ip: str, now: datetime) -> Seat:
    """Return the seat that an API key gives: its holder's in its organization, narrowed to its
    scopes, as things stand at this moment.

    Never the platform administrator's. That it was used is noted at most every two minutes, in a
    transaction of its own, so ask before anything is written. Raises KeyUnknown, KeyRevoked,
    KeyExpired (401), HolderShutOut, AccessWithheld (403).
    """
    key = _key_of(secret)
    if key.revoked_at is not None:
        raise refusals.KeyRevoked()
    if not key.works(now):
        raise refusals.KeyExpired()
    membership = _standing_of(key)
    if membership is None or membership.is_suspended or key.account.is_suspended:
        raise refusals.HolderShutOut()
    seat = Seat(
        account=key.account,
        organization=key.organization,
        membership=membership,
        memberships=[membership],
        scopes=key.scopes,
        via=key.label,
        key_id=key.id,
    )
    if two_factor.is_withheld(seat, now=now):
        raise two_factor.AccessWithheld()
    _note_use(key, membership, ip=ip, now=now)
    return seat


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


def _key_of(secret: str) -> PortalKey:
    whole = (
        select(PortalKey)
        .where(PortalKey.prefix == secrets.prefix_of(secret))
        .join(PortalKey.account)
    )
    found = db.session.scalars(
        whole.options(contains_eager(PortalKey.account), joinedload(PortalKey.organization))
    ).one_or_none()
    if not same(found.secret_digest if found else digest(""), digest(secret)) or found is None:
        raise refusals.KeyUnknown()
    return found


def _standing_of(key: PortalKey) -> Membership | None:
    held = membership_role  # joined one by one, as in access.seat
    return (
        db.session.scalars(
            select(Membership)
            .where(
                Membership.account_id == key.account_id,
                Membership.organization_id == key.organization_id,
            )
            .outerjoin(held, held.c.membership_id == Membership.id)
            .outerjoin(MemberRole, MemberRole.id == held.c.role_id)
            .options(contains_eager(Membership.roles))
        )
        .unique()
        .one_or_none()
    )


def _note_use(key: PortalKey, membership: Membership, *, ip: str, now: datetime) -> None:
    if key.last_used_at is not None and now - key.last_used_at < NOTED_EVERY:
        return
    is_due = or_(PortalKey.last_used_at.is_(None), PortalKey.last_used_at <= now - NOTED_EVERY)
    with db.engine.begin() as connection:
        connection.execute(
            update(PortalKey)
            .where(PortalKey.id == key.id, is_due)
            .values(last_used_at=now, last_ip=ip[:45])
        )
        connection.execute(
            update(Membership).where(Membership.id == membership.id).values(last_access_at=now)
        )
