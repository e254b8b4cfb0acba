"""Obstacles: what cannot be done to a member, and why.

Here: the checks of each verb, for pages that say so before anybody presses. Not here: the verbs
that refuse the same (memberships.service).
"""

from __future__ import annotations

from collections.abc import Callable

from app.access.last_power_user import LastPowerUser, is_last_power_user
from app.access.seat import Seat
from app.kernel.errors import obstacle as why_not
from app.managed_accounts import first_sign_in, new_password, signing_in
from app.managed_accounts import service as managed
from app.memberships.service import ensure_not_yourself
from app.memberships.suspension import AlreadySuspended, NotSuspended
from app.models import Membership


def obstacles(membership: Membership, *, by: Seat) -> dict[str, str]:
    """What cannot be done to this member, and why."""
    found = {name: obstacle(name, membership, by=by) for name in CHECKS}
    return {name: sentence for name, sentence in found.items() if sentence}


def obstacle(name: str, membership: Membership, *, by: Seat) -> str:
    """Why something cannot be done to this member, "" where it can: the verbs refuse the same with
    the same sentences.
    """
    return why_not(lambda: ensure(name, membership, by=by))


def ensure(name: str, membership: Membership, *, by: Seat) -> None:
    """Raise what the verb would refuse, before a page asks for what can only be refused (T2-46)."""
    for check in CHECKS[name]:
        check(membership, by=by)


def _ensure_covered(membership: Membership, *, by: Seat) -> None:
    by.must_cover_member(membership)


def _ensure_not_last(membership: Membership, **_by: Seat) -> None:
    if is_last_power_user(membership):
        raise LastPowerUser()


def _ensure_not_suspended(membership: Membership, **_by: Seat) -> None:
    if membership.is_suspended:
        raise AlreadySuspended()


def _ensure_suspended(membership: Membership, **_by: Seat) -> None:
    if not membership.is_suspended:
        raise NotSuspended()


CHECKS: dict[str, tuple[Callable[..., None], ...]] = {
    "edit": (_ensure_covered,),
    "account": (managed.ensure_managed,),
    "suspend": (ensure_not_yourself, _ensure_covered, _ensure_not_suspended, _ensure_not_last),
    "reinstate": (_ensure_covered, _ensure_suspended),
    "remove": (ensure_not_yourself, _ensure_covered, _ensure_not_last),
    "signing_in": (signing_in.ensure_below,),
    "new_password": (new_password.ensure_requirable,),
    "first_sign_in": (first_sign_in.ensure_sendable,),
}
