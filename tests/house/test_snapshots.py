"""What every test begins with: a database that is put back as it was, not written anew."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import func, select, text

from app.access.roles import BUILT_IN
from app.extensions import db
from app.models import Account, MemberRole, Membership, Organization
from app.testing import snapshots
from app.testing.portals import empty
from tests import cast as people
from tests import factories


def count(table: type) -> int:
    return db.session.scalar(select(func.count()).select_from(table)) or 0


def test_the_cast_is_the_same_whether_it_is_written_or_put_back(app: Flask) -> None:
    people.assemble()
    kept = snapshots.of(app)
    assert kept
    seen = []
    for moment in (snapshots.EMPTY, "changed"):
        db.session.remove()
        empty(app)
        if moment == "changed":
            factories.account("before")
            db.session.commit()
        assert kept.stands_at(snapshots.EMPTY) is (moment == snapshots.EMPTY)
        cast = people.assemble()
        rows = {
            name: (who.email, [one.organization.code for one in who.memberships], len(who.roles))
            for name, who in vars(cast).items()
            if isinstance(who, Account)
        }
        seen.append((rows, cast.aozora.name, cast.minato.name, count(Membership)))
    assert seen[0] == seen[1]


@pytest.mark.parametrize("commits", [True, False])
def test_what_was_written_before_the_cast_stays(app: Flask, commits: bool) -> None:
    people.assemble()
    db.session.remove()
    empty(app)
    factories.account("before")
    if commits:
        db.session.commit()
    people.assemble()
    assert count(Account) == 8


def test_empties_what_a_test_left(app: Flask) -> None:
    people.assemble()
    db.session.execute(text("DELETE FROM member_role"))
    db.session.commit()
    db.session.remove()
    empty(app)
    assert (count(Account), count(Organization), count(MemberRole)) == (0, 0, len(BUILT_IN))


def test_ids_of_one_table_are_not_those_of_another(app: Flask) -> None:
    cast = people.assemble()
    ids = [cast.aozora.id, cast.minato.id]
    ids += [one.id for one in db.session.scalars(select(Membership))]
    ids += [one.id for one in db.session.scalars(select(Account))]
    assert len(set(ids)) == len(ids)
