"""The rule on 2-step verification, in the words of its tests: what is asked, and the factors and
exceptions that members have.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

from app.access.seat import Seat
from app.extensions import db
from app.models import (
    Account,
    AccountSession,
    AuthenticatorApp,
    Membership,
    Organization,
    Passkey,
    TwoFactorException,
)
from tests import factories
from tests.conftest import PortalClient

As = Callable[..., PortalClient]
HOME, SETTINGS = "/o/aozora/", "/o/aozora/settings/"

TYPED = {
    "name": "株式会社あおぞら",
    "latin_name": "Aozora Inc.",
    "code": "aozora",
    "language": "ja_JP",
    "password_policy": "classic",
    "first_login": "link",
}


def ask(where: Organization, *, strong: bool = False, deadline: datetime | None = None) -> None:
    where.two_factor_required, where.two_factor_strong, where.two_factor_deadline = (
        True,
        strong,
        deadline,
    )
    db.session.commit()


def give_app(who: Account, now: datetime) -> None:
    db.session.add(
        AuthenticatorApp(account_id=who.id, encrypted_secret="x", created_at=now, confirmed_at=now)
    )
    db.session.commit()


def give_passkey(who: Account, now: datetime) -> None:
    db.session.add(
        Passkey(
            account_id=who.id,
            credential_id=f"c{who.id}",
            public_key=b"k",
            user_handle="h",
            name="Key",
            created_at=now,
        )
    )
    db.session.commit()


def except_(member: Membership, until: datetime) -> None:
    db.session.add(
        TwoFactorException(
            membership_id=member.id, until=until, reason="Travels", created_at=factories.NOW
        )
    )
    db.session.commit()


def seat_of(member: Membership, method: str = "password") -> Seat:
    session = AccountSession(
        account_id=member.account_id,
        method=method,
        created_at=factories.NOW,
        proved_at=datetime.now(UTC),
    )
    return replace(factories.seat(member), session=session)


def day(moment: datetime) -> str:
    return moment.date().isoformat()
