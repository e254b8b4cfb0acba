"""Cells: what an invitation looks like in the list.

Here: words and badges for one invitation. Not here: which are listed (invites.queries).
"""
from __future__ import annotations

from typing import Any

from flask import url_for
from markupsafe import Markup

from app.access.roles import CUSTOM, PRESETS
from app.invites import queries
from app.kernel.clock import utcnow
from app.kernel.i18n import _, lazy, ngettext
from app.member_roles.builtin import role_name
from app.models import Invite, LetterState, MemberType
from app.web.formatters import ago, badge, display_name, exact

LABELS = {
    "address": lazy("Invited address"), "inviter": lazy("Invited by"), "type": lazy("Type"), "offer": lazy("Offered"),
    "status": lazy("State"), "letter": lazy("Letter"), "expires_at": lazy("Expires"),
}
LETTERS = {
    LetterState.WAITING: lazy("Waits to be sent"), LetterState.SENT: lazy("Sent"), LetterState.DEAD: lazy("Could not be delivered"),
    LetterState.DROPPED: lazy("Withdrawn"),
}


def address(invite: Invite) -> Markup:
    """The address, leading to the invitation (S3-32)."""
    url = url_for("InviteView.show", pk=invite.id)
    return Markup('<a class="d-block text-truncate fw-semibold" href="{}" title="{}">{}</a>').format(url, invite.address, invite.address)


def inviter(invite: Invite) -> Markup:
    """Who sent it."""
    name = display_name(invite.inviter) if invite.inviter else invite.inviter_email
    return Markup('<span title="{}">{}</span>').format(invite.inviter_email, name or "—")


def kind(invite: Invite) -> Markup:
    """The type; power users stand out."""
    return badge("invites/_type.html", power=invite.type is MemberType.POWER)


def offer(invite: Invite) -> str:
    """What is offered, in a few words."""
    if invite.type is MemberType.POWER:
        return _("Every authority")
    parts = [role_name(role) for role in invite.roles]
    if invite.preset in PRESETS:
        parts.append(str(PRESETS[invite.preset].name))
    elif invite.authorities and (invite.preset == CUSTOM or not parts):
        parts.append(ngettext("Custom: %(num)s authority", "Custom: %(num)s authorities", len(invite.authorities)))
    return ", ".join(parts) or "—"


def status(invite: Invite) -> Markup:
    """The state with its mark (S1-08)."""
    return badge("invites/_state.html", state=queries.state_of(invite))


def expiry(invite: Invite) -> Markup:
    """Days until or since the date; a declined one has none (S3-33)."""
    if queries.state_of(invite) == queries.DECLINED:
        return Markup("—")
    late = ' class="warn fw-semibold"' if invite.has_expired(utcnow()) else ""
    text = Markup('<time{} datetime="{}" title="{}">{}</time>')
    return text.format(Markup(late), invite.expires_at.isoformat(), exact(invite.expires_at), ago(invite.expires_at))


def letter_state(letter: Any) -> str:
    """How far the letter has come."""
    return str(LETTERS[letter.state]) if letter is not None else "—"
