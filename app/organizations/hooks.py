"""What goes with an organization that is deleted: memberships, service accounts, roles, and its
hand on the accounts that it registered.

Here: what happens to service accounts, and the words for the page that asks. Not here: invitations
and API keys (their hooks).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, func, select

from app.activity import events
from app.activity import service as activity
from app.activity.service import Actor
from app.extensions import db
from app.kernel import signals
from app.kernel.i18n import _, ngettext
from app.models import Account, MemberRole, Membership, Organization
from app.organizations import queries


def connect() -> None:
    """Register what goes with an organization; the rest of its rows goes by foreign keys."""
    deleted = signals.organization_deleted
    deleted.register(
        "members",
        count=_counted(Membership, Membership.organization_id, ~queries.is_service()),
        say=lambda count: (
            ngettext("%(num)s membership", "%(num)s memberships", count),
            _("These people lose their access at once. Their accounts stay."),
        ),
        place=10,
    )
    deleted.register(
        "service_accounts",
        _delete_service_accounts,
        count=_only_here,
        say=lambda count: (
            ngettext("%(num)s service account", "%(num)s service accounts", count),
            _("They go with it: they belong nowhere else."),
        ),
        place=20,
    )
    deleted.register(
        "roles",
        count=_counted(MemberRole, MemberRole.organization_id),
        say=lambda count: (
            ngettext("%(num)s role", "%(num)s roles", count),
            _("The organization’s own ones; built-in roles stay."),
        ),
        place=50,
    )
    deleted.register(
        "managed",
        count=_counted(Account, Account.managed_by_id),
        say=lambda count: (
            ngettext("%(num)s managed account", "%(num)s managed accounts", count),
            _("From then on only their owners and you can edit them."),
        ),
        place=60,
    )


def _delete_service_accounts(organization: Organization, *, by: Actor, now: datetime) -> None:
    for account in db.session.scalars(
        queries.only_here(organization, select(Account)).order_by(Account.id)
    ):
        activity.record(
            events.ACCOUNT_DELETED, now=now, by=by, organization=organization, subject=account
        )
        db.session.delete(account)


def _only_here(organizations: Sequence[Organization], **_told: Any) -> ScalarSelect[int]:
    [organization] = organizations
    return queries.only_here(organization, select(func.count(Account.id))).scalar_subquery()


def _counted(
    model: Any, column: Any, *more: ColumnElement[bool]
) -> Callable[..., ScalarSelect[int]]:
    def count(organizations: Sequence[Organization], **_told: Any) -> ScalarSelect[int]:
        theirs = column.in_([one.id for one in organizations])
        return select(func.count(model.id)).where(theirs, *more).scalar_subquery()

    return count
