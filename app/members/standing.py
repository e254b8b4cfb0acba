"""Standing: which authorities a member has, and why.

Here: each authority with its source, and the sentence that says so; what cannot be done to a
member, and why. Not here: the sum itself (access.seat), the verbs that refuse the same
(members.service).
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Any

from app.access.authorities import CATALOGUE, AuthorityEntry, under_headings
from app.access.guard import LastPowerUser, is_last_power_user
from app.access.seat import Seat
from app.kernel.errors import obstacle as why_not
from app.kernel.i18n import _, current_language, listed, ngettext
from app.member_roles.builtin import role_name
from app.members import first_sign_in, managed, signing_in
from app.members.service import ensure_not_yourself
from app.members.suspension import AlreadySuspended
from app.models import MemberRole, Membership


@dataclass(frozen=True)
class Standing:
    """One authority of one member, and where it comes from."""

    entry: AuthorityEntry
    roles: tuple[MemberRole, ...]
    single: bool
    power: bool

    @property
    def is_held(self) -> bool:
        return bool(self.power or self.roles or self.single)

    @property
    def reason(self) -> str:
        """Where it comes from, as a sentence."""
        names = listed([role_name(role) for role in self.roles])
        if self.power:
            return _("because: power user")
        if self.roles and self.single:
            return ngettext(
                "because: role %(names)s, and granted singly",
                "because: roles %(names)s, and granted singly",
                len(self.roles),
                names=names,
            )
        if self.roles:
            return ngettext(
                "because: role %(names)s", "because: roles %(names)s", len(self.roles), names=names
            )
        return _("because: granted singly")


def standings(membership: Membership) -> list[Standing]:
    """Every authority of the catalogue, in its order, with its sources in this membership."""
    return [
        Standing(
            entry,
            tuple(role for role in membership.roles if entry.key in role.authorities),
            entry.key in membership.authorities,
            membership.is_power,
        )
        for entry in CATALOGUE.values()
    ]


def made_of(membership: Membership) -> Hashable:
    """All that decides how the authorities of a membership read, for they are drawn once."""
    roles = tuple((role.key, role.name, role.authorities) for role in membership.roles)
    return (
        current_language(),
        membership.is_power,
        membership.is_suspended,
        membership.authorities,
        roles,
    )


def grouped(these: list[Standing]) -> list[tuple[Any, list[Standing]]]:
    """Put standings under the catalogue's headings."""
    return under_headings(these, lambda one: one.entry)


def obstacles(membership: Membership, *, by: Seat) -> dict[str, str]:
    """What cannot be done to this member, and why."""
    found = {name: obstacle(name, membership, by=by) for name in CHECKS}
    return {name: sentence for name, sentence in found.items() if sentence}


def obstacle(name: str, membership: Membership, *, by: Seat) -> str:
    """Why something cannot be done to this member, "" where it can: the verbs refuse the same with
    the same sentences.
    """
    return why_not(lambda: ensure(name, membership, by=by))


def ensure(name: str, membership: Membership, *, by: Seat) -> None:
    """Raise what the verb would refuse, before a page asks for what can only be refused (T2-46)."""
    for check in CHECKS[name]:
        check(membership, by=by)


def _ensure_covered(membership: Membership, *, by: Seat) -> None:
    by.must_cover_member(membership)


def _ensure_not_last(membership: Membership, **_by: Seat) -> None:
    if is_last_power_user(membership):
        raise LastPowerUser()


def _ensure_not_suspended(membership: Membership, **_by: Seat) -> None:
    if membership.is_suspended:
        raise AlreadySuspended()


CHECKS: dict[str, tuple[Callable[..., None], ...]] = {
    "edit": (_ensure_covered,),
    "account": (managed.ensure_managed,),
    "suspend": (ensure_not_yourself, _ensure_covered, _ensure_not_suspended, _ensure_not_last),
    "remove": (ensure_not_yourself, _ensure_covered, _ensure_not_last),
    "signing_in": (signing_in.ensure_below,),
    "first_sign_in": (first_sign_in.ensure_sendable,),
}
