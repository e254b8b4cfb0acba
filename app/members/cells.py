"""Cells: what the columns of the list of members are called, and what a member's row offers.

Here: labels, the roles that can be given, the address of the open menu. Not here: a whole row
(members.rows), which columns a list has (members.views).
"""

from __future__ import annotations

from urllib.parse import urlencode

from flask import request

from app.access.authorities import known
from app.access.context import current_seat
from app.access.policy import may
from app.http.context import seat
from app.kernel.i18n import _, lazy
from app.members.context import available_roles
from app.members.shown import Shown
from app.models import Letter, LetterState, MemberRole, Membership

SHOWN_ROLES = 2
OPEN_MENU = "give"

LABELS = {
    "name": lazy("Name"),
    "email": lazy("E-mail address"),
    "type": lazy("Type"),
    "roles": lazy("Roles"),
    "joined_at": lazy("Joined"),
    "last_access_at": lazy("Last access"),
    "last_sign_in_at": lazy("Last sign-in"),
    "state": lazy("State"),
}


LETTERS = {
    LetterState.WAITING: lazy("Email waiting to be sent"),
    LetterState.SENT: lazy("Email sent"),
    LetterState.DEAD: lazy("Email not delivered"),
    LetterState.DROPPED: lazy("Email not sent"),
}
"""How far the email for the first sign-in has come."""


def letter_state(letter: Letter | None) -> str:
    """How far it has come, in a few words."""
    return str(LETTERS[letter.state]) if letter is not None else _("No delivery record.")


def is_editable(membership: Membership) -> bool:
    """Whether the reader manages members and stands at least as high as this one (D-1)."""
    seat = current_seat()
    if seat is None or not may(seat, "manage", "Member"):
        return False
    return seat.covers_member(membership)


def roles_to_give(membership: Membership | Shown) -> list[MemberRole]:
    """The roles that the reader could add to this member (D-1)."""
    given = seat().gives_to(membership.account_id)
    return [
        role
        for role in available_roles()
        if role not in membership.roles and known(role.authorities) <= given
    ]


def opened() -> str:
    """The id of the member whose menu of roles is open, "" for none: only one row at a time carries
    them all.
    """
    return request.args.get(OPEN_MENU, "")


def menu_url(pk: int) -> str:
    """This list, with the menu of one member's roles open."""
    asked = {
        name: values
        for name, values in request.args.to_dict(flat=False).items()
        if name != OPEN_MENU
    }
    return f"?{urlencode(asked | {OPEN_MENU: [str(pk)]}, doseq=True)}#{OPEN_MENU}"
