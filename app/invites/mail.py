"""Letters about invitations.

Here: what they tell, and in whose language (D-C10). Not here: sending (outbox), the sentences
(templates/mail/).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from app.models import Account, Invite, InviteStatus
from app.outbox.service import Draft, portal_url

NAMED = 10
"""How many invitations a letter names; the list has them all."""


def invitation(invite: Invite, token: str, *, account: Account | None) -> Draft:
    """The invitation: in the account's language where there is one, else in the chosen one (D-C10,
    S3-39).
    """
    language = account.language if account is not None else invite.language
    words: dict[str, Any] = {
        "invite": invite,
        "account": account,
        "inviter": None if invite.hide_inviter else invite.inviter,
        "link": portal_url(f"/invites/{token}"),
        "expires_at": invite.expires_at,
        "zone": _zone(invite, account),
    }
    return Draft(
        "invite",
        invite.address,
        language,
        words,
        organization=invite.organization,
        invite_id=invite.id,
    )


def answered(invite: Invite, inviter: Account, account: Account) -> Draft:
    """What became of an invitation, to whoever sent it."""
    kind = "invite_accepted" if invite.status is InviteStatus.ACCEPTED else "invite_declined"
    words = {
        "invite": invite,
        "inviter": inviter,
        "account": account,
        "link": portal_url(f"/o/{invite.organization.code}/members/list/"),
    }
    return Draft(kind, inviter.email, inviter.language, words, organization=invite.organization)


def expired(invites: Sequence[Invite], inviter: Account) -> Draft:
    """That nobody answered, to whoever sent the invitations of one organization."""
    organization = invites[0].organization
    page = portal_url(f"/o/{organization.code}/invites")
    words = {
        "account": inviter,
        "count": len(invites),
        "expired": [
            {
                "address": invite.address,
                "expires_at": invite.expires_at,
                "link": f"{page}/add?again={invite.id}",
            }
            for invite in invites[:NAMED]
        ],
        "more": max(len(invites) - NAMED, 0),
        "link": f"{page}/list/?status=expired",
    }
    return Draft(
        "invite_expired", inviter.email, inviter.language, words, organization=organization
    )


def _zone(invite: Invite, account: Account | None) -> str:
    return account.time_zone if account is not None else invite.organization.time_zone
