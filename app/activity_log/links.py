"""Links: from a line of the log to what it tells of.

Here: whose page, if there still is one and the reader may open it. Not here: those pages (members,
invites, roles, accounts, organizations).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import current_app, url_for
from sqlalchemy import Select, exists, select
from sqlalchemy.orm import aliased

from app.access.policy import may
from app.access.seat import Seat
from app.activity import queries
from app.extensions import db
from app.kernel.i18n import lazy
from app.models import (
    Account,
    Activity,
    Invite,
    MemberRole,
    Membership,
    Organization,
    RoleBinding,
    with_ended,
)


@dataclass(frozen=True)
class Target:
    """A page about what a line is about, what the table of grants asks for it, and how its row is
    found.
    """

    label: Any
    endpoint: str
    asks: tuple[str, str]
    found: Any


def of_organization(model: Any) -> Any:
    """How a row of an organization is found by a line."""
    return lambda line: select(model.id).where(
        model.id == line.subject_id, model.organization_id == line.organization_id
    )


def of_portal(model: Any) -> Any:
    """How a row of the whole portal is found by a line."""
    return lambda line: select(model.id).where(model.id == line.subject_id)


def _membership(line: Activity) -> Select[int]:
    return select(Membership.id).where(
        Membership.account_id == line.subject_id, Membership.organization_id == line.organization_id
    )


def _former(line: Activity) -> Any:
    """The membership that ended last, where there is none now."""
    living = aliased(Membership)
    returned = exists().where(
        living.account_id == Membership.account_id,
        living.organization_id == Membership.organization_id,
        living.ended_at.is_(None),
    )
    ended = select(Membership.id).where(
        Membership.account_id == line.subject_id,
        Membership.organization_id == line.organization_id,
        Membership.ended_at.is_not(None),
        ~returned,
    )
    return with_ended(ended.order_by(Membership.ended_at.desc(), Membership.id.desc()).limit(1))


HERE = {
    "": Target(lazy("Open the member"), "MemberView.show", ("read", "Member"), _membership),
    "role": Target(
        lazy("Open the role"),
        "MemberRoleView.show",
        ("read", "MemberRole"),
        of_organization(MemberRole),
    ),
    "invite": Target(
        lazy("Open the invitation"), "InviteView.show", ("read", "Invite"), of_organization(Invite)
    ),
    "binding": Target(
        lazy("Open the addition"),
        "BindingView.show",
        ("read", "Binding"),
        of_organization(RoleBinding),
    ),
}
FORMER = Target(
    lazy("Open the former member"), "FormerMemberView.show", ("manage", "Member"), _former
)
ON_PLATFORM = {
    "": Target(
        lazy("Open the account"),
        "AccountView.show",
        ("manage", "Account"),
        lambda line: select(Account.id).where(Account.id == line.subject_id),
    ),
}
ITS_ORGANIZATION = Target(
    lazy("Open the organization"),
    "OrganizationView.show",
    ("manage", "Organization"),
    lambda line: select(Organization.id).where(Organization.id == line.organization_id),
)


def links_of(line: Activity, seat: Seat, *, on_platform: bool) -> list[tuple[str, str]]:
    """Return labels and addresses of the pages a line leads to."""
    kind = queries.kind_of(line)
    targets = [(ON_PLATFORM if on_platform else HERE).get(kind)] if kind is not None else []
    targets += [FORMER] if kind == "" and not on_platform else []
    targets += [ITS_ORGANIZATION] if on_platform else []
    return [
        (str(target.label), address)
        for target in targets
        if target is not None and (address := _address(target, line, seat))
    ]


def _address(target: Target, line: Activity, seat: Seat) -> str:
    if target.endpoint not in current_app.view_functions or not may(seat, *target.asks):
        return ""
    row_id = db.session.scalar(target.found(line))
    return url_for(target.endpoint, pk=row_id) if row_id is not None else ""
