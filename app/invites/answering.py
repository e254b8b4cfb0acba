"""Answering: what the invited person does with an invitation (S1-04, S1-05, D-5), or that nobody
answered in time.

Here: finding one by its link, accepting, declining, signing up; noting in the log, once, what has
expired (B-14), and telling whoever sent it (T2-111). Not here: sending (invites.sending), what
expired invitations can still do (invites.service), signing in (sign_in).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import partial
from typing import Unpack

from sqlalchemy import Select, select

from app.access.authorities import Authority
from app.access.guard import lock_organization
from app.access.seat import effective_authorities
from app.accounts.identity import ensure_registrable
from app.accounts.policy import Identity
from app.accounts.service import register_account
from app.activity import events
from app.extensions import db
from app.invites import mail
from app.invites.service import close, record
from app.jobs.steps import until_done
from app.kernel.errors import NotFound, Refusal
from app.kernel.i18n import lazy
from app.kernel.tokens import digest
from app.memberships import joining
from app.models import Account, Activity, Invite, InviteStatus, Membership
from app.offers.offer import Offer
from app.outbox import service as outbox
from app.outbox.message import UnsendableAddress
from app.passwords import service as passwords


class NotInvited(Refusal):
    """Somebody else's invitation."""

    status = 403
    text = lazy("This invitation was sent to another address.")


class AddressNotVerified(Refusal):
    """An address that nobody has shown to be theirs."""

    status = 403
    text = lazy(
        "Your e-mail address is not verified yet. Open the link in the invitation’s letter instead."
    )


def find(token: str) -> Invite:
    """Return the invitation of a link; raise NotFound for links that were replaced or
    never were."""
    invite = find_by_digest(digest(token))
    if invite is None:
        raise NotFound()
    return invite


def find_by_digest(token_digest: str) -> Invite | None:
    """Return the invitation whose link has this digest."""
    return db.session.scalars(
        select(Invite).where(Invite.token_digest == token_digest)
    ).one_or_none()


def accept(invite: Invite, *, account: Account, by_link: bool, now: datetime) -> Membership:
    """Join the organization as offered, once; an address that came by its link is verified by it.

    Raises NotInvited, AddressNotVerified, InviteOver.
    """
    _ensure_theirs(invite, account, by_link=by_link)
    lock_organization(
        invite.organization_id
    )  # before the invitation, as whoever suspends its sender does
    close(invite, InviteStatus.ACCEPTED, now=now, account_id=account.id)
    if by_link:
        account.email_verified_at = account.email_verified_at or now
    membership = _membership(invite, account, now=now)
    record(events.INVITE_ACCEPTED, invite, by=account, now=now)
    _tell_inviter(invite, account)
    return membership


def decline(invite: Invite, *, account: Account, by_link: bool, now: datetime) -> None:
    """Say no, once. Raises NotInvited, AddressNotVerified, InviteOver."""
    _ensure_theirs(invite, account, by_link=by_link)
    close(invite, InviteStatus.DECLINED, now=now, account_id=account.id)
    record(events.INVITE_DECLINED, invite, by=account, now=now)
    _tell_inviter(invite, account)


def sign_up(
    invite: Invite, *, password: str, now: datetime, **identity: Unpack[Identity]
) -> Account:
    """Make the account of an invited address, verified by the letter's link, and accept where the
    invitation is still open.

    Of a cancelled invitation nothing but the account is left (S3-52): its link may have been
    cancelled for being in the wrong hands, so it verifies nothing. Raises the refusals of accounts
    and passwords.
    """
    identity["email"] = invite.address
    ensure_sign_up(invite, identity, password=password, now=now)
    is_chosen = identity.get("time_zone") != invite.organization.time_zone
    account = register_account(**identity, zone_is_chosen=is_chosen, now=now)
    account.email_verified_at = now if invite.is_open(now) else None
    passwords.set_password(
        account, password, by=account, now=now, organizations=(invite.organization,)
    )
    if invite.is_open(now):
        accept(invite, account=account, by_link=True, now=now)
    return account


