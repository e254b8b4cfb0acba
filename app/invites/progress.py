"""Progress: how far an invitation has come, step by step, and what is missing (S3-50).

Here: the steps, which are done, what comes next. Not here: drawing them
(templates/invites/show.html).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from app.access.two_factor import bites
from app.kernel.i18n import _, lazy
from app.models import Account, Invite, InviteStatus, Letter, LetterState
from app.outbox.failures import spoken


@dataclass(frozen=True)
class Step:
    """One step: since when it is done, or a word about what is missing."""

    label: Any
    is_done: bool
    note: Any = ""
    at: datetime | None = None
    is_bad: bool = False
    is_optional: bool = False

    @property
    def counts(self) -> bool:
        """Whether the way is not complete without it."""
        return self.is_done or not self.is_optional


def steps(
    invite: Invite, letter: Letter | None, account: Account | None, *, now: datetime
) -> list[Step]:
    """Return the steps from the letter to the membership, in their order; whoever accepted has gone
    them all.

    Where the invitation is over, the steps before its end say no more what would have to be done.
    """
    accepted = invite.status is InviteStatus.ACCEPTED
    verified = accepted or (account is not None and account.email_verified_at is not None)
    before = [
        _letter(letter, accepted=accepted),
        Step(
            lazy("Account made"),
            accepted or account is not None,
            lazy("Made from the link in the letter."),
        ),
        Step(
            lazy("Address verified"),
            verified,
            lazy("Opening the link in the letter verifies it."),
            account.email_verified_at if account else None,
        ),
        _two_factor(invite, account, accepted=accepted, now=now),
    ]
    over = not accepted and not invite.is_open(now)
    return [
        *(replace(step, note="") if over and not step.is_bad else step for step in before),
        _answer(invite, now=now),
    ]


def missing(these: Sequence[Step]) -> Step | None:
    """The step that is in the way: what went wrong, or else the first that still has to be gone."""
    open_ones = [step for step in these if not step.is_done and not step.is_optional]
    return next((step for step in open_ones if step.is_bad), next(iter(open_ones), None))


def _letter(letter: Letter | None, *, accepted: bool) -> Step:
    label = lazy("Letter handed to the mail server")
    if letter is None:
        return Step(label, accepted, lazy("No delivery record."))
    if letter.state is LetterState.SENT:
        return Step(label, True, at=letter.sent_at)
    if letter.state is LetterState.DEAD:
        return Step(
            label,
            accepted,
            _("Could not be delivered: %(reason)s", reason=spoken(letter.reason)),
            is_bad=not accepted,
        )
    waits = letter.state is LetterState.WAITING
    return Step(label, accepted, lazy("Waits to be sent") if waits else lazy("Withdrawn"))


def _two_factor(invite: Invite, account: Account | None, *, accepted: bool, now: datetime) -> Step:
    asked = invite.organization.two_factor_required
    by_itself = bites(invite.organization, now=now) and not invite.organization.two_factor_strong
    is_done = (account is not None and account.two_factor) or (accepted and asked)
    later = (
        lazy("The organization asks for it; it is set up after joining.")
        if asked
        else lazy("Optional: the organization does not ask for it.")
    )
    why = lazy("The organization asks for it: it is on from joining.") if by_itself else later
    return Step(lazy("2-step verification set"), is_done, why, is_optional=not asked)


def _answer(invite: Invite, *, now: datetime) -> Step:
    label = lazy("Accepted")
    if invite.status is InviteStatus.ACCEPTED:
        return Step(label, True, at=invite.answered_at)
    words = {
        InviteStatus.DECLINED: lazy("The invited person declined."),
        InviteStatus.CANCELLED: lazy("The invitation was cancelled."),
        InviteStatus.PENDING: lazy("Nobody answered in time.")
        if invite.has_expired(now)
        else lazy("Waiting for a reply."),
    }
    return Step(label, False, words[invite.status], is_bad=not invite.is_open(now))
