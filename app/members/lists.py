"""The list of members: its columns, orders and filters, as one table (S2-06, S3-12…S3-15).

Here: what is offered and in which words. Not here: which rows a choice keeps (members.queries),
what files hold and programs are told (members.columns), how rows are drawn (members.list_rows).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy.orm import contains_eager, joinedload, selectinload

from app.access.policy import may
from app.activity.events import MEMBER_LIST_EXPORTED
from app.exchange.files import File
from app.http.context import seat
from app.kernel.clock import utcnow
from app.kernel.i18n import lazy, ngettext
from app.member_roles.builtin import role_name
from app.members import queries
from app.members.columns import COLUMNS
from app.memberships.interface import MemberInterface
from app.models import Account, Membership, MemberType
from app.offers.context import available_roles
from app.rest.schemas import Many, Number, Word
from app.screens.counts import MenuCount
from app.screens.list_definition import ListDefinition
from app.screens.list_filter import Choices, Filter

UNUSED_DAYS = (30, 90, 180)
BESIDE = ("MemberView", "InviteView", "BindingView")
"""Who belongs to an organization, is invited, or joins at the next sign-in (S3-08)."""


def _roles() -> Choices:
    return [(str(role.id), role_name(role)) for role in available_roles()]


def _no_access(days: int) -> str:
    return ngettext("No access for %(num)s day", "No access for %(num)s days", days)


def _no_sign_in(days: int) -> str:
    return ngettext("No sign-in for %(num)s day", "No sign-in for %(num)s days", days)


def _idle(
    name: str, label: Any, days: Callable[[int], str], apply: Callable[..., Any], about: Any
) -> Filter:
    """A filter by how long ago something was: some numbers of days, or one that is typed."""
    return Filter(
        name,
        label,
        lambda: [(str(number), days(number)) for number in UNUSED_DAYS],
        lambda query, chosen: apply(query, chosen, now=utcnow()),
        number=days,
        about=about,
    )


FILTERS = (
    Filter(
        "role",
        lazy("Role"),
        _roles,
        queries.with_roles,
        multiple=True,
        field=Many(Number()),
        about=lazy("Members with any of these roles, by id."),
    ),
    Filter(
        "type",
        lazy("Type"),
        lambda: [
            (MemberType.GENERAL, lazy("General")),
            (MemberType.POWER, lazy("Power")),
            (queries.SERVICE, lazy("Service accounts")),
        ],
        queries.with_types,
    ),
    Filter(
        "status",
        lazy("State"),
        lambda: [
            (queries.ACTIVE, lazy("Active")),
            (queries.NEVER, lazy("Never signed in")),
            (queries.EXPIRED, lazy("First sign-in expired")),
            (queries.SUSPENDED, lazy("Suspended")),
            *([(queries.LOCKED, lazy("Locked"))] if may(seat(), "manage", "Member") else []),
        ],
        lambda query, chosen: queries.in_states(query, chosen, now=utcnow()),
        multiple=True,
        always=True,
        field=Many(Word(*queries.STATES, queries.EXPIRED)),
        about=lazy("Members in any of these states; without it the suspended are left out."),
        everything=lazy("Show the suspended"),
    ),
    _idle(
        "unused",
        lazy("Last access"),
        _no_access,
        queries.unused_for,
        lazy("Members who were not here for so many days."),
    ),
    _idle(
        "signed_in",
        lazy("Last sign-in"),
        _no_sign_in,
        queries.not_signed_in_for,
        lazy("People who did not sign in for so many days."),
    ),
    Filter(
        "two_factor",
        lazy("2-step"),
        lambda: [("on", lazy("On")), ("off", lazy("Off"))],
        queries.with_two_factor,
        needs=("manage", "Member"),
    ),
    Filter(
        "managed",
        lazy("Account"),
        lambda: [
            ("yes", lazy("Registered by this organization")),
            ("no", lazy("Registered elsewhere")),
        ],
        queries.with_manager,
    ),
)


FILE = File(
    "members",
    Membership,
    COLUMNS,
    MEMBER_LIST_EXPORTED,
    (
        joinedload(Membership.account),
        joinedload(Membership.organization),
        joinedload(Membership.invited_by),
        selectinload(Membership.roles),
    ),
)

MEMBERS = ListDefinition(
    MemberInterface(Membership),
    route_base="/o/<organization>/members",
    class_permission_name="Member",
    list_columns=(
        "name",
        "email",
        "type",
        "roles",
        "joined_at",
        "last_access_at",
        "last_sign_in_at",
        "state",
    ),
    label_columns={"name": lazy("Name")},
    order_columns=[
        ("name", Membership.sort_key),
        ("email", Membership.email_key),
        "type",
        "joined_at",
        "last_access_at",
        ("last_sign_in_at", Account.last_sign_in_at),
    ],
    base_order=("name", "asc"),
    filters=FILTERS,
    search=queries.search,
    is_searched_by_index=True,
    search_label=lazy("Name, reading, e-mail or ID"),
    eager=(contains_eager(Membership.account), selectinload(Membership.roles)),
    file=FILE,
    menu_count=MenuCount("members", queries.present, is_whole=True),
)
