"""Coming back and being taken back, at the same moment. The portal …"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from flask import Flask
from sqlalchemy import select

from app.access.seat import Seat
from app.extensions import db
from app.former_members import service as former
from app.invites import answering
from app.memberships import service as members
from app.models import Account, Activity, Invite, InviteStatus, Membership, with_ended
from app.undo import service as undo
from tests import cast as people
from tests import factories
from tests.conftest import at_once
from tests.members.conftest import HELD


def gone() -> tuple[people.Cast, int]:
    """The cast without smith; the id of the membership that ended."""
    cast = people.assemble()
    one = cast.membership(cast.smith)
    one.authorities = HELD
    members.remove(one, by=factories.seat(cast.membership(cast.tanaka)), now=datetime.now(UTC))
    db.session.commit()
    return cast, one.id


def boss(account_id: int) -> Seat:
    return factories.seat(
        db.session.scalars(select(Membership).where(Membership.account_id == account_id)).one()
    )


def test_makes_one_member_of_whoever_is_reinstated_and_accepts(each_app: Flask) -> None:
    """T2-112: one of them wins, and no invitation waits for a member."""
    cast, pk = gone()
    smith, tanaka, now = cast.smith.id, cast.tanaka.id, datetime.now(UTC)
    invite, _token = factories.invite(cast.aozora, cast.smith.email, cast.tanaka, authorities=HELD)
    invite_id = invite.id
    db.session.commit()
    db.session.remove()

    def reinstate() -> str:
        ended = with_ended(select(Membership).where(Membership.id == pk))
        former.bring_back(db.session.scalars(ended).one(), by=boss(tanaka), now=now)
        db.session.commit()
        return "came back"

    def accept() -> str:
        theirs, account = db.session.get_one(Invite, invite_id), db.session.get_one(Account, smith)
        answering.accept(theirs, account=account, by_link=True, now=now)
        db.session.commit()
        return "accepted"

    verbs: list[Callable[[], str]] = [reinstate, accept, reinstate]
    assert sum(isinstance(one, str) for one in at_once(each_app, *verbs)) == 1
    living = select(Membership).where(Membership.account_id == smith)
    assert len(db.session.scalars(living).all()) == 1
    assert db.session.get_one(Invite, invite_id).status is not InviteStatus.PENDING


def test_takes_a_removal_back_once(each_app: Flask) -> None:
    """T2-41"""
    cast, _pk = gone()
    tanaka, now = cast.tanaka.id, datetime.now(UTC)
    removed = select(Activity.id).where(Activity.event == "member_removed")
    line_id = db.session.scalars(removed).one()
    db.session.remove()

    def take_back() -> str:
        line, by = db.session.get_one(Activity, line_id), boss(tanaka)
        assert by.organization
        undo.undo(line, by.organization, by=by, now=now)
        db.session.commit()
        return "taken back"

    answers = at_once(each_app, take_back, take_back)
    assert sorted(isinstance(one, str) for one in answers) == [False, True]
    assert any(isinstance(one, undo.UndoneAlready) for one in answers)
