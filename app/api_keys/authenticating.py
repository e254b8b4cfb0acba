"""Signing in with an API key: the seat that it gives.

Here: finding the key of a secret, its holder as they stand, noting the use. Not here: making and
revoking keys (api_keys.service), the request that brings one (rest.gate).
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import or_, select, update
from sqlalchemy.orm import contains_eager, joinedload

from app.access import two_factor
from app.access.seat import Seat
from app.api_keys import refusals, secrets
from app.api_keys.secrets import scopes_of
from app.extensions import db
from app.kernel.tokens import digest, same
from app.models import MemberRole, Membership, PortalKey
from app.models.member_role import membership_role

NOTED_EVERY = timedelta(minutes=2)


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
        scopes=scopes_of(key),
        via=key.label,
        key_id=key.id,
    )
    if two_factor.is_withheld(seat, now=now):
        raise two_factor.AccessWithheld()
    _note_use(key, membership, ip=ip, now=now)
    return seat


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
