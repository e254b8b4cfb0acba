"""The ways in which a power user can stop being one, as a browser takes them; who may take all."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from app.access.seat import Seat
from app.extensions import db
from app.models import Account
from tests.members.conftest import offered

PATHS: dict[str, tuple[str, dict[str, Any]]] = {
    "demote": ("/edit/{0}", offered(preset="all", sure="1")),
    "suspend": ("/suspension/{0}", {}),
    "remove": ("/delete/{0}", {}),
    "suspend in bulk": ("/action_post", {"action": "suspend", "rowid": "{0}"}),
    "remove in bulk": ("/action_post", {"action": "remove", "rowid": "{0}"}),
}


def platform() -> Seat:
    """The platform administrator's seat."""
    return Seat(
        db.session.scalars(select(Account).where(Account.login_id_key == "root")).one(),
        is_platform_administrator=True,
    )
