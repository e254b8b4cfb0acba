"""The demo's people, roles and invitations, as demo.toml lists them, and a crowd made of names.

Here: reading them. Not here: writing them into the database (demo.service).
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from app.access.authorities import Authority
from app.models import InviteStatus, MemberType

AOZORA, MINATO = "aozora", "minato"
LISTED = tomllib.loads(Path(__file__).with_name("demo.toml").read_text())


@dataclass(frozen=True)
class DemoPerson:
    """Somebody of the demo, as a member of one organization."""

    login_id: str
    email: str
    family_name: str
    given_name: str
    reading: str
    latin_name: str = ""
    language: str = "ja_JP"
    type: MemberType = MemberType.GENERAL
    roles: tuple[str, ...] = ()
    authorities: tuple[str, ...] = ()
    seen: timedelta | None = None
    joined: int = 400
    reason: str = ""
    is_suspended: bool = False
    two_factor: bool = False
    managed: bool = False


def _person(listed: dict[str, Any]) -> DemoPerson:
    words = dict(listed)
    family, given = words.pop("name").split("|")
    for several in ("roles", "authorities"):
        words[several] = tuple(words.get(several, "").split())
    words["type"] = MemberType(words.get("type", MemberType.GENERAL))
    if "seen" in words:
        words["seen"] = timedelta(days=words["seen"])
    return DemoPerson(family_name=family, given_name=given, **words)


ROLES: dict[str, tuple[str, str, frozenset[str]]] = {
    key: (
        role["name"],
        role["description"],
        frozenset(map(Authority, role["authorities"].split())),
    )
    for key, role in LISTED["roles"].items()
}
PEOPLE: tuple[DemoPerson, ...] = tuple(map(_person, LISTED["people"]))
NEIGHBOURS: tuple[DemoPerson, ...] = tuple(map(_person, LISTED["neighbours"]))
VISITORS: tuple[str, ...] = tuple(LISTED["visitors"])
NEWCOMER = _person(LISTED["newcomer"])

Offer = tuple[str, str, str, MemberType, str, InviteStatus, float]
INVITES: tuple[Offer, ...] = tuple(
    (organization, address, inviter, MemberType(kind), preset, InviteStatus(state), float(days))
    for organization, address, inviter, kind, preset, state, days in LISTED["invites"]
)


def crowd(count: int) -> Iterator[DemoPerson]:
    """Make so many more people, always the same ones."""
    for number in range(count):
        family, given, reading, latin = (
            _foreign_name(number) if number % 6 == 5 else _japanese_name(number)
        )
        handle = f"{latin.replace(' ', '.').lower()}{number + 1}"
        seen = None if number % 17 == 3 else timedelta(days=0.05 + (number * 37 % 4000) / 20)
        suspended = number % 23 == 11
        yield DemoPerson(
            handle,
            f"{handle}@aozora.example",
            family,
            given,
            reading,
            "" if number % 6 == 5 else latin,
            "en" if number % 6 == 5 else "ja_JP",
            roles=tuple(_pick("crowd_roles", number * 7).split()),
            seen=seen,
            joined=210 + number * 13 % 1500,
            is_suspended=suspended,
            reason="長期休暇" if suspended else "",
            two_factor=number % 4 == 0,
            managed=number % 3 == 0,
        )


def _japanese_name(number: int) -> tuple[str, str, str, str]:
    family, family_reading, family_latin = _pick("families", number).split()
    given, given_reading, given_latin = _pick("givens", number * 5).split()
    return family, given, f"{family_reading} {given_reading}", f"{given_latin} {family_latin}"


def _foreign_name(number: int) -> tuple[str, str, str, str]:
    family, family_reading = _pick("abroad", number).split()
    given, given_reading = _pick("abroad_givens", number * 3).split()
    return family, given, f"{family_reading} {given_reading}", f"{given} {family}"


def _pick(names: str, number: int) -> str:
    """Return one of a list's names, beginning again at its end."""
    listed: list[str] = LISTED[names]
    return listed[number % len(listed)]