def ensure_sign_up(invite: Invite, identity: Identity, *, password: str, now: datetime) -> None:
    """Raise at once all that would be refused of the account of an invited address."""
    who: Identity = {**identity, "email": invite.address}
    ensure_registrable(who, password=password, organizations=(invite.organization,), now=now)


def _membership(invite: Invite, account: Account, *, now: datetime) -> Membership:
    there = select(Membership).where(
        Membership.account_id == account.id, Membership.organization_id == invite.organization_id
    )
    existing = db.session.scalars(there).one_or_none()
    if existing is not None:
        return existing
    return joining.join(
        invite.organization, account, offer=Offer.of(invite), now=now, invited_by=invite.inviter
    )


def _ensure_theirs(invite: Invite, account: Account, *, by_link: bool) -> None:
    if invite.address_key != account.email_key:
        raise NotInvited()
    if not by_link and account.email_verified_at is None:
        raise AddressNotVerified()


def _tell_inviter(invite: Invite, account: Account) -> None:
    inviter = invite.inviter
    if (
        inviter is not None
        and inviter.notifications
        and not inviter.is_suspended
        and invite.answered_at is not None
    ):
        outbox.post(mail.answered(invite, inviter, account), now=invite.answered_at)


JOB = "expired_invites"
BATCH = 100
NEWS = timedelta(days=7)
"""For how long it is worth a letter that an invitation expired."""


def note_expired(now: datetime) -> int:
    """Note every invitation whose time is over, organization by organization, committing in
    batches; return how many.
    """
    ids = db.session.scalars(_due(now).with_only_columns(Invite.organization_id).distinct()).all()
    return sum(until_done(partial(_note_some, organization_id, now)) for organization_id in ids)


def _note_some(organization_id: int, now: datetime) -> int:
    """Note some. Whoever looks at the same moment waits, and then finds them noted."""
    lock_organization(organization_id)
    invites = db.session.scalars(
        _due(now).where(Invite.organization_id == organization_id).order_by(Invite.id).limit(BATCH)
    ).all()
    for invite in invites:
        record(events.INVITE_EXPIRED, invite, by=None, now=now, expires_at=invite.expires_at)
    _tell_inviters([invite for invite in invites if now - invite.expires_at < NEWS], now=now)
    return len(invites)


def _tell_inviters(invites: Iterable[Invite], *, now: datetime) -> None:
    theirs: dict[Account, list[Invite]] = {}
    for invite in invites:
        if invite.inviter is not None:
            theirs.setdefault(invite.inviter, []).append(invite)
    for inviter, expired in theirs.items():
        if inviter.notifications and _can_invite_again(inviter, expired[0].organization_id):
            try:
                outbox.post(mail.expired(expired, inviter), now=now)
            except UnsendableAddress:
                continue  # the log has its lines all the same


def _can_invite_again(inviter: Account, organization_id: int) -> bool:
    """Whether they are still there, and still may."""
    membership = db.session.scalars(
        select(Membership).where(
            Membership.account_id == inviter.id, Membership.organization_id == organization_id
        )
    ).one_or_none()
    return (
        membership is not None
        and not inviter.is_suspended
        and Authority.MEMBER_MANAGER in effective_authorities(membership)
    )


def _due(now: datetime) -> Select[tuple[Invite]]:
    is_told = (
        select(Activity.id)
        .where(
            Activity.organization_id == Invite.organization_id,
            Activity.subject_id == Invite.id,
            Activity.event == events.INVITE_EXPIRED.name,
            Activity.happened_at >= Invite.expires_at,
        )
        .exists()
    )
    return select(Invite).where(
        Invite.status == InviteStatus.PENDING, Invite.expires_at <= now, ~is_told
    )
