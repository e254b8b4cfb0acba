"""Who has done what the 2-step rule asks for, who is missing, who is excepted.

Here: reading, always of one organization and of members who can enter, in bounded statements. Not
here: the rule (access.two_factor), exceptions' verbs (two_factor_rule.service).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, false, or_, select

from app.access.two_factor import Factors, Method, bites, has_app, has_passkey, is_excepted
from app.extensions import db
from app.models import Account, Membership, MemberType, Organization, TwoFactorException
from app.screens.counts import capped

MISSING, HAS, EXCEPTED = "missing", "has", "excepted"


@dataclass(frozen=True)
class RuleStanding:
    """One line of the board: a member, what they have, and until when they are excepted."""

    membership: Membership
    factors: Factors
    exception: TwoFactorException | None
    state: str


@dataclass(frozen=True)
class RuleFigures:
    """How many members stand how, counted no further than screens.list_query.COUNT_LIMIT, and how
    many power users are ready.
    """

    missing: int
    has: int
    excepted: int
    ready_power: int


def people(organization: Organization) -> Select[Any]:
    """The query for those whom the rule concerns: members who can enter and sign in themselves."""
    return (
        select(Membership)
        .join(Membership.account)
        .where(
            Membership.organization_id == organization.id,
            Membership.suspended_at.is_(None),
            Membership.account_suspended_at.is_(None),
            Account.is_service.is_(False),
        )
    )


def is_missing(organization: Organization, now: datetime) -> ColumnElement[bool]:
    """The condition that a member has not done what the rule asks for; once codes by mail come by
    themselves, nobody has to do anything.
    """
    if not organization.two_factor_strong and bites(organization, now=now):
        return false()
    return ~is_ready(strong=organization.two_factor_strong)


def is_ready(*, strong: bool) -> ColumnElement[bool]:
    """The condition that an account has a second factor of its own, of the strong kinds if that is
    asked for.
    """
    own = or_(has_app(Account.id), has_passkey(Account.id))
    return own if strong else or_(Account.two_factor.is_(True), own)


def in_states(
    query: Select[Any], organization: Organization, states: Sequence[str], now: datetime
) -> Select[Any]:
    """Narrow to members who stand in one of these ways."""
    return query.where(or_(*(in_state(organization, state, now) for state in states)))


def in_state(organization: Organization, state: str, now: datetime) -> ColumnElement[bool]:
    """The condition that a member stands so; everybody stands in exactly one way."""
    excepted, missing = is_excepted(Membership.id, now), is_missing(organization, now)
    return {EXCEPTED: excepted, MISSING: and_(missing, ~excepted), HAS: and_(~missing, ~excepted)}[
        state
    ]


def figures(organization: Organization, *, now: datetime) -> RuleFigures:
    """Count in one statement."""
    ids = people(organization).with_only_columns(Membership.id)
    counted = {
        state: capped(ids.where(in_state(organization, state, now)))
        for state in (MISSING, HAS, EXCEPTED)
    }
    ready = capped(
        ids.where(
            Membership.type == MemberType.POWER, is_ready(strong=organization.two_factor_strong)
        )
    )
    row = db.session.execute(select(counted[MISSING], counted[HAS], counted[EXCEPTED], ready)).one()
    return RuleFigures(*row)


def kept_out(organization: Organization, *, also: int = 0, now: datetime) -> int:
    """How many members cannot open the pages once the rule holds, before they do something; `also`
    is an account that is one of them, whatever it has.
    """
    without = and_(
        ~is_ready(strong=organization.two_factor_strong), ~is_excepted(Membership.id, now)
    )
    ids = people(organization).with_only_columns(Membership.id)
    return int(db.session.scalar(select(capped(ids.where(or_(without, Account.id == also))))) or 0)


def standings(
    organization: Organization, these: Sequence[Membership], *, now: datetime
) -> list[RuleStanding]:
    """Tell members' standing, in two statements however many they are."""
    factors = factors_of([membership.account_id for membership in these])
    exceptions = {
        exception.membership_id: exception
        for exception in db.session.scalars(
            select(TwoFactorException).where(
                TwoFactorException.membership_id.in_([exception.id for exception in these]),
                TwoFactorException.until > now,
            )
        )
    }
    return [
        _standing(
            organization,
            membership,
            factors.get(membership.account_id, frozenset()),
            exceptions.get(membership.id),
            now,
        )
        for membership in these
    ]


def factors_of(account_ids: Sequence[int]) -> dict[int, Factors]:
    """Return what accounts have of their own, in one statement."""
    found = db.session.execute(
        select(Account.id, Account.two_factor, has_app(Account.id), has_passkey(Account.id)).where(
            Account.id.in_(account_ids)
        )
    )
    order = (Method.MAIL, Method.APP, Method.PASSKEY)
    return {
        row[0]: frozenset(method for method, there in zip(order, row[1:], strict=True) if there)
        for row in found
    }


def exception_of(membership: Membership) -> TwoFactorException | None:
    """Return a member's exception, also one that has ended."""
    return db.session.scalars(
        select(TwoFactorException).where(TwoFactorException.membership_id == membership.id)
    ).one_or_none()


def _standing(
    organization: Organization,
    membership: Membership,
    factors: Factors,
    exception: TwoFactorException | None,
    now: datetime,
) -> RuleStanding:
    strong, in_force = organization.two_factor_strong, bites(organization, now=now)
    ready = factors - {Method.MAIL} if strong else factors
    if exception is not None:
        return RuleStanding(membership, factors, exception, EXCEPTED)
    if in_force and not strong and not factors:
        return RuleStanding(membership, frozenset({Method.MAIL}), None, HAS)
    return RuleStanding(membership, factors, None, HAS if ready else MISSING)
