"""Methods: the ways in which somebody can take the second step, strongest first.

Here: which an account has at this moment. Not here: checking them (two_factor.service, passkeys),
what an organization asks for (access.two_factor).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, literal, select

from app.access import two_factor as rule
from app.access.two_factor import Method
from app.extensions import db
from app.kernel.i18n import lazy
from app.models import Account, Organization, RecoveryCode

LABELS: dict[str, Any] = {
    Method.PASSKEY: lazy("Passkey"),
    Method.APP: lazy("Authenticator app"),
    Method.MAIL: lazy("Codes by mail"),
    Method.RECOVERY: lazy("Recovery codes"),
}


@dataclass(frozen=True)
class Held:
    """What an account has of its own: the strong methods, and recovery codes that still work."""

    strong: frozenset[Method]
    codes_left: int


def held_by(account: Account) -> Held:
    """Return what an account has, in one statement."""
    who = literal(account.id)
    codes = (
        select(func.count(RecoveryCode.id))
        .where(RecoveryCode.account_id == account.id, RecoveryCode.used_at.is_(None))
        .scalar_subquery()
    )
    passkey, app, left = db.session.execute(
        select(rule.has_passkey(who), rule.has_app(who), codes)
    ).one()
    return Held(
        frozenset(one for one, there in ((Method.PASSKEY, passkey), (Method.APP, app)) if there),
        int(left),
    )


def strong_methods(account: Account) -> frozenset[Method]:
    """Return which of the strong methods an account has."""
    return held_by(account).strong


def methods_of(account: Account, *, now: datetime, held: Held | None = None) -> list[Method]:
    """Return how an account can take the second step, strongest first; empty where its password
    alone opens it.

    Codes by mail are a way for whoever turned them on, and for those who have nothing stronger
    where an organization's rule is in force. One statement, and one more for those who have no
    factor of their own but are bound by a rule.
    """
    has = held_by(account) if held is None else held
    by_mail = account.two_factor or (
        not has.strong and bool(rule.requiring(account.memberships, now=now))
    )
    return [
        *(one for one in Method if one in has.strong),
        *([Method.MAIL] if by_mail else []),
        *([Method.RECOVERY] if has.strong and has.codes_left else []),
    ]


def is_required(account: Account, *, now: datetime) -> bool:
    """Whether this account needs a second step: by its own choice, or by an organization's rule
    (S2-29).
    """
    return bool(methods_of(account, now=now))


def requiring(account: Account, *, now: datetime) -> list[Organization]:
    """The organizations whose rule is in force; those where the account is suspended or excepted
    have no say (access.two_factor).
    """
    return rule.requiring(account.memberships, now=now)
