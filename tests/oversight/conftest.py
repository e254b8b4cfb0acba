"""What these tests share: another power user, and which letters leave; phones of 2-step
verification.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from app.access.seat import Seat
from app.extensions import db
from app.models import Account, Letter
from tests import factories
from tests.cast import Cast
from tests.two_factor.conftest import phone

__all__ = ["phone"]

Letters = Callable[..., list[Letter]]
KINDS = ("power_user_made", "administration_given", "member_factor_reset", "member_was_removed")


@pytest.fixture
def ito(cast: Cast) -> Account:
    """Another power user of aozora, beside tanaka."""
    ito = factories.account("ito", family_name="伊藤", given_name="健", language="ja_JP")
    factories.membership(ito, cast.aozora, power=True)
    db.session.commit()
    return ito


@pytest.fixture
def by(cast: Cast, ito: Account) -> Seat:
    return factories.seat(cast.membership(cast.tanaka))


@pytest.fixture
def heard(letters: Letters) -> Callable[[], list[tuple[str, str]]]:
    """Commit; return which of these letters went to whom."""

    def told() -> list[tuple[str, str]]:
        db.session.commit()
        return [(one.kind, one.recipient) for one in letters() if one.kind in KINDS]

    return told


Heard = Callable[[], list[tuple[str, str]]]
