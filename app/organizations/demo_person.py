"""A person of the demo, and how one is written down.

Here: the shape. Not here: who they are (organizations.demo_people, organizations.demo_crowd).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from app.models import MemberType

GENERAL, POWER = MemberType.GENERAL, MemberType.POWER

NEVER = None


@dataclass(frozen=True)
class Person:
    """Somebody of the demo, as a member of one organization."""

    login_id: str
    email: str
    family_name: str
    given_name: str
    reading: str
    latin_name: str = ""
    language: str = "ja_JP"
    type: MemberType = GENERAL
    roles: tuple[str, ...] = ()
    authorities: tuple[str, ...] = ()
    seen: timedelta | None = NEVER
    joined: int = 400
    reason: str = ""
    is_suspended: bool = False
    two_factor: bool = False
    managed: bool = False


def ago(days: float) -> timedelta:
    """So many days, of what is told as that long ago."""
    return timedelta(days=days)


def ja(
    login_id: str,
    email: str,
    name: str,
    reading: str,
    latin: str,
    roles: str = "",
    seen: float | None = None,
    **more: Any,
) -> Person:
    """Somebody Japanese: family and given name in one, the reading, the Latin form."""
    family, given = name.split(" ")
    return _person(login_id, email, (family, given, reading, latin, "ja_JP"), roles, seen, more)


def en(
    login_id: str,
    email: str,
    family: str,
    given: str,
    reading: str,
    roles: str = "",
    seen: float | None = None,
    **more: Any,
) -> Person:
    """Somebody from abroad, with the reading of their name."""
    return _person(login_id, email, (family, given, reading, "", "en"), roles, seen, more)


def _person(
    login_id: str,
    email: str,
    name: tuple[str, str, str, str, str],
    roles: str,
    seen: float | None,
    more: dict[str, Any],
) -> Person:
    at = email if "@" in email else f"{email}@aozora.example"
    return Person(
        login_id,
        at,
        *name,
        roles=tuple(roles.split()),
        seen=None if seen is None else ago(seen),
        **more,
    )
