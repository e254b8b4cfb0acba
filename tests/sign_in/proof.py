"""A fresh proof, in the words of its tests: the page that asks, the forms that are sent, a proof
that grows old.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import update

from app.extensions import db
from app.http.reauthentication import LASTS
from app.models import Account, AccountSession
from tests.cast import Cast

ASKS = 'name="proof_password"'
HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')
MEMBERS = "/o/aozora/members"
POWER = {"type": "power", "preset": "custom"}


def identity(who: Account, **changed: Any) -> dict[str, Any]:
    """An account's form as it is sent."""
    names = (
        "family_name",
        "given_name",
        "reading",
        "latin_name",
        "email",
        "login_id",
        "language",
        "time_zone",
    )
    return {name: getattr(who, name) for name in names} | {"notifications": "y"} | changed


def managed(cast: Cast) -> Account:
    """Somebody whom the organization registered itself."""
    cast.smith.managed_by = cast.aozora
    db.session.commit()
    return cast.smith


def age(who: Account) -> None:
    """Let the proof of whoever is signed in as somebody be too old."""
    db.session.execute(
        update(AccountSession)
        .where(AccountSession.account_id == who.id)
        .values(proved_at=datetime.now(UTC) - LASTS)
    )
    db.session.commit()
