"""Managed accounts: the identity of people whom the organization registered itself (D-C3).

Here: whether this organization may edit an account, and the verb. Not here: what an identity is
(accounts), one's own (profile).
"""

from __future__ import annotations

from datetime import datetime
from typing import Unpack

from app.access.locks import look_again
from app.access.persons import ensure_person
from app.access.seat import Seat
from app.accounts import locking
from app.accounts import queries as accounts_queries
from app.accounts import service as accounts
from app.accounts.policy import IdentityEdit
from app.kernel.errors import Refusal, obstacle
from app.kernel.i18n import lazy
from app.models import Membership
from app.passwords import links
from app.passwords import service as passwords


class NotManaged(Refusal):
    """The organization did not register this account."""

    status = 403
    text = lazy(
        "This organization did not register the account, so only its owner can change the name and"
        " e-mail."
    )


class BelongsElsewhere(Refusal):
    """Another organization relies on this account too."""

    status = 403
    text = lazy(
        "The account belongs to another organization too, so only its owner can change the name and"
        " e-mail."
    )


class OwnAccount(Refusal):
    """One's own identity asks for one's own password, which the profile does."""

    status = 409
    text = lazy("This is your own account. Change it in your profile.")


class RunsPlatform(Refusal):
    """D-1: whoever sets a platform administrator's password would become one."""

    status = 403
    text = lazy("This is a platform administrator’s account. Only its owner can change it.")


def edit_account(
    membership: Membership,
    *,
    password: str | None = None,
    by: Seat,
    now: datetime,
    **identity: Unpack[IdentityEdit],
) -> None:
    """Change a managed account's identity, 2-step verification and password (None: unchanged)
    (S2-25, S2-29). Whoever never signed in gets the letter of the first sign-in anew where the
    address or the password changed.

    Raises OwnAccount, NotManaged, BelongsElsewhere, RunsPlatform, AboveYourself, WeakPassword and
    the refusals of accounts.service.edit_identity.
    """
    look_again(membership, by=by)
    ensure_managed(membership, by=by)
    account, organization = membership.account, membership.organization
    accounts.edit_identity(account, by=by, organization=organization, now=now, **identity)
    if password:
        passwords.set_password(account, password, by=by, now=now)
        if account.last_sign_in_at is None:
            links.send_first_sign_in(account, organization, password, now=now)


def unlock(membership: Membership, *, by: Seat, now: datetime) -> None:
    """Let a member whom wrong passwords shut out try again. Raises NotLocked, and as
    ensure_managed.
    """
    look_again(membership, by=by)
    ensure_managed(membership, by=by)
    locking.unlock(membership.account, by=by, now=now)


def locked_until(membership: Membership, *, by: Seat, now: datetime) -> datetime | None:
    """Until when a member's account is shut; None for who does not manage the account."""
    until = membership.account.locked_until
    if not locking.is_locked(until, now=now) or obstacle(lambda: ensure_managed(membership, by=by)):
        return None
    return until


def ensure_managed(membership: Membership, *, by: Seat) -> None:
    """Raise unless this organization may edit the member's account; the platform administrator may
    edit any but their own.
    """
    if membership.account_id == by.account.id:
        raise OwnAccount()
    by.must_cover_member(membership)
    ensure_person(membership.account)
    if by.is_platform_administrator:
        return
    if membership.account.managed_by_id != membership.organization_id:
        raise NotManaged()
    if accounts_queries.organizations_of(membership.account) != [membership.organization_id]:
        raise BelongsElsewhere()
    if accounts_queries.is_platform_administrator(membership.account):
        raise RunsPlatform()
