"""Which lines of the log: of one organization, or for the platform administrator of all; newest
first.

Here: reading. Not here: writing (activity.service), sentences (activity_log.rendering).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import (
    ColumnElement,
    Select,
    exists,
    or_,
    select,
)

from app.activity.batch_events import HEADINGS
from app.activity.events import ORGANIZATION_DELETED
from app.extensions import db
from app.kernel.i18n import current_language
from app.models import Account, Activity, Batch, Organization

ABOUT_PEOPLE = ("member_", "account_", "two_factor_", "key_")
"""How the names of events begin whose subject is an account."""
KINDS: dict[str, tuple[str, ...]] = {
    "": ABOUT_PEOPLE,
    "role": ("role_",),
    "invite": ("invite_",),
    "binding": ("binding_",),
    "view": ("view_",),
}
"""What a line can be about, as filters write it before its id ("role-5"), and how the names of such
events begin.
"""
DELETED = Activity.event == ORGANIZATION_DELETED.name


@dataclass(frozen=True)
class PersonName:
    """Somebody whom lines speak of, as their account calls them now."""

    family_name: str
    given_name: str
    latin_name: str
    is_service: bool

    @property
    def written_name(self) -> str:
        return f"{self.family_name} {self.given_name}".strip()


def recent(organization: Organization, limit: int) -> list[Activity]:
    """Return the newest lines of an organization."""
    lines = (
        select(Activity)
        .where(Activity.organization_id == organization.id)
        .order_by(Activity.happened_at.desc(), Activity.id.desc())
    )
    return list(db.session.scalars(lines.limit(limit)))


def target(written: str) -> tuple[int, str]:
    """Read whom or what a filter names: id and kind."""
    kind, _hyphen, number = written.rpartition("-")
    return int(number), kind


def kind_of(line: Activity) -> str | None:
    """Return what a line is about, None for what no filter names."""
    found = (kind for kind, beginnings in KINDS.items() if line.event.startswith(beginnings))
    return next(found, None) if line.subject_id is not None else None


def people(lines: Iterable[Activity]) -> dict[int, PersonName]:
    """Return whom lines may speak of, in one statement."""
    ids = {
        account_id
        for line in lines
        for account_id in (line.actor_id, line.subject_id)
        if account_id is not None
    }
    if not ids:
        return {}
    known = select(
        Account.id, Account.last_name, Account.first_name, Account.latin_name, Account.is_service
    ).where(Account.id.in_(ids))
    rows = db.session.execute(known)
    return {
        account_id: PersonName(family or "", given or "", latin, is_service)
        for account_id, family, given, latin, is_service in rows
    }


def about(
    query: Select[tuple[Activity]], subject_id: int, kind: str = ""
) -> Select[tuple[Activity]]:
    """Narrow to what was done to somebody or something, by whomever."""
    return query.where(
        Activity.subject_id == subject_id,
        or_(*(Activity.event.startswith(beginning, autoescape=True) for beginning in KINDS[kind])),
    )


def name_of(organization: Organization | None, subject_id: int, kind: str = "") -> str:
    """Return the name that somebody or something had when the log last told of them, "" where it
    never did.
    """
    lines = about(select(Activity).where(*is_in_log_of(organization)), subject_id, kind)
    last = db.session.scalars(
        lines.order_by(Activity.happened_at.desc(), Activity.id.desc()).limit(1)
    ).first()
    return last.subject_name if last else ""


def actor_name(organization: Organization | None, account_id: int) -> str:
    """Return the name under which somebody acted last, "" where they never did."""
    lines = select(Activity.actor_name).where(
        *is_in_log_of(organization), Activity.actor_id == account_id
    )
    return (
        db.session.scalar(lines.order_by(Activity.happened_at.desc(), Activity.id.desc()).limit(1))
        or ""
    )


def undoing(line: Activity) -> Activity | None:
    """Return the line that took this one back."""
    return db.session.scalars(
        select(Activity).where(Activity.undoes_id == line.id).order_by(Activity.id).limit(1)
    ).first()


def undone_among(lines: Iterable[Activity]) -> set[int]:
    """Return the ids of the lines that were taken back."""
    ids = [line.id for line in lines]
    found = db.session.scalars(select(Activity.undoes_id).where(Activity.undoes_id.in_(ids)))
    return {line_id for line_id in found if line_id is not None} if ids else set()


def in_batch(organization: Organization, batch: str) -> list[Activity]:
    """Return the lines of an organization that were written together, oldest first."""
    lines = select(Activity).where(
        Activity.organization_id == organization.id, Activity.batch == batch
    )
    return list(db.session.scalars(lines.order_by(Activity.id)))


def folded(query: Select[tuple[Activity]]) -> Select[tuple[Activity]]:
    """Leave out the lines of rows of a batch that has a heading: they stand below it."""
    has_heading = exists().where(Batch.public_id == Activity.batch, Batch.heading_id.is_not(None))
    return query.where(or_(Activity.batch.is_(None), Activity.event.in_(HEADINGS), ~has_heading))


def headed_by(ids: Iterable[int]) -> list[Batch]:
    """Return the batches that these lines head."""
    return list(db.session.scalars(select(Batch).where(Batch.heading_id.in_([*ids]))))


def is_of_several(line: Activity) -> bool:
    """Whether other lines of the same event were written together with this one."""
    others = select(Activity.id).where(
        *same_organization(line), Activity.batch == line.batch, Activity.event == line.event
    )
    return line.batch is not None and len(db.session.scalars(others.limit(2)).all()) > 1


def later(line: Activity) -> list[Activity]:
    """Return what happened later to the member a line is about, oldest first."""
    lines = about(
        select(Activity).where(*same_organization(line), Activity.id > line.id),
        line.subject_id or 0,
    )
    return list(
        db.session.scalars(
            lines.where(Activity.event.startswith("member_", autoescape=True)).order_by(Activity.id)
        )
    )


def undone(line: Activity) -> Activity | None:
    """Return the line that this one took back."""
    return db.session.get(Activity, line.undoes_id) if line.undoes_id is not None else None


def since(query: Select[tuple[Activity]], moment: datetime) -> Select[tuple[Activity]]:
    """Narrow to what happened from a moment on."""
    return query.where(Activity.happened_at >= moment)


def before(query: Select[tuple[Activity]], moment: datetime) -> Select[tuple[Activity]]:
    """Narrow to what happened before a moment."""
    return query.where(Activity.happened_at < moment)


def places(lines: Iterable[Activity]) -> dict[int, str]:
    """Return the names of the organizations of lines; those that were deleted have the one they
    went with.
    """
    ids = {line.organization_id for line in lines if line.organization_id is not None}
    rows = (
        db.session.scalars(select(Organization).where(Organization.id.in_(ids))).all()
        if ids
        else []
    )
    found = {organization.id: organization.name_in(current_language()) for organization in rows}
    if ids - found.keys():
        gone = select(Activity.subject_id, Activity.subject_name).where(
            DELETED, Activity.organization_id.in_(ids - found.keys())
        )
        found |= {
            subject_id: name
            for subject_id, name in db.session.execute(gone)
            if subject_id is not None
        }
    return found


def same_organization(line: Activity) -> list[ColumnElement[bool]]:
    """The condition that lines stand in the same log as one."""
    return [Activity.organization_id.is_not_distinct_from(line.organization_id)]


def is_in_log_of(organization: Organization | None) -> list[ColumnElement[bool]]:
    """The condition that lines are one organization's, or anybody's."""
    return [] if organization is None else [Activity.organization_id == organization.id]
