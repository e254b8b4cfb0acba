"""What people do with an invitation, each in a transaction of its own, as at_once runs it.

Here: the verbs, from the ids of the fixture `ids`. Not here: what must come of them
(test_at_once.py).
"""

from __future__ import annotations

from datetime import UTC, datetime

from app.access.seat import Seat
from app.bindings import service as bindings
from app.extensions import db
from app.invites import answering, sending
from app.invites import service as invites
from app.invites.sending import Asking
from app.memberships import suspension
from app.models import Account, Invite, Membership, MemberType
from app.offers.offer import Offer
from tests import factories
from tests.invites.conftest import Ids

VIEWER = Offer(authorities=frozenset({"user_viewer"}))


def moment() -> datetime:
    return datetime.now(UTC)


def seat_of(one: Ids, who: str) -> Seat:
    return factories.seat(db.session.get_one(Membership, one[who]))


def invite_of(one: Ids) -> Invite:
    return db.session.get_one(Invite, one["invite"])


def suspend(one: Ids) -> str:
    boss = db.session.get_one(Membership, one["boss"])
    suspension.suspend(boss, reason="", by=seat_of(one, "tanaka"), now=moment())
    db.session.commit()
    return "suspended"


def accept(one: Ids) -> str:
    account = db.session.get_one(Account, one["guest"])
    answering.accept(invite_of(one), account=account, by_link=True, now=moment())
    db.session.commit()
    return "joined"


def edit(one: Ids) -> str:
    by = seat_of(one, "tanaka")
    invites.edit(invite_of(one), offer=VIEWER, preset="custom", by=by, now=moment())
    db.session.commit()
    return "edited"


def send(one: Ids) -> str:
    boss = db.session.get_one(Membership, one["boss"])
    sending.send(
        boss.organization,
        to=[friend_of(one)],
        asking=Asking(Offer(MemberType.POWER)),
        by=factories.seat(boss),
        now=moment(),
    )
    db.session.commit()
    return "sent"


def friend_of(one: Ids) -> str:
    """The address that `send` invites."""
    return f"friend-{one['boss']}@example.com"


def resend(one: Ids) -> str:
    invites.resend(invite_of(one), by=seat_of(one, "boss"), now=moment())
    db.session.commit()
    return "resent"


def cancel(one: Ids) -> str:
    invites.cancel(invite_of(one), by=seat_of(one, "boss"), now=moment())
    db.session.commit()
    return "cancelled"


def add(one: Ids) -> str:
    by, who = seat_of(one, "tanaka"), db.session.get_one(Account, one["guest"])
    assert by.organization
    bindings.add(by.organization, who=who.login_id, offer=VIEWER, by=by, now=moment())
    db.session.commit()
    return "added"
