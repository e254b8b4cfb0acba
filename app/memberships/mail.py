"""Letters to members about their membership.

Here: what is told, in the recipient's language. Not here: posting (outbox.service), the words
(templates/mail/).
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from app.access.authorities import CATALOGUE
from app.access.seat import Seat
from app.member_roles.builtin import role_name
from app.models import MemberRole, Membership
from app.offers.offer import Offer
from app.outbox.service import Draft, portal_url


def suspended(membership: Membership, *, by: Seat, now: datetime) -> Draft:
    """「利用停止のお知らせ」"""
    return _draft(
        "membership_suspended", membership, by=by, now=now, reason=membership.suspended_reason
    )


def reinstated(membership: Membership, *, by: Seat, now: datetime) -> Draft:
    """「利用再開のお知らせ」"""
    return _draft("membership_reinstated", membership, by=by, now=now)


def removed(membership: Membership, *, by: Seat, now: datetime) -> Draft:
    """「組織からの削除のお知らせ」"""
    return _draft("membership_removed", membership, by=by, now=now)


def added(membership: Membership, *, by: Seat, now: datetime) -> Draft:
    """「組織への追加のお知らせ」, for somebody who already had an account."""
    return _draft("membership_added", membership, by=by, now=now)


def changed(membership: Membership, before: Offer, *, by: Seat, now: datetime) -> Draft:
    """「権限変更のお知らせ」: what was gained and lost."""
    after = Offer.of(membership)
    names: dict[str, list[Any]] = {
        "roles_gained": _roles(after, before),
        "roles_lost": _roles(before, after),
        "gained": _names(after.authorities - before.authorities),
        "lost": _names(before.authorities - after.authorities),
    }
    became = str(after.type) if after.type is not before.type else ""
    return _draft(
        "membership_changed",
        membership,
        by=by,
        now=now,
        became=became,
        role_name=role_name,
        **names,
    )


def _roles(of: Offer, without: Offer) -> list[MemberRole]:
    return [role for role in of.roles if role not in without.roles]


def _names(keys: frozenset[str]) -> list[Any]:
    return [entry.name for key, entry in CATALOGUE.items() if key in keys]


def _draft(kind: str, membership: Membership, *, by: Seat, now: datetime, **words: Any) -> Draft:
    account, organization = membership.account, membership.organization
    home = portal_url(f"/o/{organization.code}/")
    return Draft(
        kind=kind,
        to=account.email,
        language=account.language,
        organization=organization,
        words={"account": account, "by": by.account, "at": now, "home_url": home, **words},
    )
