"""Recording: one row per thing that happened, in the transaction of what happened.

Here: `record`, the same for every organization that an account belongs to, and the comparison of
before and after. Not here: the catalogue (activity.events),
reading (activity.queries).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import select

from app.activity import results
from app.activity.binding_events import MEMBER_JOINED_ELSEWHERE
from app.activity.events import Event
from app.extensions import db
from app.models import Account, Activity, Invite, MemberRole, Membership, Organization
from app.models.base import OrganizationModel, PlatformModel


class Actor(Protocol):
    """Whoever does something in an organization: a seat."""

    @property
    def account(self) -> Account: ...

    @property
    def memberships(self) -> Sequence[Membership]: ...

    @property
    def is_platform_administrator(self) -> bool: ...


class Named(Protocol):
    """Whatever else something happens to: a role, an organization, an integrator's own noun."""

    @property
    def id(self) -> int: ...

    @property
    def name(self) -> str: ...


Subject = Account | Membership | Invite | OrganizationModel | PlatformModel | Named | None


def record(
    event: Event,
    *,
    now: datetime,
    by: Actor | Account | None,
    organization: Organization | None = None,
    subject: Subject = None,
    undoes: Activity | None = None,
    **details: Any,
) -> Activity:
    """Write one line of the log; a detail that the event does not name is a TypeError (R12).
    `undoes` is the line that this takes back.
    """
    unknown = set(details) - event.fields
    if unknown:
        raise TypeError(f"event {event.name!r} has no field {', '.join(sorted(unknown))}")
    actor = by if by is None or isinstance(by, Account) else by.account
    row = Activity(
        happened_at=now,
        organization_id=organization.id if organization else None,
        event=event.name,
        actor_id=actor.id if actor else None,
        actor_name=_name(actor),
        as_platform=_is_as_platform(by, organization),
        via=getattr(by, "via", ""),
        subject_id=_subject_id(subject),
        subject_name=_name(subject),
        details={key: _plain(value) for key, value in details.items()},
        undoes_id=undoes.id if undoes else None,
    )
    results.collect(row)
    db.session.add(row)
    return row


def record_everywhere(
    event: Event,
    *,
    account: Account | None,
    by: Actor | Account | None,
    now: datetime,
    **details: Any,
) -> None:
    """Write an event of an account, or of nobody's, at the same cost for either."""
    where = select(Organization).join(Membership, Membership.organization_id == Organization.id)
    with db.session.no_autoflush:
        organizations = list(
            db.session.scalars(
                where.where(Membership.account_id == (account.id if account else 0)).order_by(
                    Organization.id
                )
            )
        )
    for organization in organizations or [None]:
        record(event, now=now, by=by, organization=organization, subject=account, **details)


def record_at_home(membership: Membership, *, by: Actor | Account, now: datetime) -> None:
    """Note in the log of whoever manages an account that it joined another organization (D-C11)."""
    home = membership.account.managed_by
    if home is not None and home.id != membership.organization_id:
        record(
            MEMBER_JOINED_ELSEWHERE,
            now=now,
            by=by,
            organization=home,
            subject=membership.account,
            elsewhere=membership.organization.name,
        )


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, list[Any]]:
    """Return {field: [before, after]} for what differs."""
    return {
        key: [_plain(before[key]), _plain(after[key])] for key in after if before[key] != after[key]
    }


def _is_as_platform(by: Actor | Account | None, organization: Organization | None) -> bool:
    """Whether only the platform administrator's right let somebody act in an organization, on
    whichever screen (S4-02).
    """
    if (
        by is None
        or isinstance(by, Account)
        or organization is None
        or not by.is_platform_administrator
    ):
        return False
    return all(membership.organization_id != organization.id for membership in by.memberships)


def _subject_id(subject: Subject) -> int | None:
    if isinstance(subject, Membership):
        return subject.account_id
    return subject.id if subject is not None else None


def _name(subject: Subject) -> str:
    match subject:
        case Membership():
            return _name(subject.account)
        case Account():
            return subject.written_name
        case Invite():
            return subject.address
        case None:
            return ""
        case OrganizationModel() | PlatformModel():
            return str(subject)
        case _:
            return subject.name


def _plain(value: Any) -> Any:
    if isinstance(value, MemberRole):
        return value.name
    if isinstance(value, str | int | bool | None):
        return str(value) if isinstance(value, str) else value
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): _plain(part) for key, part in value.items()}
    if isinstance(value, Iterable):
        plain = [_plain(part) for part in value]
        return sorted(plain) if isinstance(value, frozenset | set) else plain
    return str(value)
