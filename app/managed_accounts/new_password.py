"""A new password is required: whoever signs in with a managed account sets another one first.

Here: for whom that is possible, and the verb. Not here: setting a password for somebody
(managed_accounts.service), the page that asks for it (sign_in.password_views).
"""

from __future__ import annotations

from datetime import datetime

from app.access.locks import look_again
from app.access.seat import Seat
from app.activity import events
from app.activity import service as activity
from app.extensions import db
from app.kernel.errors import Refusal
from app.kernel.i18n import lazy
from app.managed_accounts.service import ensure_managed
from app.models import Membership


class NoPasswordYet(Refusal):
    """Nothing to replace: the first password is set with the link of the first sign-in."""

    status = 409
    text = lazy("This member has not set a password yet.")


class RequiredAlready(Refusal):
    """Asked for before, and not done yet."""

    status = 409
    text = lazy("This member already has to set a new password.")


def require(membership: Membership, *, by: Seat, now: datetime) -> None:
    """Let a member’s account open nothing until its owner has set a new password, which the next
    page asks for. Raises the refusals of ensure_requirable.
    """
    look_again(membership, by=by)
    ensure_requirable(membership, by=by)
    membership.account.must_change_password = True
    db.session.flush()
    activity.record(
        events.PASSWORD_REQUIRED,
        now=now,
        by=by,
        organization=membership.organization,
        subject=membership.account,
    )


def ensure_requirable(membership: Membership, *, by: Seat) -> None:
    """Raise NoPasswordYet, RequiredAlready, and as managed_accounts.service.ensure_managed."""
    ensure_managed(membership, by=by)
    if not membership.account.password_hash:
        raise NoPasswordYet()
    if membership.account.must_change_password:
        raise RequiredAlready()
