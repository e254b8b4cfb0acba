"""The rows of the list of members: what is read of each as plain values, for building whole rows of
the tables would take most of the query's time, and how each is worked out once for the template
that draws them all.

Here: what stands in a row, in the reader's words; whatever is the same in every row is asked for
once. Not here: which members (members.queries), the markup (templates/members/_rows.html).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from urllib.parse import urlencode

from flask import request
from sqlalchemy import Select, bindparam, select

from app.access.policy import may
from app.access.seat import Seat
from app.accounts import locking
from app.extensions import db
from app.http.context import organization
from app.kernel.clock import utcnow
from app.kernel.i18n import _, current_language
from app.managed_accounts import first_sign_in
from app.managed_accounts.first_sign_in import FirstSignIn, letter_state
from app.member_roles.builtin import role_name
from app.members.queries import EXPIRED, NEVER, state_of
from app.models import Account, MemberRole, Membership, MemberType
from app.models.member_role import membership_role
from app.offers.context import roles_to_give
from app.screens.formatters import ago, display_name, initials, name_language, secondary_name, tint
from app.screens.moments.calendar import Calendar

SHOWN_ROLES = 2
OPEN_MENU = "give"


Row = tuple[Any, ...]
"""One member as the list shows them, as the template takes them apart (templates/members/_rows)."""


class ListedAccount(NamedTuple):
    """What a row says of an account."""

    id: int
    family_name: str
    given_name: str
    login_id: str
    email: str
    reading: str
    latin_name: str
    last_sign_in_at: datetime | None
    suspended_at: datetime | None
    is_service: bool
    locked_until: datetime | None
    managed_by_id: int | None

    @property
    def is_suspended(self) -> bool:
        return self.suspended_at is not None


class ListedMember(NamedTuple):
    """What a row says of a membership."""

    id: int
    account_id: int
    type: MemberType
    authorities: frozenset[str]
    joined_at: datetime
    last_access_at: datetime | None
    suspended_at: datetime | None
    account: ListedAccount
    roles: list[MemberRole]

    @property
    def is_power(self) -> bool:
        return self.type is MemberType.POWER

    @property
    def is_suspended(self) -> bool:
        return self.suspended_at is not None


OF_MEMBERSHIP = tuple(getattr(Membership, name) for name in ListedMember._fields[:-2])
OF_ACCOUNT = tuple(getattr(Account, name) for name in ListedAccount._fields)
HELD = (
    select(membership_role.c.membership_id, MemberRole)
    .join(MemberRole, MemberRole.id == membership_role.c.role_id)
    .where(membership_role.c.membership_id.in_(bindparam("members", expanding=True)))
    .order_by(MemberRole.id)
)


def read_page(query: Select[Any], count: Any) -> tuple[list[ListedMember], list[int]]:
    """Return the members of a query over memberships and accounts, with their roles, in two
    statements; and beside each how many there are.
    """
    query = query.with_only_columns(*OF_MEMBERSHIP, *OF_ACCOUNT, count)
    found: list[Any] = [*db.session.execute(query)]
    roles: dict[int, list[MemberRole]] = {row[0]: [] for row in found}
    for membership_id, role in db.session.execute(HELD, {"members": [*roles]}) if roles else ():
        roles[membership_id].append(role)
    width = len(OF_MEMBERSHIP)
    members = [
        ListedMember._make((*row[:width], ListedAccount._make(row[width:-1]), roles[row[0]]))
        for row in found
    ]
    return members, [row[-1] for row in found]


def draw(
    members: Sequence[ListedMember], *, by: Seat, locks: Callable[[ListedMember, bool], str]
) -> list[Row]:
    """Work out one page of the list for one reader."""
    drawing = _Drawing(by, locks)
    accounts = [member.account for member in members]
    drawing.first = first_sign_in.progress_of(accounts, organization(), now=drawing.now)
    return [drawing.row(member) for member in members]


class _Drawing:
    """What is the same in every row of one page."""

    def __init__(self, by: Seat, locks: Callable[[ListedMember, bool], str]) -> None:
        self.by, self.locks, self.now, self.calendar = by, locks, utcnow(), Calendar()
        self.language = current_language().partition("_")[0]
        self.manages = may(by, "manage", "Member")
        self.select, self.give, self.take, self.you = (
            _("Select %(name)s"),
            _("Add a role to %(name)s"),
            _("Remove the role %(role)s"),
            _("you"),
        )
        self.service = _("Service account")
        self.opened = opened()
        self.labels: dict[int, tuple[int, str, str]] = {}
        self.covered: dict[tuple[object, ...], bool] = {}
        self.first: dict[int, FirstSignIn] = {}

    def row(self, member: ListedMember) -> Row:
        account = member.account
        state, letter = self.state(member)
        name, language = display_name(account), name_language(account)
        editable = self.manages and self.covers(member)
        is_open = editable and self.opened == str(member.id)
        roles = [self.label(role) for role in member.roles]
        shown = len(roles) if is_open else SHOWN_ROLES
        return (
            member.id,
            state == "suspended",
            self.locks(member, editable),
            self.select % {"name": name},
            tint(account),
            initials(account),
            "" if language == self.language else language,
            name,
            self.below(member, name),
            "" if account.is_service else account.email,
            member.is_power,
            account.is_service,
            roles[:shown],
            [label for _pk, label, _take in roles[shown:]],
            editable,
            self.offered(member) if is_open else [],
            self.give % {"name": name} if is_open else "",
            *self.calendar.exact_and_day(member.joined_at),
            *self.accessed(member.last_access_at),
            ago(account.last_sign_in_at, self.now) if account.last_sign_in_at else "",
            state,
            letter,
        )

    def below(self, member: ListedMember, name: str) -> str:
        """What stands below a name: another spelling, that it is no person, that it is you."""
        account = member.account
        other = self.service if account.is_service else secondary_name(account, name)
        if member.account_id != self.by.account.id:
            return other
        return f"{other} · {self.you}" if other else self.you

    def offered(self, member: ListedMember) -> list[tuple[int, str]]:
        """The roles that the open menu gives."""
        roles = roles_to_give(member.account_id, member.roles)
        return [(role.id, role_name(role)) for role in roles]

    def state(self, member: ListedMember) -> tuple[str, str]:
        """The state of a member, that the account is shut to those who manage it; and how far the
        letter has come with which somebody signs in first.
        """
        here = self.by.organization.id if self.by.organization else 0
        manages = self.manages and member.account.managed_by_id == here
        if manages and locking.is_locked(member.account.locked_until, now=self.now):
            return locking.LOCKED, ""
        state, first = state_of(member), self.first.get(member.account_id)
        if state != NEVER or first is None:
            return state, ""
        return (EXPIRED, "") if first.is_over else (state, letter_state(first.letter))

    def covers(self, member: ListedMember) -> bool:
        """Whether the reader stands as high; most members of a page hold the same."""
        key = (member.type, member.authorities, *(role.id for role in member.roles))
        if key not in self.covered:
            self.covered[key] = self.by.covers_member(member)
        return self.covered[key]

    def label(self, role: MemberRole) -> tuple[int, str, str]:
        if role.id not in self.labels:
            label = role_name(role)
            self.labels[role.id] = role.id, label, self.take % {"role": label}
        return self.labels[role.id]

    def accessed(self, moment: datetime | None) -> tuple[str, str]:
        return (self.calendar.exact(moment), ago(moment, self.now)) if moment else ("", "")


def opened() -> str:
    """The id of the member whose menu of roles is open, "" for none: only one row at a time carries
    them all.
    """
    return request.args.get(OPEN_MENU, "")


def menu_url(pk: int) -> str:
    """This list, with the menu of one member's roles open."""
    asked = request.args.to_dict(flat=False) | {OPEN_MENU: [str(pk)]}
    return f"?{urlencode(asked, doseq=True)}#{OPEN_MENU}"
