"""Opened invitations: those whose link was opened in this browser, by a signed cookie of their own.

Here: reading and writing that cookie, which outlives signing in and signing up. It holds the
digests of links, so that the links themselves stay in the letters: not in the address bar, the
history, `Referer`. Not here: the pages (sign_in.invite_views).
"""

from __future__ import annotations

from datetime import timedelta

from app.invites import answering
from app.kernel.errors import NotFound
from app.kernel.i18n import lazy
from app.models import Invite
from app.sign_in.kept import Kept

COOKIE = Kept("invites", salt="opened invitation", life=timedelta(days=1))


class LinkNotOpened(NotFound):
    """An invitation's page in a browser that did not open its link, or long ago."""

    text = lazy(
        "Open the link in the invitation’s newest letter in this browser. If you just did, your"
        " browser keeps no cookies: allow them for this portal."
    )


def remember(invite: Invite) -> None:
    """Let this browser keep for a day that it opened the link of an invitation."""
    COOKIE.keep(invite.public_id, invite.token_digest)


def find(public_id: str) -> Invite:
    """Return an invitation whose link this browser opened; raise LinkNotOpened for others, and for
    one whose link was replaced meanwhile.
    """
    invite = answering.find_by_digest(COOKIE.read().get(public_id, ""))
    if invite is None or invite.public_id != public_id:
        raise LinkNotOpened()
    return invite


def forget(invite: Invite) -> None:
    """Let this browser keep nothing of an invitation that was answered."""
    COOKIE.forget(invite.public_id)
