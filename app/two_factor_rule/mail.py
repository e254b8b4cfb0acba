"""The letter to members who have not done what the 2-step rule asks for.

Here: what it tells. Not here: when it goes out (two_factor_rule.reminders), the sentences
(templates/mail/).
"""

from __future__ import annotations

from app.models import Membership
from app.outbox.service import Draft, portal_url


def asked(membership: Membership, *, days: int) -> Draft:
    """「2段階認証設定のお願い」: at switching on (0), or so many days before the deadline."""
    account, organization = membership.account, membership.organization
    words = {
        "account": account,
        "days": days,
        "strong": organization.two_factor_strong,
        "deadline": organization.two_factor_deadline,
        "link": portal_url("/profile/"),
    }
    return Draft(
        "two_factor_asked", account.email, account.language, words, organization=organization
    )
