"""Unregistering: taking back that somebody was registered, while they have never come in.

Here: the verb, and why it is too late. Not here: registering (managed_accounts.registering),
removing a member who was here (memberships.service).
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, select

from app.access.locks import look_again
from app.access.seat import Seat
from app.accounts import queries as accounts
from app.accounts import suspension
from app.extensions import db
from app.kernel.errors import Refusal
from app.kernel.i18n import lazy
from app.memberships import service as memberships
from app.models import (
    Account,
    Activity,
    Membership,
    Organization,
    PasswordLink,
    RetiredLoginId,
    with_ended,
)
from app.outbox import service as outbox


class UsedSince(Refusal):
    """Somebody came in, or set a password: the membership is theirs by now."""

    status = 409
    text = lazy("%(name)s has used this account since. Remove the member by hand.")


def unregister(
    membership: Membership, *, by: Seat, now: datetime, undoes: Activity | None = None
) -> None:
    """End a membership that nobody has used, and delete the account that was made for it; its login
    ID is free again. Whoever has not got the letter of the first sign-in gets none at all.

    Raises UsedSince, and as memberships.service.remove.
    """
    look_again(membership, by=by)
    ensure_unused(membership)
    account, organization = membership.account, membership.organization
    is_only_ours = _was_made_here(account, organization)
    was_waiting = outbox.withdraw_first_sign_in(account.email, now=now)
    memberships.remove(membership, tells=not was_waiting, by=by, now=now, undoes=undoes)
    if is_only_ours:
        key = account.login_id_key
        suspension.erase(account, organization=organization, by=by, now=now)
        db.session.execute(delete(RetiredLoginId).where(RetiredLoginId.login_id_key == key))


def ensure_unused(membership: Membership) -> None:
    """Raise UsedSince where somebody signed in with the account, or opened its link."""
    account = membership.account
    opened = select(PasswordLink.id).where(
        PasswordLink.account_id == account.id, PasswordLink.used_at.is_not(None)
    )
    chose = bool(account.password_hash) and not account.must_change_password
    opens = chose and db.session.scalar(opened.limit(1)) is not None
    if account.last_sign_in_at is not None or membership.last_access_at is not None or opens:
        raise UsedSince(name=account.written_name)


def _was_made_here(account: Account, organization: Organization) -> bool:
    """Whether nothing else holds an account: no other organization, ever."""
    if account.managed_by_id != organization.id or accounts.is_platform_administrator(account):
        return False
    elsewhere = select(Membership.id).where(
        Membership.account_id == account.id, Membership.organization_id != organization.id
    )
    return db.session.scalar(with_ended(elsewhere).limit(1)) is None
