"""The letter to somebody who was added and is asked.

Here: what it tells, in the person's language. Not here: sending (outbox), the sentences
(templates/mail/).
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from app.access.authorities import CATALOGUE
from app.member_roles.builtin import role_name
from app.models import RoleBinding
from app.outbox.service import Draft, portal_url


def waiting(binding: RoleBinding, *, now: datetime) -> Draft:
    """「組織への追加の確認のお願い」: who added them, to what, with what rights."""
    account = binding.account
    words: dict[str, Any] = {
        "account": account,
        "by": binding.made_by,
        "by_email": binding.made_by_email,
        "at": now,
        "is_power": binding.is_power,
        "roles": binding.roles,
        "authorities": [
            entry.name for key, entry in CATALOGUE.items() if key in binding.authorities
        ],
        "role_name": role_name,
        "link": portal_url("/joining/"),
    }
    return Draft(
        kind="binding_waiting",
        to=account.email,
        language=account.language,
        organization=binding.organization,
        words=words,
    )
