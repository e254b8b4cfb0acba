"""How members sign in, as tests ask and look: the page, its buttons, the sessions that are open."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from app.extensions import db
from app.models import Account, AccountSession, Letter, TrustedDevice
from tests.conftest import PortalClient

As = Callable[..., PortalClient]
Letters = Callable[..., list[Letter]]
BASE = "/o/aozora/members/signing-in"


def path(who: Account, verb: str = "") -> str:
    return f"{BASE}/{who.memberships[0].id}" + (f"/{verb}" if verb else "")


def post(client: PortalClient, who: Account, verb: str, **typed: str) -> tuple[int, str]:
    answer = client.submit(path(who, verb), typed, page="/profile/", follow_redirects=True)
    return answer.status_code, answer.get_data(as_text=True)


def live(who: Account) -> list[AccountSession]:
    db.session.expire_all()
    return list(
        db.session.scalars(
            select(AccountSession).where(
                AccountSession.account_id == who.id, AccountSession.ended_at.is_(None)
            )
        )
    )


def trust(who: Account) -> TrustedDevice:
    now = datetime.now(UTC)
    row = TrustedDevice(
        account_id=who.id,
        key_digest=f"d{who.id}",
        method="app",
        created_at=now,
        last_used_at=now,
        expires_at=now + timedelta(days=9),
    )
    db.session.add(row)
    db.session.commit()
    return row
