"""Letters to power users about what others did.

Here: what they tell. Not here: to whom and when (oversight.service), the words (templates/mail/).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from app.access.authorities import CATALOGUE
from app.models import Account, Organization
from app.outbox.service import Draft, portal_url
from app.oversight.acts import Act, Told

NAMED = 10
"""How many people a letter names; the log has them all."""


def told(
    lines: Sequence[Told], organization: Organization, people: Mapping[int, Account], *, to: Account
) -> Draft:
    """One act, on one person or on many at once."""
    first = lines[0]
    gained = frozenset[str]().union(*(one.gained for one in lines))
    who: list[Any] = [
        {
            "account": people.get(one.subject_id or 0) if not one.role else None,
            "name": one.role or one.subject_name,
            "is_role": bool(one.role),
            "holders": one.holders,
        }
        for one in lines[:NAMED]
    ]
    return Draft(
        kind=first.act,
        to=to.email,
        language=to.language,
        organization=organization,
        words={
            "account": to,
            "who": who,
            "count": len(lines),
            "more": max(len(lines) - NAMED, 0),
            "gained": [entry.name for key, entry in CATALOGUE.items() if key in gained],
            "joined": first.joined,
            "by": people.get(first.actor_id or 0),
            "as_platform": first.as_platform,
            "via": first.via,
            "at": first.at,
            "is_reset": first.act is Act.RESET,
            "link": portal_url(_path(first, organization, is_one=len(lines) == 1)),
        },
    )


def _path(first: Told, organization: Organization, *, is_one: bool) -> str:
    log = f"/o/{organization.code}/activity/list/"
    return f"{log}?about={first.subject_id}" if is_one and first.subject_id else log
