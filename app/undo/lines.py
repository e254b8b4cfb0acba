"""Lines of the log that are to be taken back: what each says of a member.

Here: whom a line is about, which roles it names, the reason before it, and whether a later line
tells of the same. Not here: what taking it back changes (undo.service), the log (activity.queries).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sqlalchemy import select

from app.activity import events
from app.activity import queries as activities
from app.activity.undoable import NobodyThere
from app.activity.words import LABELS
from app.extensions import db
from app.kernel.errors import Refusal
from app.kernel.i18n import lazy, listed
from app.models import Activity, MemberRole, Membership, Organization

COMING_AND_GOING = frozenset(
    event.name
    for event in (
        events.MEMBER_REMOVED,
        events.MEMBER_LEFT,
        events.MEMBER_ADDED,
        events.MEMBER_JOINED,
        events.MEMBER_BROUGHT_BACK,
    )
)
STANDING = frozenset({events.MEMBER_SUSPENDED.name, events.MEMBER_REINSTATED.name})
MEMBERSHIP, SUSPENSION = lazy("Membership"), lazy("Suspension")


class ChangedSince(Refusal):
    """Somebody changed the same thing later; taking back the earlier change would take back theirs
    too.
    """

    status = 409
    text = lazy(
        "This was changed again since, by %(actor)s: %(what)s. Take back the newer change first, or"
        " change the member by hand."
    )


class RolesGone(Refusal):
    """A role that would come back was deleted."""

    status = 409
    text = lazy(
        "A role that would come back was deleted since: %(names)s. Change the member by hand."
    )


def member(line: Activity) -> Membership:
    """The membership a line is about, as it is now. Raises NobodyThere."""
    where = (
        Membership.account_id == line.subject_id,
        Membership.organization_id == line.organization_id,
    )
    found = db.session.scalars(
        select(Membership).where(*where).execution_options(populate_existing=True)
    ).one_or_none()
    if found is None:
        raise NobodyThere(name=line.subject_name)
    return found


def ensure_latest(line: Activity, concerns: Callable[[Activity], bool]) -> None:
    """Raise ChangedSince where a later line tells of the same."""
    later = [after for after in activities.later(line) if concerns(after)]
    if later:
        raise ChangedSince(actor=later[-1].actor_name, what=words(sorted(fields(later[-1]))))


def fields(line: Activity) -> set[str]:
    """What of a member a line changed."""
    if line.event == events.MEMBER_EDITED.name:
        return set(line.details["changes"])
    return {"suspension"} if line.event in STANDING else {"membership"}


def roles(
    names: Sequence[str], ids: Sequence[int] | None, line: Activity, organization: Organization
) -> tuple[MemberRole, ...]:
    """Find the roles a line tells of: by id, in lines from before ids were kept by name. Raises
    RolesGone.

    A role that was made later is another one, though SQLite gave it the id of one that was deleted.
    """
    theirs = (MemberRole.organization_id == organization.id) | MemberRole.organization_id.is_(None)
    chosen = MemberRole.id.in_(ids) if ids is not None else MemberRole.name.in_(names)
    there_then = MemberRole.created_at.is_(None) | (MemberRole.created_at <= line.happened_at)
    found = tuple(
        db.session.scalars(
            select(MemberRole).where(theirs, chosen, there_then).order_by(MemberRole.id)
        )
    )
    if len(found) != len(names):
        raise RolesGone(names=listed(sorted(set(names) - {role.name for role in found}) or names))
    return found


def reason_before(line: Activity) -> str:
    """The reason of the suspension that a reinstatement ended."""
    suspended = select(Activity).where(
        Activity.organization_id == line.organization_id,
        Activity.subject_id == line.subject_id,
        Activity.id < line.id,
        Activity.event == events.MEMBER_SUSPENDED.name,
    )
    last = db.session.scalars(suspended.order_by(Activity.id.desc()).limit(1)).first()
    return str(last.details.get("reason") or "") if last else ""


def words(names: Sequence[str]) -> str:
    """What a person calls the fields that a line changed."""
    own = {"membership": MEMBERSHIP, "suspension": SUSPENSION}
    return listed(str(own.get(name) or LABELS.get(name, name)) for name in names)
