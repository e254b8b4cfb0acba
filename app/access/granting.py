"""Granting: what somebody must hold themselves to give it, or to act on whoever has it (D-1).

Administrative authorities and power users are guarded: only who holds them gives or touches them.
Ordinary authorities are given and taken by whoever manages members, never to oneself. An
organization may guard all of them.
Here: the rule, pure, and its refusal, which names what is missing. Not here: who asks
(access.seat), which authorities there are (access.authorities).
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import Any

from app.access.authorities import CATALOGUE, administrative, everything, known
from app.kernel.errors import Refusal
from app.kernel.i18n import _, lazy, listed
from app.models import Organization


class Doing(StrEnum):
    """What somebody wants to do with authorities."""

    CHANGE_PERSON = "change_person"
    CHANGE_ROLE = "change_role"
    CHANGE_INVITATION = "change_invitation"
    GIVE = "give"
    GIVE_YOURSELF = "give_yourself"
    ISSUE_KEY = "issue_key"


SENTENCES: dict[Doing, Any] = {
    Doing.CHANGE_PERSON: lazy("You need %(authorities)s to change this person."),
    Doing.CHANGE_ROLE: lazy("You need %(authorities)s to change this role."),
    Doing.CHANGE_INVITATION: lazy("You need %(authorities)s to change this invitation."),
    Doing.GIVE: lazy("You need %(authorities)s to give it to someone."),
    Doing.GIVE_YOURSELF: lazy("You cannot give yourself %(authorities)s. Ask another manager."),
    Doing.ISSUE_KEY: lazy("You need %(authorities)s to issue a key with it."),
}
OF_POWER: dict[Doing, Any] = {
    Doing.CHANGE_PERSON: lazy("Only a power user can change a power user."),
    Doing.CHANGE_INVITATION: lazy("Only a power user can change an invitation of a power user."),
    Doing.GIVE: lazy("Only a power user can make someone a power user."),
    Doing.GIVE_YOURSELF: lazy("You cannot make yourself a power user. Ask a power user."),
}


class AboveYourself(Refusal):
    """D-1: nobody gives, or touches somebody who has, what is guarded and not their own.

    `missing` are the authorities the actor does not hold; `power`, whether being a power user is.
    """

    status = 403

    def __init__(self, missing: Iterable[str], doing: Doing, *, power: bool = False) -> None:
        super().__init__()
        self.missing, self.doing, self.power = frozenset(missing), doing, power

    def __str__(self) -> str:
        if self.power and self.doing in OF_POWER:
            return str(OF_POWER[self.doing])
        return str(SENTENCES[self.doing]) % {"authorities": quoted(self.missing)}


def guarded(organization: Organization | None) -> frozenset[str]:
    """The authorities that only their holders give, and whose holders only they change."""
    strict = organization is not None and organization.grant_only_held
    return everything() if strict else administrative()


def missing(
    wanted: Iterable[str], held: frozenset[str], organization: Organization | None
) -> frozenset[str]:
    """The guarded ones among these that somebody with `held` lacks."""
    return (known(wanted) & guarded(organization)) - held


def quoted(keys: Iterable[str]) -> str:
    """Authorities by name, in the catalogue's order, as a list in the reader's language."""
    these = frozenset(keys)
    # I18N: one authority inside a sentence; Japanese sentences have their own brackets around it.
    return listed(
        _("“%(authority)s”", authority=str(entry.name))
        for key, entry in CATALOGUE.items()
        if key in these
    )
