"""Policy: the one table that says who may. Screens, menus, templates and FAB's own decorators ask
`may`.

Here: which authority grants which permission on which view. Not here: what a verb refuses by its
own rules.
"""

from __future__ import annotations

from collections.abc import Iterable

from app.access.authorities import Authority as A
from app.access.seat import Seat
from app.kernel.errors import StartRefused

SIGNED_IN = "signed in"
"""Everybody with an account."""
MEMBER = "member"
"""Everybody who belongs to the organization of the address."""
POWER_USER = "power user"
"""Power users only (S1-10)."""
PLATFORM = "platform administrator"
"""The platform administrator only (S4-02)."""

NOBODY = "nobody"
"""What no authority opens; the platform administrator passes."""

Needs = frozenset[str]


def _all(*authorities: str) -> Needs:
    return frozenset(map(str, authorities))


GRANTS: dict[tuple[str, str], tuple[Needs, ...]] = {
    ("Home", "read"): (_all(MEMBER),),
    ("Api", "read"): (_all(MEMBER),),  # what every API key can do: ask who it is
    ("Member", "read"): (_all(A.USER_VIEWER), _all(A.MEMBER_MANAGER)),
    ("Member", "manage"): (_all(A.MEMBER_MANAGER),),
    ("Member", "export"): (_all(A.MEMBER_MANAGER),),  # everybody at once: more than a screen shows
    ("Member", "undo"): (_all(MEMBER),),  # and whatever the line asks for: screens.notes
    ("Member", "leave"): (_all(MEMBER),),
    ("Invite", "read"): (_all(A.ORGANIZATION_INVITATION_VIEWER), _all(A.MEMBER_MANAGER)),
    ("Invite", "send"): (_all(A.MEMBER_MANAGER),),
    ("Invite", "export"): (_all(A.MEMBER_MANAGER),),
    ("Binding", "read"): (_all(A.ORGANIZATION_INVITATION_VIEWER), _all(A.MEMBER_MANAGER)),
    ("Binding", "manage"): (_all(A.MEMBER_MANAGER),),
    ("Binding", "export"): (_all(A.MEMBER_MANAGER),),
    ("MemberRole", "read"): (_all(A.USER_VIEWER), _all(A.MEMBER_MANAGER), _all(A.ROLE_MANAGER)),
    ("MemberRole", "manage"): (_all(A.ROLE_MANAGER),),
    ("MemberRole", "export"): (_all(A.MEMBER_MANAGER), _all(A.ROLE_MANAGER)),
    ("Activity", "read"): (_all(A.ACTIVITY_VIEWER),),
    ("Activity", "export"): (_all(A.ACTIVITY_VIEWER, A.MEMBER_MANAGER),),
    ("SavedView", "read"): (
        _all(MEMBER),
    ),  # and whatever the list itself asks for: saved_views.views
    ("SavedView", "manage"): (
        _all(A.MEMBER_MANAGER),
    ),  # everybody in the organization sees them, as with other changes for all
    ("Batch", "read"): (_all(MEMBER),),  # and whatever the batch itself asks for: batches.lists
    ("PlatformBatch", "read"): (_all(PLATFORM),),
    ("Email", "read"): (_all(POWER_USER),),
    ("Settings", "manage"): (_all(A.SETTINGS_MANAGER),),
    ("Webhook", "read"): (_all(A.SETTINGS_MANAGER, A.ACTIVITY_VIEWER),),
    ("Webhook", "manage"): (
        _all(A.SETTINGS_MANAGER, A.ACTIVITY_VIEWER),
    ),  # what is sent is what the log tells
    ("Key", "read"): (_all(A.MEMBER_MANAGER),),
    ("Key", "manage"): (_all(A.MEMBER_MANAGER),),
    ("MyInvite", "read"): (_all(SIGNED_IN),),
    ("MyInvite", "answer"): (_all(SIGNED_IN),),
    ("Joining", "answer"): (_all(SIGNED_IN),),
    ("Profile", "manage"): (_all(SIGNED_IN),),
    ("Organization", "manage"): (_all(PLATFORM),),
    ("Account", "manage"): (_all(PLATFORM),),
    ("Outbox", "manage"): (_all(PLATFORM),),
    ("PlatformActivity", "read"): (_all(PLATFORM),),
}


class GrantError(StartRefused):
    """A line for the table that cannot be meant; its text is one sentence for the integrator."""


def grant(view: str, permission: str, *alternatives: Iterable[str]) -> None:
    """Add one line to the table: any of the alternatives, each a set of authorities that are needed
    together. What would grant nothing, or what nobody means, is a GrantError with what to write.
    """
    for needed in alternatives:
        if isinstance(needed, str):
            raise GrantError(
                f"grant({view!r}, {permission!r}, {str(needed)!r}): each alternative is a set of"
                f" words, so write {{{str(needed)!r}}}."
            )
    if not alternatives or not all(alternatives):
        raise GrantError(
            f"grant({view!r}, {permission!r}, …) grants it to nobody: name at least one set of"
            " authorities, such as {policy.MEMBER}."
        )
    GRANTS[view, permission] = tuple(frozenset(map(str, needed)) for needed in alternatives)


def may(seat: Seat | None, permission: str, view: str) -> bool:
    """Whether this person may, by the table; a pair that is not in the table is a KeyError, never a
    silent no.
    """
    alternatives = GRANTS[view, permission]
    return seat is not None and any(_holds(seat, needed) for needed in alternatives)


def is_granted(view: str, permission: str) -> bool:
    """Whether the table has a line for this pair."""
    return (view, permission) in GRANTS


def ensure_known(authorities: Iterable[str]) -> None:
    """Raise GrantError for a line of the table that asks for something which is no authority."""
    known = frozenset(map(str, authorities)) | {SIGNED_IN, MEMBER, POWER_USER, PLATFORM, NOBODY}
    for (view, permission), alternatives in GRANTS.items():
        for word in sorted(frozenset().union(*alternatives) - known):
            raise GrantError(
                f"grant({view!r}, {permission!r}, …) asks for {word!r}, which is no authority:"
                f" register it first, or write one of {', '.join(sorted(known)[:3])}, …"
            )


def authorities_for(permission: str, view: str) -> list[frozenset[str]]:
    """The sets of authorities of which one is needed; for the page that says no."""
    return list(GRANTS[view, permission])


def _holds(seat: Seat, needed: Needs) -> bool:
    if seat.is_platform_administrator:
        return seat.organization is not None or bool(needed & {SIGNED_IN, PLATFORM})
    return all(_has(seat, one) for one in needed)


def _has(seat: Seat, one: str) -> bool:
    if one == SIGNED_IN:
        return True
    if one == MEMBER:
        return seat.membership is not None and seat.organization is not None
    if one == POWER_USER:
        return seat.organization is not None and seat.is_power
    return one in seat.authorities
