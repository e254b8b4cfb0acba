"""Cells: what an invitation looks like in the list and on its page.

Here: words for one invitation, and for the form of a new one. Not here: which are listed
(invites.queries).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from flask import url_for
from markupsafe import Markup

from app.access.policy import may
from app.http.context import seat
from app.invites import progress, queries
from app.invites.service import account_of
from app.kernel.clock import utcnow
from app.kernel.i18n import _, categories, lazy, ngettext
from app.models import Invite, Letter, LetterState, Membership
from app.offers.words import authority_names, in_short
from app.outbox.failures import spoken
from app.screens.formatters import name_or_address

LETTERS = {
    LetterState.WAITING: lazy("Waits to be sent"),
    LetterState.SENT: lazy("Sent"),
    LetterState.DEAD: lazy("Could not be delivered"),
    LetterState.DROPPED: lazy("Withdrawn"),
}


@dataclass(frozen=True)
class ShownInvite:
    """One invitation and its newest letter, in the reader's words."""

    invite: Invite
    letter: Letter | None = None

    @cached_property
    def state(self) -> str:
        """Pending, declined, expired, accepted or cancelled."""
        return queries.state_of(self.invite, now=utcnow())

    @property
    def is_expired(self) -> bool:
        return self.state == queries.EXPIRED

    @property
    def offer(self) -> str:
        """What is offered, in a few words."""
        return in_short(self.invite)

    @property
    def authorities(self) -> Sequence[Any]:
        """The single authorities offered, by name."""
        return authority_names(self.invite)

    @property
    def inviter(self) -> str:
        """Who sent it."""
        return name_or_address(self.invite.inviter, self.invite.inviter_email)

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
        sent = letter is None or letter.state is LetterState.SENT or not letter.reason
        return "" if letter is None or sent else spoken(letter.reason)

    @cached_property
    def steps(self) -> Sequence[progress.Step]:
        """How far it has come (S3-50)."""
        account = account_of(self.invite.address)
        return progress.steps(self.invite, self.letter, account, now=utcnow())

    @property
    def missing(self) -> progress.Step | None:
        """The step that is in the way."""
        return progress.missing(self.steps)


def with_letters(invites: Sequence[Invite]) -> Sequence[ShownInvite]:
    """Invitations with their newest letters, in one statement."""
    letters = queries.letters(invites)
    return [ShownInvite(invite, letters.get(invite.id)) for invite in invites]


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
