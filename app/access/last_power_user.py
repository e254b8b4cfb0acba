"""The last power user: an organization always keeps one who can sign in (D-2).

Here: whether somebody is the last, and the refusal. Not here: the locks that the question is asked
under (access.locks).
"""

from __future__ import annotations

from sqlalchemy import func, select

from app.access.locks import lock_organization
from app.extensions import db
from app.kernel.errors import Refusal
from app.kernel.i18n import lazy
from app.models import Account, Membership, MemberType


class LastPowerUser(Refusal):
    """D-2: an organization always keeps one power user who can sign in."""

    status = 409
    text = lazy(
        "The last power user cannot be removed, suspended or made a general user. Name another one"
        " first."
    )


def ensure_not_last_power_user(membership: Membership) -> None:
    """Raise LastPowerUser unless another power user who can sign in remains; call it before the
    change, in its transaction.
    """
    if membership.is_power and not membership.is_suspended:
        lock_organization(membership.organization_id)
        if is_last_power_user(membership):
            raise LastPowerUser()


def is_last_power_user(membership: Membership) -> bool:
    """Whether no other power user who can sign in would remain; without a lock, good enough to
    show.
    """
    if not membership.is_power or membership.is_suspended:
        return False
    return not db.session.scalar(
        select(func.count(Membership.id))
        .join(Account, Account.id == Membership.account_id)
        .where(
            Membership.organization_id == membership.organization_id,
            Membership.id != membership.id,
            Membership.type == MemberType.POWER,
            Membership.suspended_at.is_(None),
            Account.suspended_at.is_(None),
        )
    )
