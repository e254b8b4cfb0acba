"""How a member signs in, as those see and mend it who manage the member: second factors, open
sessions, trusted devices (B-51, B-68).

Here: whom an organization may help and whose sessions it may end, D-1. Not here: what a reset does
(two_factor.resetting), the same for the whole portal (account_access.signing_in).
"""

from __future__ import annotations

from datetime import datetime

from app.access.guard import look_again
from app.access.seat import Seat
from app.account_access import signing_in
from app.account_access.signing_in import SigningIn, ensure_other
from app.accounts import queries as accounts
from app.activity import events, two_factor_events
from app.kernel.errors import Refusal, pick
from app.kernel.i18n import lazy
from app.managed_accounts.service import RunsPlatform
from app.memberships.service import record
from app.models import AccountSession, Membership
from app.sessions import queries as opened
from app.sessions import service as sessions
from app.two_factor import devices, resetting
from app.two_factor.methods import strong_methods


class GuardsElsewhere(Refusal):
    """The second factor opens another organization, too, and this one did not register the
    account."""

    status = 403
    text = lazy(
        "This account belongs to another organization, too, and was not registered here. Only the"
        " platform administrator can reset it."
    )


class OpensElsewhere(Refusal):
    """A session belongs to the person: it opens other organizations, too (D-C11)."""

    status = 403
    text = lazy(
        "This organization did not register the account, so it cannot end a session. It can shut"
        " all sessions out of its own pages: “End all sessions”."
    )


def details_of(membership: Membership, *, by: Seat, now: datetime) -> SigningIn:
    """Tell how a member signs in."""
    every = _opening(membership, now=now)
    visible = _visible(membership, every, by=by)
    return signing_in.describe(
        membership.account, visible, hidden=len(every) - len(visible), now=now
    )


def reset(membership: Membership, *, by: Seat, now: datetime) -> None:
    """Remove every strong second factor of a member who has lost them; their sessions end, and they
    are told by letter.

    Where the organization's rule is strong, its pages stay closed until the member has set one up
    again. Raises the refusals of ensure_resettable.
    """
    look_again(membership, by=by)
    ensure_resettable(membership, by=by)
    resetting.reset(membership.account, by=by, now=now)


def end_session(membership: Membership, session_id: str, *, by: Seat, now: datetime) -> None:
    """End one of a member's sessions that the reader sees.

    Raises OwnSignIn, AboveYourself, RunsPlatform, OpensElsewhere, NotFound.
    """
    look_again(membership, by=by)
    ensure_below(membership, by=by)
    ensure_ends_whole(membership, by=by)
    visible = _visible(membership, opened.live(membership.account, now=now), by=by)
    sessions.end(pick(visible, session_id), now=now)
    _record_ended(membership, 1, by=by, now=now)


def end_all(membership: Membership, *, by: Seat, now: datetime) -> None:
    """Shut every session of a member out: whoever uses them must sign in again.

    They end altogether where the organization registered the account, or by the platform
    administrator; else they go on opening what is not this organization's. Raises as ensure_below.
    """
    look_again(membership, by=by)
    ensure_below(membership, by=by)
    visible = _visible(membership, _opening(membership, now=now), by=by)
    if ends_whole(membership, by=by):
        sessions.end_all(membership.account, now=now)
    else:
        membership.access_from = now
    _record_ended(membership, len(visible), by=by, now=now)


def ends_whole(membership: Membership, *, by: Seat) -> bool:
    """Whether this person ends a member's sessions altogether: for the organization that registered
    the account, or as platform administrator (D-C11).
    """
    is_home = membership.account.managed_by_id == membership.organization_id
    return is_home or by.is_platform_administrator


def ensure_ends_whole(membership: Membership, *, by: Seat) -> None:
    """Raise OpensElsewhere unless `ends_whole`."""
    if not ends_whole(membership, by=by):
        raise OpensElsewhere()


def distrust(membership: Membership, *, by: Seat, now: datetime) -> None:
    """Ask for the second step in each of a member's browsers again.

    Raises OwnSignIn, AboveYourself, RunsPlatform.
    """
    look_again(membership, by=by)
    ensure_below(membership, by=by)
    devices.end_all(membership.account, now)
    record(two_factor_events.DEVICES_ENDED, membership, by=by, now=now)


def ensure_below(membership: Membership, *, by: Seat) -> None:
    """Raise unless the member is somebody else who stands no higher than this person (D-1)."""
    ensure_other(membership.account, by=by)
    by.must_cover_member(membership)
    if not by.is_platform_administrator and accounts.is_platform_administrator(membership.account):
        raise RunsPlatform()


def ensure_resettable(membership: Membership, *, by: Seat) -> None:
    """Raise OwnSignIn, AboveYourself, RunsPlatform, GuardsElsewhere or NothingToReset.

    A second factor guards every organization of its owner. Somebody who stands above a member here
    may stand far below them elsewhere; with the password at hand, resetting would let them in
    there. So an organization resets what only it relies on, also of the accounts it registered
    itself (D-C3); the rest is left to the platform administrator.
    """
    ensure_below(membership, by=by)
    account = membership.account
    is_ours = accounts.organizations_of(account) == [membership.organization_id]
    if not is_ours and not by.is_platform_administrator:
        raise GuardsElsewhere()
    if not strong_methods(account):
        raise resetting.NothingToReset()


def _opening(membership: Membership, *, now: datetime) -> list[AccountSession]:
    """Return a member's sessions that open this organization, as far as it shut none out."""
    return [
        session
        for session in opened.live(membership.account, now=now)
        if membership.access_from is None or session.created_at >= membership.access_from
    ]


def _visible(
    membership: Membership, every: list[AccountSession], *, by: Seat
) -> list[AccountSession]:
    """Return the sessions an organization may see: those used here last, all of them of somebody
    who belongs nowhere else.
    """
    here = membership.organization_id
    if by.is_platform_administrator or accounts.organizations_of(membership.account) == [here]:
        return every
    return [session for session in every if session.organization_id == here]


def _record_ended(membership: Membership, count: int, *, by: Seat, now: datetime) -> None:
    record(events.SESSIONS_ENDED, membership, by=by, now=now, count=count)
