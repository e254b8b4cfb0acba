"""Kinds of batches over invitations: send again, cancel, delete what is over.

Here: what is checked and done for one invitation. Not here: the engine (batches), the verbs
(invites.service), the list that selects (invites.views).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sqlalchemy import select

from app.activity import batch_events as events
from app.batches import kinds
from app.batches.kinds import Kind, Plan, Question, Row, Work
from app.extensions import db
from app.invites import service as invites
from app.kernel.errors import NotFound
from app.kernel.i18n import lazy, ngettext
from app.models import Invite

SEND = ("send", "Invite")


def _prepare(rows: Sequence[Row], _work: Work) -> None:
    """Read the invitations of a slice."""
    query = select(Invite).where(Invite.id.in_([row.subject_id for row in rows]))
    found = {invite.id: invite for invite in db.session.scalars(query)}
    for row in rows:
        row.subject = found.get(row.subject_id or 0)
        if row.subject is not None:
            row.name = row.subject.address


def _checked(outcome: str, ensure: Callable[[Invite, Work], None]) -> Callable[[Row, Work], Plan]:
    def check(row: Row, work: Work) -> Plan:
        if row.subject is None:
            raise NotFound()
        ensure(row.subject, work)
        return Plan(outcome, name=row.name)

    return check


def _ensure_open(invite: Invite, work: Work) -> None:
    invites.ensure_may_change(invite, by=work.by, now=work.now)


def _ensure_over(invite: Invite, work: Work) -> None:
    if invite.is_open(work.now):
        raise invites.StillOpen()


def _resend(row: Row, _plan: Plan, work: Work) -> None:
    invites.resend(row.subject, by=work.by, now=work.now)


def _cancel(row: Row, _plan: Plan, work: Work) -> None:
    invites.cancel(row.subject, by=work.by, now=work.now)


def _discard(row: Row, _plan: Plan, work: Work) -> None:
    invites.discard(row.subject, by=work.by, now=work.now)


RESEND = kinds.register(
    Kind(
        "resend_invites",
        SEND,
        lambda n: ngettext("Send %(num)s invitation again?", "Send %(num)s invitations again?", n),
        lambda n: ngettext(
            "Sending %(num)s invitation again", "Sending %(num)s invitations again", n
        ),
        lambda n: ngettext(
            "%(num)s invitation was sent again.", "%(num)s invitations were sent again.", n
        ),
        _resend,
        _checked("resent", _ensure_open),
        _prepare,
        event=events.INVITES_RESENT,
        is_undoable=False,
        icon="arrow-repeat",
        label=lazy("Send again"),
        question=Question(
            lazy("The links are new, and valid for a week. The older links no longer work.")
        ),
    )
)
CANCEL = kinds.register(
    Kind(
        "cancel_invites",
        SEND,
        lambda n: ngettext("Cancel %(num)s invitation?", "Cancel %(num)s invitations?", n),
        lambda n: ngettext("Cancelling %(num)s invitation", "Cancelling %(num)s invitations", n),
        lambda n: ngettext(
            "%(num)s invitation was cancelled.", "%(num)s invitations were cancelled.", n
        ),
        _cancel,
        _checked("cancelled_invite", _ensure_open),
        _prepare,
        event=events.INVITES_CANCELLED,
        is_undoable=False,
        danger=True,
        icon="slash-circle",
        label=lazy("Cancel the invitations"),
        question=Question(lazy("Their links stop working at once.")),
    )
)
DISCARD = kinds.register(
    Kind(
        "discard_invites",
        SEND,
        lambda n: ngettext(
            "Delete %(num)s closed invitation?", "Delete %(num)s closed invitations?", n
        ),
        lambda n: ngettext("Deleting %(num)s invitation", "Deleting %(num)s invitations", n),
        lambda n: ngettext(
            "%(num)s invitation was deleted.", "%(num)s invitations were deleted.", n
        ),
        _discard,
        _checked("deleted", _ensure_over),
        _prepare,
        event=events.INVITES_DELETED,
        is_undoable=False,
        danger=True,
        icon="trash",
        label=lazy("Delete"),
        question=Question(lazy("They cannot be restored.")),
    )
)
