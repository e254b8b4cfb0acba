"""Inviting, answering, cancelling and suspending at the same moment: one order of things, whoever
is first. It …
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.bindings import service as bindings
from app.extensions import db
from app.invites import answering, sending
from app.invites import service as invites
from app.invites.sending import Asking
from app.invites.service import InviteOver
from app.kernel.errors import Forbidden, Refusal
from app.members import suspension
from app.members.offer import Offer
from app.models import (
    Account,
    Invite,
    InviteStatus,
    Letter,
    LetterState,
    Membership,
    MemberType,
    RoleBinding,
)
from tests import cast as people
from tests import factories
from tests.conftest import at_once
from tests.invites.conftest import sent

Ids = dict[str, int]
TURNS = 4


@pytest.fixture
def ids(each_app: Flask) -> list[Ids]:
    """Some power users of aozora, each with somebody they invited, and tanaka, who
    suspends them."""
    cast = people.assemble()
    made = [(factories.account(), factories.account()) for _turn in range(TURNS)]
    rows = [
        (
            factories.membership(boss, cast.aozora, power=True),
            guest,
            factories.invite(cast.aozora, guest.email, boss)[0],
        )
        for boss, guest in made
    ]
    found = [
        {
            "boss": boss.id,
            "account": boss.account_id,
            "guest": guest.id,
            "invite": invite.id,
            "tanaka": cast.membership(cast.tanaka).id,
        }
        for boss, guest, invite in rows
    ]
    db.session.commit()
    return found


def suspend(one: Ids) -> str:
    by = factories.seat(db.session.get_one(Membership, one["tanaka"]))
    suspension.suspend(
        db.session.get_one(Membership, one["boss"]), reason="", by=by, now=datetime.now(UTC)
    )
    db.session.commit()
    return "suspended"


def accept(one: Ids) -> str:
    account = db.session.get_one(Account, one["guest"])
    answering.accept(
        db.session.get_one(Invite, one["invite"]),
        account=account,
        by_link=True,
        now=datetime.now(UTC),
    )
    db.session.commit()
    return "joined"


def edit(one: Ids) -> str:
    invite, by = (
        db.session.get_one(Invite, one["invite"]),
        factories.seat(db.session.get_one(Membership, one["tanaka"])),
    )
    invites.edit(
        invite,
        offer=Offer(authorities=frozenset({"user_viewer"})),
        preset="custom",
        by=by,
        now=datetime.now(UTC),
    )
    db.session.commit()
    return "edited"


def send(one: Ids) -> str:
    boss = db.session.get_one(Membership, one["boss"])
    asking = Asking(Offer(MemberType.POWER))
    sending.send(
        boss.organization,
        to=[f"friend-{boss.id}@example.com"],
        asking=asking,
        by=factories.seat(boss),
        now=datetime.now(UTC),
    )
    db.session.commit()
    return "sent"


def resend(one: Ids) -> str:
    boss = db.session.get_one(Membership, one["boss"])
    invites.resend(
        db.session.get_one(Invite, one["invite"]), by=factories.seat(boss), now=datetime.now(UTC)
    )
    db.session.commit()
    return "resent"


def cancel(one: Ids) -> str:
    boss = db.session.get_one(Membership, one["boss"])
    invites.cancel(
        db.session.get_one(Invite, one["invite"]), by=factories.seat(boss), now=datetime.now(UTC)
    )
    db.session.commit()
    return "cancelled"


@pytest.mark.parametrize("verb", [resend, cancel])
def test_does_nothing_for_somebody_who_was_suspended_meanwhile(
    each_app: Flask, ids: list[Ids], verb: Callable[[Ids], str]
) -> None:
    """ASVS 15.4.2: what a request was allowed when it began is asked again behind the lock."""
    one = ids[0]
    by, invite = (
        factories.seat(db.session.get_one(Membership, one["boss"])),
        db.session.get_one(Invite, one["invite"]),
    )
    assert by.authorities and invite.is_open(datetime.now(UTC))
    at_once(each_app, lambda: suspend(one))
    act = invites.resend if verb is resend else invites.cancel
    with pytest.raises(Forbidden):
        act(invite, by=by, now=datetime.now(UTC))
    db.session.rollback()


@pytest.mark.parametrize("verb", [resend, cancel])
def test_resends_or_cancels_before_or_not_at_all(
    each_app: Flask, ids: list[Ids], verb: Callable[[Ids], str]
) -> None:
    """ASVS 15.4.2: on both databases, whoever is first; nothing waits for ever."""
    for one in ids:
        done, suspended = at_once(each_app, lambda one=one: verb(one), lambda one=one: suspend(one))
        assert suspended == "suspended"
        assert done in ("resent", "cancelled") or isinstance(done, Forbidden | InviteOver), done


def test_is_either_sent_again_or_cancelled_of_two_at_once(each_app: Flask, ids: list[Ids]) -> None:
    """S1-24, S1-25: a cancelled invitation has no link that works, and no letter on its way."""
    for one in ids:
        results = at_once(
            each_app,
            lambda one=one: resend(one),
            lambda one=one: cancel(one),
            lambda one=one: cancel(one),
        )
        assert results.count("cancelled") == 1
        assert all(
            result in ("resent", "cancelled") or isinstance(result, InviteOver)
            for result in results
        ), results
        db.session.expire_all()
        invite = db.session.get_one(Invite, one["invite"])
        assert invite.status is InviteStatus.CANCELLED
        assert not [
            letter
            for letter in db.session.query(Letter).filter_by(invite_id=invite.id)
            if letter.state is LetterState.WAITING
        ]


def add(one: Ids) -> str:
    by, who = (
        factories.seat(db.session.get_one(Membership, one["tanaka"])),
        db.session.get_one(Account, one["guest"]),
    )
    assert by.organization
    bindings.add(
        by.organization,
        who=who.login_id,
        offer=Offer(authorities=frozenset({"user_viewer"})),
        by=by,
        now=datetime.now(UTC),
    )
    db.session.commit()
    return "added"


def test_makes_one_member_of_somebody_who_accepts_while_they_are_added(
    each_app: Flask, ids: list[Ids]
) -> None:
    """D-C11: an addition waits; joining by the invitation takes it back, or refuses it."""
    for one in ids:
        joined, added = at_once(each_app, lambda one=one: accept(one), lambda one=one: add(one))
        assert joined == "joined"
        assert added == "added" or isinstance(added, Refusal)
        db.session.expire_all()
        assert db.session.query(Membership).filter_by(account_id=one["guest"]).count() == 1
        bindings_left = db.session.query(RoleBinding).filter_by(account_id=one["guest"])
        assert not [left for left in bindings_left if left.is_waiting]


def test_has_one_winner_when_an_invitation_is_accepted(each_app: Flask, ids: list[Ids]) -> None:
    for one in ids:
        joined, suspended = at_once(
            each_app, lambda one=one: accept(one), lambda one=one: suspend(one)
        )
        assert suspended == "suspended"
        assert joined == "joined" or isinstance(joined, InviteOver)
        db.session.expire_all()
        is_member = bool(db.session.query(Membership).filter_by(account_id=one["guest"]).count())
        assert (
            is_member
            == (joined == "joined")
            == (db.session.get_one(Invite, one["invite"]).status is InviteStatus.ACCEPTED)
        )


def test_gives_what_was_offered_when_it_was_accepted(each_app: Flask, ids: list[Ids]) -> None:
    """S3-34: an edit is seen by whoever accepts after it, and refused to whoever comes too late."""
    for one in ids:
        joined, edited = at_once(each_app, lambda one=one: accept(one), lambda one=one: edit(one))
        assert joined == "joined"
        assert edited == "edited" or isinstance(edited, InviteOver)
        db.session.expire_all()
        member = db.session.query(Membership).filter_by(account_id=one["guest"]).one()
        assert member.authorities == (
            frozenset({"user_viewer"}) if edited == "edited" else frozenset()
        )


def test_leaves_no_invitation_of_the_suspended(each_app: Flask, ids: list[Ids]) -> None:
    """D-1: or they would come back by it, as a power user."""
    for one in ids:
        results: list[Any] = at_once(
            each_app, lambda one=one: send(one), lambda one=one: suspend(one)
        )
        assert results[0] == "sent" or isinstance(results[0], Forbidden)
        db.session.expire_all()
        assert (
            not db.session.query(Invite)
            .filter_by(inviter_id=one["account"], status=InviteStatus.PENDING)
            .count()
        )


def members_of(organization):
    return db.session.scalar(
        select(func.count(Membership.id)).where(Membership.organization_id == organization.id)
    )


def test_accepting_twice_at_once_makes_one_membership(each_app):
    """D-5"""
    cast = people.assemble()
    invite, _token = factories.invite(cast.aozora, cast.newcomer.email, cast.tanaka)
    ids = (invite.id, cast.newcomer.id)
    before = members_of(cast.aozora)
    db.session.commit()

    def accept():
        answering.accept(
            db.session.get(Invite, ids[0]),
            account=db.session.get(Account, ids[1]),
            by_link=True,
            now=factories.datetime.now(factories.UTC),
        )
        db.session.commit()
        return "joined"

    results = at_once(each_app, accept, accept, accept)
    assert sorted(type(one) is InviteOver for one in results) == [False, True, True]
    db.session.expire_all()
    assert members_of(cast.aozora) == before + 1


def test_accepting_and_cancelling_at_once_has_one_winner(each_app):
    cast = people.assemble()
    invite, _token = factories.invite(cast.aozora, cast.newcomer.email, cast.tanaka)
    ids = (invite.id, cast.newcomer.id, cast.membership(cast.tanaka).id)
    db.session.commit()
    now = factories.datetime.now(factories.UTC)

    def accept():
        answering.accept(
            db.session.get(Invite, ids[0]),
            account=db.session.get(Account, ids[1]),
            by_link=True,
            now=now,
        )
        db.session.commit()
        return "joined"

    def cancel():
        invites.cancel(
            db.session.get(Invite, ids[0]),
            by=factories.seat(db.session.get(Membership, ids[2])),
            now=now,
        )
        db.session.commit()
        return "cancelled"

    won = [one for one in at_once(each_app, accept, cancel) if isinstance(one, str)]
    db.session.expire_all()
    assert len(won) == 1
    assert (sent()[0].status is InviteStatus.ACCEPTED) == (won == ["joined"])
    assert (
        db.session.scalar(select(Membership.id).where(Membership.account_id == ids[1])) is not None
    ) == (won == ["joined"])


def test_inviting_one_address_twice_at_once_makes_one_invitation(each_app):
    cast = people.assemble()
    seat_id = cast.membership(cast.tanaka).id
    now = factories.datetime.now(factories.UTC)

    def send():
        by = factories.seat(db.session.get(Membership, seat_id))
        asking = sending.Asking(invites.Offer(authorities=frozenset({"user_viewer"})))
        sending.send(by.organization, to=["emma@example.com"], asking=asking, by=by, now=now)
        db.session.commit()
        return "sent"

    results = at_once(each_app, send, send)
    assert sorted(map(str, results))[-1] == "sent"
    assert len(sent()) == 1
