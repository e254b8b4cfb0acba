"""The API keys that a member's page shows: one's own, and those of service accounts.

Here: which, and where they are issued and ended. Not here: what happens (api_keys.service).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import url_for

from app.access.policy import may
from app.access.seat import Seat, standing_authorities
from app.api_keys import queries
from app.api_keys.cells import ShownKey
from app.kernel.clock import utcnow
from app.models import Membership


@dataclass(frozen=True)
class KeySection:
    """What one page shows: keys, the door that ends one, where another is issued."""

    keys: Sequence[ShownKey]
    endpoint: str
    issue_url: str


def section(item: Membership, *, by: Seat) -> KeySection | None:
    """The section of one's own page (S0-09) or of a service account's; None on other people's."""
    own = by.membership is not None and by.membership.id == item.id
    if not own and not (item.account.is_service and may(by, "manage", "Key")):
        return None
    shown = [
        ShownKey(key, item)
        for key in queries.of_account(item.account, item.organization, now=utcnow())
    ]
    if own:
        return KeySection(
            shown, "MyKeysView.delete", url_for("MyKeysView.add", of=item.organization.code)
        )
    something = bool(by.authorities & standing_authorities(item))
    covered = something and by.covers_member(item) and not item.is_suspended
    return KeySection(
        shown, "KeyView.delete", url_for("ServiceAccountView.issue", pk=item.id) if covered else ""
    )
