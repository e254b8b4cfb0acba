"""Telling: the other power users are written what was done.

Here: one letter per act and reader, for many at once one letter for all of them. Not here: when
(oversight.listening), which lines are told (oversight.acts), the words (oversight.mail).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from app.extensions import db
from app.http.rate_limit import Limit, TooManyTries
from app.models import Account, Organization
from app.outbox import service as outbox
from app.outbox.message import UnsendableAddress
from app.oversight import mail, queries
from app.oversight.acts import Act, Told

TOLD = Limit("power-user-letters-of", "60 per hour")
"""Acts of one person that are told in one organization: the log has every one."""


def tell(known: Iterable[Told]) -> None:
    """Post one letter for each act, organization and reader. A reset of somebody who belongs to
    several organizations is one act: whoever hears of it in one of them hears it once.
    """
    by_act: dict[tuple[Act, int, int | None, str], list[Told]] = {}
    for one in known:
        by_act.setdefault((one.act, one.organization_id, one.actor_id, one.via), []).append(one)
    people = queries.accounts({i for one in known for i in (one.subject_id, one.actor_id)})
    heard: set[tuple[int, int | None]] = set()
    for (_act, organization_id, actor_id, _via), lines in by_act.items():
        organization = db.session.get(Organization, organization_id)
        if organization is None or not _may_tell(f"{organization_id}:{actor_id}"):
            continue
        for reader in queries.hearers(organization_id):
            theirs = [one for one in lines if _is_news(one, reader, heard)]
            if theirs:
                _post(mail.told(theirs, organization, people, to=reader), at=lines[0].at)


def _may_tell(of: str) -> bool:
    """Count an act; nobody's act fails because others would hear of it too often."""
    try:
        TOLD.spend(of)
    except TooManyTries:
        return False
    return True


def _is_news(one: Told, reader: Account, heard: set[tuple[int, int | None]]) -> bool:
    """Whether somebody else did it to somebody else; whoever invited has a letter of the answer."""
    if reader.id in (one.actor_id, one.subject_id, one.inviter_id):
        return False
    key = (reader.id, one.subject_id)
    if one.act is Act.RESET and key in heard:
        return False
    heard |= {key} if one.act is Act.RESET else set()
    return True


def _post(draft: outbox.Draft, *, at: datetime) -> None:
    """Nobody's act fails for the address of somebody who would hear of it."""
    try:
        outbox.post(draft, now=at)
    except UnsendableAddress:
        return
