"""Cells: what an invitation looks like in the list and on its page.

Here: words and badges for one invitation. Not here: which are listed (invites.queries).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import get_template_attribute, url_for
from markupsafe import Markup

from app.access.policy import may
from app.access.roles import CUSTOM, PRESETS
from app.http.context import seat
from app.invites import queries
from app.kernel.clock import utcnow
from app.kernel.i18n import _, categories, lazy, ngettext
from app.member_roles.builtin import role_name
from app.models import Invite, Letter, LetterState, Membership, MemberType
from app.screens.formatters import display_name

LABELS = {
    "address": lazy("Invited address"),
    "inviter": lazy("Invited by"),
    "type": lazy("Type"),
    "offer": lazy("Offered"),
    "status": lazy("State"),
    "letter": lazy("Letter"),
    "expires_at": lazy("Expires"),
}
LETTERS = {
    LetterState.WAITING: lazy("Waits to be sent"),
    LetterState.SENT: lazy("Sent"),
    LetterState.DEAD: lazy("Could not be delivered"),
    LetterState.DROPPED: lazy("Withdrawn"),
}


def offer(invite: Invite) -> str:
    """What is offered, in a few words."""
    if invite.type is MemberType.POWER:
        return _("Every authority")
    parts = [role_name(role) for role in invite.roles]
    if invite.preset in PRESETS:
        parts.append(str(PRESETS[invite.preset].name))
    elif invite.authorities and (invite.preset == CUSTOM or not parts):
        parts.append(
            ngettext(
                "Custom: %(num)s authority", "Custom: %(num)s authorities", len(invite.authorities)
            )
        )
    return " + ".join(parts) or "—"


def inviter_name(invite: Invite) -> str:
    """Who sent it; the address where the account is gone."""
    return display_name(invite.inviter) if invite.inviter else invite.inviter_email or "—"


def letter_state(letter: Letter | None) -> str:
    """How far the letter has come."""
    return str(LETTERS[letter.state]) if letter is not None else "—"


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


def _drawn(macro: str) -> Callable[[tuple[Invite, Letter | None]], Markup]:
    def cell(given: tuple[Invite, Letter | None]) -> Markup:
        invite, letter = given
        state = queries.state_of(invite, now=utcnow())
        words: dict[str, Any] = {
            "state": state,
            "offer": offer(invite),
            "inviter": inviter_name(invite),
            "is_late": state == queries.EXPIRED,
            "letter": letter_state(letter),
            "is_lost": letter is not None and letter.state is LetterState.DEAD,
        }
        return Markup(get_template_attribute("invites/_cells.html", macro)(invite, words))

    return cell


CELLS = {name: _drawn(name) for name in LABELS}
"""One drawing per column (S1-07, S3-32)."""
