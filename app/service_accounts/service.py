"""Service accounts: members that are no people and only hold API keys, so that these survive
whoever made them.

Here: making one. Suspending, removing, roles and authorities are any member's
(memberships.service). Not here: its keys (api_keys.service).
"""

from __future__ import annotations

import re
from datetime import datetime

from sqlalchemy import select

from app.access.locks import wait_turn
from app.access.persons import NotAPerson
from app.access.seat import Seat
from app.accounts.policy import NameMissing, TooLong
from app.activity import events
from app.activity import service as activity
from app.extensions import db
from app.http.rate_limit import Limit
from app.kernel.text import fold
from app.memberships.joining import join
from app.models import Account, Membership, Organization, RetiredLoginId
from app.offers.offer import NothingGiven, Offer

NAME_LENGTH = 64
MADE = Limit("service-accounts", "50 per day")
_NOT_IN_LOGIN_ID = re.compile(r"[^a-z0-9]+")


def create(
    organization: Organization, *, name: str, offer: Offer, by: Seat, now: datetime
) -> Membership:
    """Make a service account of one organization. Nobody can sign in with it and no letter goes to
    it.

    Raises NameMissing, TooLong, NothingGiven, NotAPerson (as a power user), AboveYourself (D-1),
    RoleElsewhere, TooManyTries.
    """
    wait_turn(organization, by=by)
    settled = offer.settled(organization, by=by)
    if settled.is_power:
        raise NotAPerson()
    if settled.is_empty:
        raise NothingGiven()
    account = _account(name.strip(), organization, now=now)
    MADE.spend(organization.id)
    db.session.add(account)
    db.session.flush()
    activity.record(
        events.ACCOUNT_REGISTERED, now=now, by=by, organization=organization, subject=account
    )
    return join(organization, account, offer=settled, by=by, now=now)


def _account(name: str, organization: Organization, *, now: datetime) -> Account:
    if not name:
        raise NameMissing(field="name")
    if len(name) > NAME_LENGTH:
        raise TooLong(field="name", max=NAME_LENGTH)
    login_id = _free_login_id(name)
    return Account(
        is_service=True,
        family_name=name,
        given_name="",
        reading="",
        latin_name="",
        login_id=login_id,
        email=f"{login_id}@service.invalid",
        language=organization.language,
        time_zone=organization.time_zone,
        notifications=False,
        created_at=now,
        suspended_reason="",
    )


def _free_login_id(name: str) -> str:
    """Make a login ID of a name, for lists and files; the domain of its address exists nowhere, and
    nobody can type it.
    """
    stem = _NOT_IN_LOGIN_ID.sub("-", fold(name)).strip("-")[:40] or "service"
    taken = set(
        db.session.scalars(
            select(Account.login_id_key)
            .where(Account.login_id_key.startswith(stem, autoescape=True))
            .union_all(
                select(RetiredLoginId.login_id_key).where(
                    RetiredLoginId.login_id_key.startswith(stem, autoescape=True)
                )
            )
        )
    )
    numbered = (f"{stem}-{number}" for number in range(2, len(taken) + 3))
    return stem if stem not in taken else next(free for free in numbered if free not in taken)
