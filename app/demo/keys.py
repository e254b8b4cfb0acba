"""The demo's keys: one of a person, one of a service account; and a member who is excepted from the
2-step rule for a while.

Here: writing them. Nobody knows the keys' secrets. Not here: people and organizations
(demo.service), the rest of the past (demo.history).
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select

from app.access.authorities import Authority as A
from app.activity import events, two_factor_events
from app.activity import service as activity
from app.extensions import db
from app.kernel.tokens import digest, new_public_id, new_token
from app.models import Account, Membership, MemberType, Organization, PortalKey, TwoFactorException

READS = frozenset(map(str, (A.USER_VIEWER, A.ORGANIZATION_INVITATION_VIEWER)))
LOGIN_ID = "kintai"
SERVICE, KEY, OWN_KEY = "勤怠システム連携", "毎晩の同期", "メンバー集計"
EXCEPTED, REASON = "kobayashi", "スマートフォンを交換中のため"


def write(organization: Organization, *, now: datetime) -> None:
    """Write both keys and the exception; who belongs to a bigger demo only is left out of a smaller
    one.
    """
    members = {
        membership.account.login_id: membership
        for membership in db.session.scalars(
            select(Membership)
            .join(Membership.account)
            .where(
                Membership.organization_id == organization.id,
                Account.login_id_key.in_(("tanaka", EXCEPTED)),
            )
        )
    }
    tanaka = members["tanaka"]
    made, used = now - timedelta(days=40), now - timedelta(hours=9)
    service = _service_account(organization, made, used, by=tanaka.account)
    _issue(service, KEY, by=tanaka.account, at=made, used=used)
    _issue(tanaka, OWN_KEY, by=tanaka.account, at=now - timedelta(days=25), used=None)
    if EXCEPTED in members:
        _except(members[EXCEPTED], by=tanaka.account, at=now - timedelta(days=2))
    db.session.flush()


def _service_account(
    organization: Organization, at: datetime, used: datetime, *, by: Account
) -> Membership:
    account = Account(
        is_service=True,
        family_name=SERVICE,
        given_name="",
        login_id=LOGIN_ID,
        email=f"{LOGIN_ID}@service.invalid",
        language=organization.language,
        time_zone=organization.time_zone,
        notifications=False,
        created_at=at,
    )
    db.session.add(account)
    db.session.flush()
    member = Membership(
        account=account,
        organization=organization,
        type=MemberType.GENERAL,
        authorities=READS,
        joined_at=at,
        last_access_at=used,
    )
    db.session.add(member)
    db.session.flush()
    activity.record(
        events.ACCOUNT_REGISTERED, now=at, by=by, organization=organization, subject=account
    )
    activity.record(
        events.MEMBER_ADDED,
        now=at,
        by=by,
        organization=organization,
        subject=member,
        type=member.type,
        roles=[],
        authorities=READS,
    )
    return member


def _issue(
    holder: Membership, name: str, *, by: Account, at: datetime, used: datetime | None
) -> None:
    key = PortalKey(
        account=holder.account,
        organization=holder.organization,
        name=name,
        prefix=new_public_id(),
        secret_digest=digest(new_token()),
        scopes=READS,
        created_at=at,
        created_by=by.written_name,
        expires_at=at + timedelta(days=90),
        last_used_at=used,
        last_ip="192.0.2.10" if used else "",
    )
    db.session.add(key)
    activity.record(
        events.KEY_ISSUED,
        now=at,
        by=by,
        organization=holder.organization,
        subject=holder,
        key=key.label,
        authorities=sorted(READS),
        expires_at=key.expires_at,
    )


def _except(member: Membership, *, by: Account, at: datetime) -> None:
    until = (at + timedelta(days=30)).replace(hour=14, minute=59, second=59)
    db.session.add(
        TwoFactorException(
            membership_id=member.id,
            until=until,
            reason=REASON,
            granted_by=by.written_name,
            created_at=at,
        )
    )
    activity.record(
        two_factor_events.TWO_FACTOR_EXCEPTED,
        now=at,
        by=by,
        organization=member.organization,
        subject=member,
        changes={"excepted_until_at": [None, until.isoformat()]},
        reason=REASON,
    )
