"""The 2-step rule of an organization: what it asks of whoever opens its pages, and whether they
have done it.

Here: the rule as pure functions, and the question a request asks about its seat. Not here: checking
codes and passkeys (two_factor, passkeys), who is missing and who is excepted (two_factor_rule), the
page that says no (http.before_request).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, SQLColumnExpression, and_, exists, literal, select

from app.access.seat import Seat
from app.extensions import db
from app.kernel.errors import Refusal
from app.kernel.i18n import lazy
from app.models import (
    Account,
    AuthenticatorApp,
    Membership,
    Organization,
    Passkey,
    TwoFactorException,
)


class Method(StrEnum):
    """A way to take the second step; also what a session was opened with. In order of strength:
    recovery codes stand in for the first two.
    """

    PASSKEY = "passkey"
    APP = "app"
    MAIL = "mail"
    RECOVERY = "recovery"


STRONG = frozenset({Method.APP, Method.PASSKEY})
STRONG_METHODS = STRONG | {Method.RECOVERY}
"""What a session was opened with that no letter can be read for.

Recovery codes exist only beside an app or a passkey.
"""
METHODS = frozenset({*Method, "device"})
Factors = frozenset[Method]
"""What somebody can prove who they are with, beside a password: all methods but recovery codes."""


class Verdict(StrEnum):
    """What the rule says of somebody at this moment; the last two withhold access."""

    FREE = "free"
    SATISFIED = "satisfied"
    SIGN_IN = "sign_in"
    SET_UP = "set_up"

    @property
    def withholds(self) -> bool:
        return self in (Verdict.SIGN_IN, Verdict.SET_UP)


class AccessWithheld(Refusal):
    """The organization asks for 2-step verification, and its deadline has passed; for doors without
    a page of their own.
    """

    status = 403
    text = lazy(
        "This organization asks for 2-step verification. Set it up in your profile, or sign in"
        " again with it."
    )


def bites(organization: Organization, *, now: datetime) -> bool:
    """Whether the organization's rule is in force: there is one, and its deadline has passed."""
    deadline = organization.two_factor_deadline
    return organization.two_factor_required and (deadline is None or now >= deadline)


def has_enough(organization: Organization, factors: Factors) -> bool:
    """Whether somebody with these factors can do what the organization asks for."""
    return bool(factors & STRONG if organization.two_factor_strong else factors)


def meets(organization: Organization, method: str, factors: Factors) -> bool:
    """Whether a session that was opened this way does what the organization asks for.

    A trusted device stands for the second step that made it one; under a strong rule that is
    believed of those who have a strong factor.
    """
    if method in STRONG_METHODS or not organization.two_factor_strong:
        return method in METHODS
    return method == "device" and bool(factors & STRONG)


def verdict(
    organization: Organization,
    *,
    method: str | None,
    factors: Factors,
    is_excepted: bool,
    now: datetime,
) -> Verdict:
    """Return what the rule says; `method` is None for an API key, which stands as well as its owner
    is prepared.
    """
    if not bites(organization, now=now) or is_excepted:
        return Verdict.FREE
    ready = has_enough(organization, factors)
    if ready if method is None else meets(organization, method, factors):
        return Verdict.SATISFIED
    return Verdict.SIGN_IN if ready else Verdict.SET_UP


def verdict_of(seat: Seat, *, now: datetime, organization: Organization | None = None) -> Verdict:
    """Return what the rule of an organization, that of the seat by default, says of whoever sits
    there.

    It costs a statement only where the rule is in force and the session's method alone does not
    settle it. The platform administrator is asked like everybody else: their own screens belong to
    no organization.
    """
    where = organization or seat.organization
    if where is None or seat.account.is_service or not bites(where, now=now):
        return Verdict.FREE
    method = seat.session.method if seat.session is not None else None
    if method is not None and meets(where, method, frozenset()):
        return Verdict.SATISFIED
    own = next((one for one in seat.memberships if one.organization_id == where.id), None)
    factors, is_excepted = _prepared(seat.account, own, now)
    return verdict(where, method=method, factors=factors, is_excepted=is_excepted, now=now)


def is_withheld(seat: Seat, *, now: datetime) -> bool:
    """Whether the organization of the seat withholds its pages; API keys are withheld with their
    owner, service accounts never.
    """
    return verdict_of(seat, now=now).withholds


def requiring(memberships: Iterable[Membership], *, now: datetime) -> list[Organization]:
    """Return the organizations whose rule is in force for a member now: not where suspended, nor
    where excepted.
    """
    asked = {
        one.id: one.organization
        for one in memberships
        if not one.is_suspended and bites(one.organization, now=now)
    }
    if not asked:
        return []
    excepted = select(TwoFactorException.membership_id).where(
        TwoFactorException.membership_id.in_(asked), TwoFactorException.until > now
    )
    spared = set(db.session.scalars(excepted))
    return [
        organization for membership_id, organization in asked.items() if membership_id not in spared
    ]


def has_app(account_id: SQLColumnExpression[int]) -> ColumnElement[bool]:
    """The condition that an account has an authenticator app that was confirmed."""
    return exists().where(
        AuthenticatorApp.account_id == account_id, AuthenticatorApp.confirmed_at.is_not(None)
    )


def has_passkey(account_id: SQLColumnExpression[int]) -> ColumnElement[bool]:
    """The condition that an account has a passkey."""
    return exists().where(Passkey.account_id == account_id)


def is_excepted(membership_id: SQLColumnExpression[int], now: datetime) -> ColumnElement[bool]:
    """The condition that a member is excepted at this moment."""
    return exists().where(
        and_(TwoFactorException.membership_id == membership_id, TwoFactorException.until > now)
    )


def _prepared(
    account: Account, membership: Membership | None, now: datetime
) -> tuple[Factors, bool]:
    """Return what an account has, and whether a member is excepted.

    A member's mailbox counts: codes go there by themselves.
    """
    member = literal(membership.id if membership else 0)
    app, passkey, excepted = db.session.execute(
        select(
            has_app(literal(account.id)), has_passkey(literal(account.id)), is_excepted(member, now)
        )
    ).one()
    has = {
        Method.APP: app,
        Method.PASSKEY: passkey,
        Method.MAIL: account.two_factor or membership is not None,
    }
    return frozenset(method for method, there in has.items() if there), bool(excepted)
