"""Seats for the roles' verbs.

Here: somebody in the chair, outside a request. Not here: people (cast.py), rows (factories.py).
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from app.access.seat import Seat
from app.extensions import db
from app.models import Account
from tests.cast import Cast

SeatOf = Callable[[Account], Seat]


@pytest.fixture
def seat_of(cast: Cast) -> SeatOf:
    """`seat_of(cast.suzuki)`: somebody's seat in aozora."""

    def seated(who: Account) -> Seat:
        db.session.commit()
        membership = next(
            (one for one in who.memberships if one.organization_id == cast.aozora.id), None
        )
        return Seat(
            account=who,
            organization=cast.aozora,
            membership=membership,
            memberships=list(who.memberships),
            is_platform_administrator=who is cast.root,
        )

    return seated


@pytest.fixture
def role_manager(cast: Cast) -> Account:
    """suzuki, reading English, who may also make roles, and holds three authorities: what they
    cannot give is everything else.
    """
    cast.membership(cast.suzuki).authorities = frozenset(
        {"user_viewer", "role_manager", "inquiry_user"}
    )
    cast.suzuki.language = "en"
    db.session.commit()
    return cast.suzuki
