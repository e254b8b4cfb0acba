"""What the tests of roles share: seats for the verbs, roles that somebody holds.

Here: somebody in the chair, outside a request. Not here: people (cast.py), rows (factories.py).
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from app.access.seat import Seat
from app.extensions import db
from app.models import Account, MemberRole
from tests import factories
from tests.cast import Cast
from tests.conftest import PortalClient

SeatOf = Callable[[Account], Seat]
As = Callable[[Account], PortalClient]


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


@pytest.fixture
def books(cast: Cast) -> MemberRole:
    """A role of aozora: smith holds it, guest@example.com was promised it."""
    role = factories.role(cast.aozora, "Books", "inquiry_user")
    cast.membership(cast.smith).roles.append(role)
    invite, _token = factories.invite(cast.aozora, "guest@example.com", cast.tanaka)
    invite.roles.append(role)
    db.session.commit()
    return role


@pytest.fixture
def unheld(cast: Cast) -> MemberRole:
    role = factories.role(cast.aozora, "Unheld", "inquiry_user")
    db.session.commit()
    return role


@pytest.fixture
def desk(cast: Cast) -> MemberRole:
    """A role of aozora, held by smith."""
    role = factories.role(cast.aozora, "Desk", "inquiry_user")
    role.description = "By day"
    cast.membership(cast.smith).roles.append(role)
    db.session.commit()
    return role
