"""Progress: how far an invitation has come, step by step (S3-50).

Here: the steps and which are done. Not here: drawing them (templates/invites/show.html).
"""
from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from app.kernel.i18n import lazy
from app.models import Account, Invite, InviteStatus, Letter, LetterState


@dataclass(frozen=True)
class Step:
    """One step, and a word about it."""

    label: Any
    is_done: bool
    note: str = ""


def steps(invite: Invite, letter: Letter | None, account: Account | None, *, letter_state: str) -> list[Step]:
    """Return the steps between the letter and the membership, in their order."""
    accepted = invite.status is InviteStatus.ACCEPTED
    verified = account is not None and account.email_verified_at is not None
    asked = invite.organization.two_factor_required
    return [
        Step(lazy("Letter handed to the mail server"), letter is not None and letter.state is LetterState.SENT, letter_state),
        Step(lazy("Account made"), account is not None),
        Step(lazy("Address verified"), verified),
        *([Step(lazy("2-step verification, because the organization asks for it"), account is not None)] if asked else []),
        Step(lazy("Accepted"), accepted),
    ]
