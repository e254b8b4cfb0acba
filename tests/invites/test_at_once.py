"""Inviting, answering, cancelling and suspending at the same moment: one order of things, whoever
is first. It …
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest
from flask import Flask

from app.extensions import db
from app.invites import service as invites
from app.invites.service import InviteOver
from app.kernel.errors import Forbidden, Refusal
from app.models import Invite, InviteStatus, Letter, LetterState, Membership, RoleBinding
from tests.conftest import at_once
from tests.invites.conftest import Ids
from tests.invites.verbs import (
    accept,
    add,
    cancel,
    edit,
    friend_of,
    invite_of,
    moment,
    resend,
    seat_of,
    send,
    suspend,
)

Verb = Callable[[Ids], str]


def turns(app: Flask, ids: list[Ids], *verbs: Verb) -> Iterator[tuple[Ids, list[Any]]]:
    """Run the verbs at the same moment, inviter by inviter; yield what each gave, or its
    refusal.
    """
    for one in ids:
        results = at_once(app, *(partial(verb, one) for verb in verbs))
        db.session.expire_all()
        yield one, results


def memberships_of(one: Ids) -> int:
    """How many memberships somebody invited has."""
    return db.session.query(Membership).filter_by(account_id=one["guest"]).count()


@pytest.mark.parametrize("verb", [resend, cancel])
def test_does_nothing_for_somebody_who_was_suspended_meanwhile(
    each_app: Flask, ids: list[Ids], verb: Verb
) -> None:
    """ASVS 15.4.2: what a request was allowed when it began is asked again behind the lock."""
    one = ids[0]
    by, invite = seat_of(one, "boss"), invite_of(one)
    assert by.authorities and invite.is_open(moment())
    at_once(each_app, partial(suspend, one))
    act = invites.resend if verb is resend else invites.cancel
    with pytest.raises(Forbidden):
        act(invite, by=by, now=moment())
    db.session.rollback()


@pytest.mark.parametrize("verb", [resend, cancel])
def test_resends_or_cancels_before_or_not_at_all(
    each_app: Flask, ids: list[Ids], verb: Verb
) -> None:
    """ASVS 15.4.2: on both databases, whoever is first; nothing waits for ever."""
    for _one, (done, suspended) in turns(each_app, ids, verb, suspend):
        assert suspended == "suspended"
        assert done in ("resent", "cancelled") or isinstance(done, Forbidden | InviteOver), done


def test_is_either_sent_again_or_cancelled_of_two_at_once(each_app: Flask, ids: list[Ids]) -> None:
    """S1-24, S1-25: a cancelled invitation has no link that works, and no letter on its way."""
    for one, results in turns(each_app, ids, resend, cancel, cancel):
        assert results.count("cancelled") == 1
        assert all(
            result in ("resent", "cancelled") or isinstance(result, InviteOver)
            for result in results
        ), results
        invite = invite_of(one)
        assert invite.status is InviteStatus.CANCELLED
        assert not [
            letter
            for letter in db.session.query(Letter).filter_by(invite_id=invite.id)
            if letter.state is LetterState.WAITING
        ]


def test_makes_one_member_of_somebody_who_accepts_while_they_are_added(
    each_app: Flask, ids: list[Ids]
) -> None:
    """D-C11: an addition waits; joining by the invitation takes it back, or refuses it."""
    for one, (joined, added) in turns(each_app, ids, accept, add):
        assert joined == "joined"
        assert added == "added" or isinstance(added, Refusal)
        assert memberships_of(one) == 1
        bindings_left = db.session.query(RoleBinding).filter_by(account_id=one["guest"])
        assert not [left for left in bindings_left if left.is_waiting]


def test_has_one_winner_when_an_invitation_is_accepted(each_app: Flask, ids: list[Ids]) -> None:
    for one, (joined, suspended) in turns(each_app, ids, accept, suspend):
        assert suspended == "suspended"
        assert joined == "joined" or isinstance(joined, InviteOver)
        is_accepted = invite_of(one).status is InviteStatus.ACCEPTED
        assert bool(memberships_of(one)) == (joined == "joined") == is_accepted


def test_gives_what_was_offered_when_it_was_accepted(each_app: Flask, ids: list[Ids]) -> None:
    """S3-34: an edit is seen by whoever accepts after it, and refused to whoever comes too late."""
    for one, (joined, edited) in turns(each_app, ids, accept, edit):
        assert joined == "joined"
        assert edited == "edited" or isinstance(edited, InviteOver)
        member = db.session.query(Membership).filter_by(account_id=one["guest"]).one()
        assert member.authorities == (
            frozenset({"user_viewer"}) if edited == "edited" else frozenset()
        )


def test_leaves_no_invitation_of_the_suspended(each_app: Flask, ids: list[Ids]) -> None:
    """D-1: or they would come back by it, as a power user."""
    for one, (sent, _suspended) in turns(each_app, ids, send, suspend):
        assert sent == "sent" or isinstance(sent, Forbidden)
        assert (
            not db.session.query(Invite)
            .filter_by(inviter_id=one["account"], status=InviteStatus.PENDING)
            .count()
        )


def test_accepting_twice_at_once_makes_one_membership(each_app: Flask, ids: list[Ids]) -> None:
    """D-5"""
    for one, results in turns(each_app, ids, accept, accept, accept):
        assert sorted(type(result) is InviteOver for result in results) == [False, True, True]
        assert memberships_of(one) == 1


def test_accepting_and_cancelling_at_once_has_one_winner(each_app: Flask, ids: list[Ids]) -> None:
    for one, results in turns(each_app, ids, accept, cancel):
        (won,) = [result for result in results if isinstance(result, str)]
        is_accepted = invite_of(one).status is InviteStatus.ACCEPTED
        assert bool(memberships_of(one)) == (won == "joined") == is_accepted


def test_inviting_one_address_twice_at_once_makes_one_invitation(
    each_app: Flask, ids: list[Ids]
) -> None:
    for one, results in turns(each_app, ids, send, send):
        assert "sent" in results
        assert db.session.query(Invite).filter_by(address=friend_of(one)).count() == 1
