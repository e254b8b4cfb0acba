"""People and organizations for tests, with sensible defaults, one line each.

Here: building rows. Not here: the cast (testing.cast).
"""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache
from itertools import count
from typing import Any

from flask_appbuilder.security.sqla.models import Role
from sqlalchemy import select

from app.access.seat import PLATFORM_ROLE
from app.extensions import db
from app.models import Account, Membership, MemberType, Organization
from app.passwords import hashing

NOW = datetime(2026, 11, 21, 1, 0, tzinfo=UTC)
PASSWORD = "Correct-Horse-7"
_numbers = count(1)


def password_hash(password: str = PASSWORD) -> str:
    """Hash a password once for the whole run, with the work that is done just now."""
    return _hashed_once(password, hashing._HASHER)


@lru_cache
def _hashed_once(password: str, _with: object) -> str:
    return hashing.hash_password(password)


def organization(code: str, name: str = "", **more: Any) -> Organization:
    row = Organization(
        code=code,
        name=name or code.title(),
        created_at=NOW,
        **{"time_zone": "UTC"} | more,
    )
    db.session.add(row)
    db.session.flush()
    return row


def account(login_id: str = "", **more: Any) -> Account:
    login_id = login_id or f"person{next(_numbers)}"
    values: dict[str, Any] = {
        "login_id": login_id,
        "email": f"{login_id}@example.com",
        "family_name": login_id.title(),
        "given_name": "Test",
        "reading": "",
        "latin_name": "",
        "language": "en",
        "time_zone": "UTC",
        "created_at": NOW,
        "email_verified_at": NOW,
        "password_hash": password_hash(),
        "password_changed_at": NOW,
    }
    row = Account(**(values | more))
    db.session.add(row)
    db.session.flush()
    return row


def membership(
    who: Account, where: Organization, *, power: bool = False, **more: Any
) -> Membership:
    row = Membership(
        account=who,
        organization=where,
        type=MemberType.POWER if power else MemberType.GENERAL,
        authorities=frozenset(map(str, more.pop("authorities", ()))),
        joined_at=more.pop("joined_at", NOW),
        **more,
    )
    db.session.add(row)
    db.session.flush()
    return row


def platform_administrator(who: Account) -> Account:
    """Give an account FAB's Admin role."""
    who.roles.append(db.session.scalars(select(Role).where(Role.name == PLATFORM_ROLE)).one())
    db.session.flush()
    return who
