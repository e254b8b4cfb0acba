"""Acting as somebody: in whose name a command does something.

Here: the seat of an account that the operator names. Not here: commands (each feature's cli), seats
of requests (access.seating).
"""

from __future__ import annotations

from sqlalchemy import select

from app.access.policy import may
from app.access.seat import Seat
from app.access.seating import runs_platform
from app.accounts import queries as account_queries
from app.accounts import service as accounts
from app.extensions import db
from app.kernel.errors import Forbidden, Refusal
from app.kernel.i18n import lazy
from app.models import Account, Organization


class NoSuchAuthor(Refusal):
    """Nobody to do it as."""

    status = 404
    text = lazy("Nobody has the login ID “%(login_id)s”.")


class WhoDoesIt(Refusal):
    """The log and the letters name somebody."""

    text = lazy("Say with --as in whose name this is done: a login ID.")


def seat_of(login_id: str, organization: Organization, *, needs: tuple[str, str]) -> Seat:
    """The seat of whoever it is done as; without a login ID the platform administrator's, where
    there is only one. Raises NoSuchAuthor, WhoDoesIt, Forbidden.
    """
    account = accounts.find(login_id) if login_id else _only_administrator()
    if account is None:
        raise NoSuchAuthor(login_id=login_id)
    memberships = account_queries.memberships_of(account)
    here = (one for one in memberships if one.organization_id == organization.id)
    seat = Seat(
        account,
        organization=organization,
        membership=next(here, None),
        memberships=memberships,
        is_platform_administrator=account_queries.is_platform_administrator(account),
    )
    if account.is_suspended or not may(seat, *needs):
        raise Forbidden()
    return seat


def _only_administrator() -> Account:
    found = db.session.scalars(
        select(Account).where(runs_platform(), Account.suspended_at.is_(None)).limit(2)
    ).all()
    if len(found) != 1:
        raise WhoDoesIt()
    return found[0]
