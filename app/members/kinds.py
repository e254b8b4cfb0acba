"""Kinds of batches over members: suspend, reinstate, remove, send the first letter again.

Here: what is checked and done for one member, and what the page asks. Not here: the engine
(batches), the verbs (memberships.service), the list that selects (members.bulk), roles
(members.role_kinds).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from app.access import locks
from app.access.context import current_seat
from app.activity import batch_events as events
from app.batches import kinds, queries
from app.batches.kinds import Kind, Plan, Question, Row, Work
from app.extensions import db
from app.kernel.clock import utcnow
from app.kernel.errors import NotFound
from app.kernel.i18n import lazy, ngettext
from app.kernel.signals import HookSignal, membership_ended, membership_suspended
from app.managed_accounts import first_sign_in
from app.members import obstacles, simulation
from app.members.forms import RemovalForm, SuspensionsForm
from app.memberships import service as members
from app.memberships import suspension
from app.models import Batch, Membership
from app.screens.formatters import display_name

MANAGE = ("manage", "Member")
TAKES_POWER = ("suspend", "remove")
COUNTED = 1_000
"""Members up to whom the page counts what goes along."""


def prepare(rows: Sequence[Row], _work: Work) -> None:
    """Read the members of a slice, as they are now."""
    found = locks.members_in_turn(row.subject_id or 0 for row in rows)
    for row in rows:
        row.subject = found.get(row.subject_id or 0)
        if row.subject is not None:
            row.name, row.account_id = display_name(row.subject.account), row.subject.account_id


def _foreseeing(signal: HookSignal) -> Callable[[Sequence[Row], Work], None]:
    """Read the members, and in one statement of each feature whom it concerns that they go."""

    def read(rows: Sequence[Row], work: Work) -> None:
        prepare(rows, work)
        signal.foresee([row.subject for row in rows if row.subject is not None])

    return read


def checked(verb: str) -> Callable[[Row, Work], Plan]:
    """The check that the row's own menu makes, too."""

    def check(row: Row, work: Work) -> Plan:
        obstacles.ensure(verb, member_of(row), by=work.by)
        if verb in TAKES_POWER:
            simulation.take_power(member_of(row), work)
        return Plan(verb, name=row.name, account_id=row.account_id)

    return check


def member_of(row: Row) -> Membership:
    """The member of a row. Raises NotFound."""
    if row.subject is None:
        raise NotFound()
    member: Membership = row.subject
    return member


def _suspend(row: Row, _plan: Plan, work: Work) -> None:
    reason, keep = work.arguments.get("reason", ""), bool(work.arguments.get("keep"))
    suspension.suspend(row.subject, reason=reason, keep=keep, by=work.by, now=work.now)


def _reinstate(row: Row, _plan: Plan, work: Work) -> None:
    suspension.reinstate(row.subject, by=work.by, now=work.now)


def _remove(row: Row, _plan: Plan, work: Work) -> None:
    members.remove(row.subject, keep=bool(work.arguments.get("keep")), by=work.by, now=work.now)


def _send_first(row: Row, _plan: Plan, work: Work) -> None:
    first_sign_in.send_again(row.subject, by=work.by, now=work.now)


def _planned(batch: Batch) -> list[Membership]:
    """The members that a batch is about, where they are few enough to count what goes along."""
    if batch.total > COUNTED:
        return []
    whole = (joinedload(Membership.account), selectinload(Membership.roles))
    query = select(Membership).where(Membership.id.in_(queries.subjects(batch)))
    return [*db.session.scalars(query.options(*whole))]


def _going(signal: HookSignal) -> dict[str, Any]:
    def words(concerned: Sequence[Membership]) -> Mapping[str, Any]:
        by = current_seat()
        return {"keepable": membership_ended.keepable(concerned, by=by) if concerned else 0}

    return {
        "template": "members/_ask_many.html",
        "concerned": _planned,
        "words": words,
        "consequences": lambda concerned: signal.consequences(concerned, now=utcnow()),
        "text": lazy(
            "They lose access to this organization at once. Pending invitations they sent are"
            " cancelled."
        ),
    }


SUSPEND = kinds.register(
    Kind(
        "suspend_members",
        MANAGE,
        lambda n: ngettext("Suspend %(num)s member?", "Suspend %(num)s members?", n),
        lambda n: ngettext("Suspending %(num)s member", "Suspending %(num)s members", n),
        lambda n: ngettext("%(num)s member was suspended.", "%(num)s members were suspended.", n),
        _suspend,
        checked("suspend"),
        _foreseeing(membership_suspended),
        event=events.MEMBERS_SUSPENDED,
        danger=True,
        icon="pause-circle",
        label=lazy("Suspend"),
        question=Question(
            form=lambda _batch: SuspensionsForm(),
            read=lambda form: form.arguments,
            **_going(membership_suspended),
        ),
    )
)
REINSTATE = kinds.register(
    Kind(
        "reinstate_members",
        MANAGE,
        lambda n: ngettext("Reinstate %(num)s member?", "Reinstate %(num)s members?", n),
        lambda n: ngettext("Reinstating %(num)s member", "Reinstating %(num)s members", n),
        lambda n: ngettext("%(num)s member was reinstated.", "%(num)s members were reinstated.", n),
        _reinstate,
        checked("reinstate"),
        prepare,
        event=events.MEMBERS_REINSTATED,
        icon="arrow-counterclockwise",
        label=lazy("Reinstate"),
        question=Question(lazy("They have access to this organization again immediately.")),
    )
)
REMOVE = kinds.register(
    Kind(
        "remove_members",
        MANAGE,
        lambda n: ngettext(
            "Remove %(num)s member from the organization?",
            "Remove %(num)s members from the organization?",
            n,
        ),
        lambda n: ngettext("Removing %(num)s member", "Removing %(num)s members", n),
        lambda n: ngettext("%(num)s member was removed.", "%(num)s members were removed.", n),
        _remove,
        checked("remove"),
        _foreseeing(membership_ended),
        event=events.MEMBERS_REMOVED,
        danger=True,
        icon="person-x",
        label=lazy("Remove from the organization"),
        question=Question(
            form=lambda _batch: RemovalForm(),
            read=lambda form: form.arguments,
            **_going(membership_ended),
        ),
    )
)
SEND_FIRST = kinds.register(
    Kind(
        "send_first_sign_in",
        MANAGE,
        lambda n: ngettext(
            "Send the sign-in email to %(num)s member again?",
            "Send the sign-in email to %(num)s members again?",
            n,
        ),
        lambda n: ngettext(
            "Sending the sign-in email to %(num)s member",
            "Sending the sign-in email to %(num)s members",
            n,
        ),
        lambda n: ngettext(
            "The sign-in email is being sent to %(num)s member.",
            "The sign-in email is being sent to %(num)s members.",
            n,
        ),
        _send_first,
        checked("first_sign_in"),
        prepare,
        is_undoable=False,
        icon="send",
        label=lazy("Send"),
    )
)
