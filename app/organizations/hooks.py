"""What goes with an organization that is deleted: memberships, service accounts, roles, and its
hand on the accounts that it registered.

Here: what happens to service accounts, and the words for the page that asks. Not here: invitations
and API keys (their hooks).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ScalarSelect, func, select

from app.activity import events
from app.activity import service as activity
from app.activity.service import Actor
from app.extensions import db
from app.kernel.i18n import _, ngettext
from app.kernel.signals import Hook, organization_deleted
from app.models import Account, MemberRole, Membership, Organization
from app.models.subjects import how_many, rows_of
from app.organizations import queries


def connect() -> None:
    """Say what goes with an organization; rows go by foreign keys."""
    organization_deleted.hooks |= HOOKS


def _members(these: Sequence[Organization], **_told: Any) -> ScalarSelect[int]:
    here = rows_of(these, organization=Membership.organization_id)
    return how_many(Membership, here, ~queries.is_service())


def _service_accounts(these: Sequence[Organization], **_told: Any) -> ScalarSelect[int]:
    return queries.only_here(these[0], select(func.count(Account.id))).scalar_subquery()


def _delete_service_accounts(organization: Organization, *, by: Actor, now: datetime) -> None:
    for account in db.session.scalars(
        queries.only_here(organization, select(Account)).order_by(Account.id)
    ):
        activity.record(
            events.ACCOUNT_DELETED, now=now, by=by, organization=organization, subject=account
        )
        db.session.delete(account)


HOOKS = {
    "members": Hook(
        count=_members,
        say=lambda count: (
            ngettext("%(num)s membership", "%(num)s memberships", count),
            _("These people lose their access at once. Their accounts stay."),
        ),
        place=10,
    ),
    "service_accounts": Hook(
        _delete_service_accounts,
        _service_accounts,
        lambda count: (
            ngettext("%(num)s service account", "%(num)s service accounts", count),
            _("They go with it: they belong nowhere else."),
        ),
        place=20,
    ),
    "roles": Hook(
        count=lambda these, **_told: how_many(
            MemberRole, rows_of(these, organization=MemberRole.organization_id)
        ),
        say=lambda count: (
            ngettext("%(num)s role", "%(num)s roles", count),
            _("The organization’s own ones; built-in roles stay."),
        ),
        place=50,
    ),
    "managed": Hook(
        count=lambda these, **_told: how_many(
            Account, rows_of(these, organization=Account.managed_by_id)
        ),
        say=lambda count: (
            ngettext("%(num)s managed account", "%(num)s managed accounts", count),
            _("From then on only their owners and you can edit them."),
        ),
        place=60,
    ),
}
