"""Denials: what somebody asked for that the table of grants does not give them stands in the log.

Here: recording one, once in ten minutes for each person and thing. Not here: the table
(access.policy), the page that says no (http.errors).
"""

from __future__ import annotations

from app.access.context import context, current_seat
from app.access.policy import authorities_for
from app.activity import events
from app.activity import service as activity
from app.extensions import db
from app.http.rate_limit import Limit, TooManyTries
from app.kernel.clock import utcnow

LOGGED = Limit("denials-told", "1 per 10 minutes")


def record() -> None:
    """Record what was just refused to somebody who is signed in, in a transaction of its own: the
    request's is over.
    """
    seat, asked = current_seat(), context().permission
    if seat is None or not asked:
        return
    permission, view = asked
    try:
        place = seat.organization.id if seat.organization else ""
        LOGGED.hit(f"{seat.account.id}/{permission}/{view}/{place}")
    except TooManyTries:
        return
    needed = sorted(frozenset().union(*authorities_for(permission, view)[:1]))
    activity.record(
        events.ACCESS_DENIED,
        now=utcnow(),
        by=seat,
        organization=seat.organization,
        subject=seat.account,
        view=view,
        permission=permission,
        needed=needed,
    )
    db.session.commit()
