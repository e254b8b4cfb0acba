"""Cells: what an invitation looks like in the list and on its page, how far it has come (S3-50).

Here: words for one invitation, its steps from the letter to the membership, words for the form of a
new one. Not here: which are listed (invites.queries), drawing them (templates/invites).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Any

from flask import url_for
from markupsafe import Markup

from app.access.policy import may
from app.access.two_factor import bites
from app.http.context import seat
from app.invites import queries
from app.invites.service import account_of
from app.kernel.clock import utcnow
from app.kernel.i18n import _, categories, lazy, ngettext
from app.models import Account, Invite, InviteStatus, Letter, LetterState, Membership
from app.offers.words import ShownOffer
from app.outbox.failures import spoken

LETTERS = {
    LetterState.WAITING: lazy("Waits to be sent"),
    LetterState.SENT: lazy("Sent"),
    LetterState.DEAD: lazy("Could not be delivered"),
    LetterState.DROPPED: lazy("Withdrawn"),
    LetterState.HELD: lazy("Held"),
}


@dataclass(frozen=True)
class ShownInvite(ShownOffer):
    """One invitation and its newest letter, in the reader's words."""

    letter: Letter | None = None

    @cached_property
    def state(self) -> str:
        """Pending, declined, expired, accepted or cancelled."""
        return queries.state_of(self.row, now=utcnow())

    @property
    def is_expired(self) -> bool:
        return self.state == queries.EXPIRED

    @property
    def letter_state(self) -> str:
        """How far the letter has come."""
        return str(LETTERS[self.letter.state]) if self.letter else "—"

    @property
    def is_lost(self) -> bool:
        return self.letter is not None and self.letter.state is LetterState.DEAD

    @property
    def reason(self) -> str:
        """Why the letter has not left, "" where it has, or nothing is known."""
        letter = self.letter
        is_stuck = letter is not None and letter.state is not LetterState.SENT
        return spoken(letter.reason) if letter and is_stuck and letter.reason else ""

    @cached_property
    def steps(self) -> Sequence[Step]:
        """How far it has come (S3-50)."""
        account = account_of(self.row.address)
        return steps(self.row, self.letter, account, now=utcnow())

    @property
    def missing(self) -> Step | None:
        """The step that is in the way."""
        return missing(self.steps)


def shown(invite: Invite, letter: Letter | None = None) -> ShownInvite:
    """An invitation in the reader's words."""
    return ShownInvite(invite, invite.inviter, invite.inviter_email, letter)


def with_letters(invites: Sequence[Invite]) -> Sequence[ShownInvite]:
    """Invitations with their newest letters, in one statement."""
    letters = queries.letters(invites)
    return [shown(invite, letters.get(invite.id)) for invite in invites]


def way_out(about: Membership | Invite) -> Markup:
    """A link to the row that makes an invitation needless, for those who may follow it (T2-14)."""
    if isinstance(about, Invite):
        view, endpoint, words = "Invite", "InviteView.show", _("Open the invitation")
    else:
        view, endpoint, words = "Member", "MemberView.show", _("Open the member")
    if not may(seat(), "read", view):
        return Markup()
    return Markup(' <a href="{}">{}</a>').format(url_for(endpoint, pk=about.id), words)


def ready() -> dict[str, dict[str, str]]:
    """What the foot says of the addresses pasted so far: by whether there are errors, then by the
    language's plural category, `{}` and `{bad}` in the numbers' places.
    """
    fine = categories(
        lambda num: ngettext(
            "%(count)s address ready", "%(count)s addresses ready", num, count="{}"
        )
    )
    faulty = categories(
        lambda num: ngettext(
            "%(count)s address ready, %(bad)s with errors",
            "%(count)s addresses ready, %(bad)s with errors",
            num,
            count="{}",
            bad="{bad}",
        )
    )
    return {"fine": fine, "faulty": faulty}


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
    waits = letter.state in (LetterState.WAITING, LetterState.HELD)
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
