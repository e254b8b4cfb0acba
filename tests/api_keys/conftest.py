"""What the tests of API keys share: a key that is made without a screen, the keys there are.

Here: fixtures and small words. Not here: people (cast.py), rows (factories.py).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import select

from app.access.authorities import Authority
from app.access.seat import Seat
from app.api_keys import authenticating
from app.api_keys import service as api_keys
from app.extensions import db
from app.models import Account, Membership, PortalKey
from app.offers.offer import Offer
from app.service_accounts import service as service_accounts
from tests import factories
from tests.cast import Cast
from tests.conftest import PortalClient

As = Callable[[Account], PortalClient]


def moment() -> datetime:
    return datetime.now(UTC)


def issue(
    holder: Membership,
    *scopes: str,
    by: Seat | None = None,
    now: datetime | None = None,
    **more: Any,
) -> tuple[PortalKey, str]:
    """Issue a key and commit; its holder does it, unless `by` says otherwise."""
    made = api_keys.issue(
        holder,
        name=more.pop("name", "Nightly sync"),
        scopes=scopes,
        by=by or factories.seat(holder),
        now=now or moment(),
        **more,
    )
    db.session.commit()
    return made


def keys() -> list[PortalKey]:
    """Every key, oldest first, as the database has it now."""
    db.session.expire_all()
    return list(db.session.scalars(select(PortalKey).order_by(PortalKey.id)))


def enter(secret: str, now: datetime | None = None) -> Seat:
    """Use a key, as a program's request does."""
    db.session.commit()
    db.session.expire_all()
    return authenticating.authenticate(secret, ip="192.0.2.7", now=now or moment())


@pytest.fixture
def payroll(cast: Cast) -> Membership:
    """A service account of aozora that tanaka made."""
    by = factories.seat(cast.membership(cast.tanaka))
    made = service_accounts.create(
        cast.aozora,
        name="Payroll",
        offer=Offer(authorities=frozenset({Authority.USER_VIEWER})),
        by=by,
        now=moment(),
    )
    db.session.commit()
    return made
