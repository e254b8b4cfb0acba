"""Around a line: what the same people did just before and after it.

Here: which lines. Not here: the lists of the log (activity.queries), sentences
(activity_log.rendering).
"""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import or_, select, tuple_

from app.activity.queries import same_organization
from app.extensions import db
from app.models import Activity

NEAR = timedelta(minutes=10)
EACH_SIDE = 10
"""How many lines are shown before a line, and how many after it: the nearest ones."""


def around(line: Activity) -> list[Activity]:
    """Return what the same person did, and what happened to the same one, within some minutes
    before and after a line, newest first; the line itself always.
    """
    same = [
        column == value
        for column, value in (
            (Activity.actor_id, line.actor_id),
            (Activity.subject_id, line.subject_id),
        )
        if value is not None
    ]
    if not same:
        return [line]
    place, here = tuple_(Activity.happened_at, Activity.id), (line.happened_at, line.id)
    near = select(Activity).where(
        *same_organization(line),
        or_(*same),
        Activity.happened_at.between(line.happened_at - NEAR, line.happened_at + NEAR),
    )
    later = near.where(place > here).order_by(Activity.happened_at, Activity.id)
    earlier = near.where(place < here).order_by(Activity.happened_at.desc(), Activity.id.desc())
    return [
        *reversed(db.session.scalars(later.limit(EACH_SIDE)).all()),
        line,
        *db.session.scalars(earlier.limit(EACH_SIDE)),
    ]
