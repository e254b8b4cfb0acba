"""Taking back an invitation that was sent: it is cancelled.

Here: whether it still can be, and what it would change. Not here: the verb (invites.service), the
page (undo.views).
"""

from __future__ import annotations

from datetime import datetime

from app.access.seat import Seat
from app.activity import events, undoable
from app.activity.undoable import NobodyThere, NotSoAnyMore, Undoing
from app.extensions import db
from app.invites import service as invites
from app.kernel.i18n import _, lazy
from app.models import Activity, Invite, Organization

INVITATION = lazy("Invitation")


def offer() -> None:
    """Let lines that tell of an invitation be taken back."""
    undoable.EVENTS[events.INVITE_SENT.name] = ("send", "Invite")
    undoable.PLANS[events.INVITE_SENT.name] = _withdraw


def _withdraw(line: Activity, organization: Organization, by: Seat, now: datetime) -> Undoing:
    invite = db.session.get(Invite, line.subject_id or 0)
    if invite is None or invite.organization_id != organization.id:
        raise NobodyThere(name=line.subject_name)
    if not invite.is_open(now) or invite.address != line.subject_name:
        raise NotSoAnyMore(what=INVITATION)
    return Undoing(
        {"invitation": [_("Pending"), _("Cancelled")]},
        lambda: invites.cancel(invite, by=by, now=now, undoes=line),
    )
