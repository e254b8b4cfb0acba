"""What deleting an organization does to its service accounts and keys. It …"""

from __future__ import annotations

from datetime import datetime
from threading import Barrier

import pytest
from flask import Flask
from sqlalchemy import select

from app.access.seat import Seat
from app.activity_log.rendering import render_all
from app.extensions import db
from app.kernel.errors import Forbidden, NotFound
from app.log_integrity import signing_keys
from app.log_integrity.verification import verify
from app.models import Account, Activity, Membership, Organization, PortalKey
from app.offers.offer import Offer
from app.organizations import deleting, queries
from app.service_accounts import service as service_accounts
from tests import cast as people
from tests import factories
from tests.cast import Cast
from tests.conftest import at_once
from tests.organizations.deleting import As, path


def test_is_listed_with_the_people_who_belong_to_it(cast: Cast) -> None:
    """B-90: a service account is no member that anybody counts."""
    factories.membership(factories.account("robot", is_service=True), cast.aozora)
    assert queries.member_counts([cast.aozora.id, cast.minato.id]) == {
        cast.aozora.id: 4,
        cast.minato.id: 1,
    }


@pytest.fixture
def robot(cast: Cast) -> Account:
    """A service account of aozora, with a key."""
    robot = factories.account("robot", is_service=True)
    factories.api_key(factories.membership(robot, cast.aozora), "user_viewer", name="Payroll")
    db.session.commit()
    return robot


def test_takes_its_service_accounts_and_keys_along(cast: Cast, as_: As, robot: Account) -> None:
    """An account that is no person and belongs to nobody would open nothing and go never."""
    factories.api_key(cast.membership(cast.smith), "user_viewer", name="Own")
    gone = factories.account("gone", is_service=True)
    left = factories.membership(gone, cast.aozora)
    factories.api_key(left, "user_viewer", name="Old", revoked_at=factories.NOW)
    db.session.delete(left)
    other = factories.account("other", is_service=True)
    factories.api_key(factories.membership(other, cast.minato), name="Elsewhere")
    db.session.commit()
    persons = {one.id for one in db.session.scalars(select(Account).where(~Account.is_service))}
    page = as_(cast.root).get(path(cast.aozora)).get_data(as_text=True)
    for words in ("4 memberships", "2 service accounts", "2 API keys"):
        assert words in page, words
    assert as_(cast.root).submit(path(cast.aozora), {"typed": "aozora"}).status_code == 302
    db.session.expire_all()
    assert {one.id for one in db.session.scalars(select(Account))} == persons | {other.id}
    assert db.session.scalars(select(PortalKey.name)).all() == ["Elsewhere"]


def test_says_in_its_log_which_keys_and_service_accounts_went(
    cast: Cast, as_: As, robot: Account, now: datetime
) -> None:
    """ASVS 16.2.1: by the names of then, readable without them, and the chain is whole."""
    where, name = cast.aozora.id, robot.written_name
    as_(cast.root).submit(path(cast.aozora), {"typed": "aozora"})
    lines = db.session.scalars(
        select(Activity).where(Activity.organization_id == where).order_by(Activity.id)
    ).all()
    assert [line.event for line in lines[-3:]] == [
        "key_revoked",
        "account_deleted",
        "organization_deleted",
    ]
    assert [line.subject_name for line in lines[-3:-1]] == [name, name]
    assert lines[-3].details["key"].startswith("Payroll (")
    told = [str(one.sentence) for one in render_all(list(lines[-3:]))]
    assert name in told[0] and "Payroll" in told[0] and name in told[1]
    with db.engine.connect() as connection:
        assert verify(connection, keys=signing_keys.known()).is_whole


def test_happens_once_of_two_at_once(each_app: Flask, now: datetime) -> None:
    """ASVS 15.4.2: the second finds nothing, whatever the first took along."""
    cast = people.assemble()
    factories.api_key(
        factories.membership(factories.account("robot", is_service=True), cast.aozora),
        "user_viewer",
    )
    db.session.commit()
    aozora, root = cast.aozora.id, cast.root.id

    def delete() -> str:
        by = Seat(db.session.get_one(Account, root), is_platform_administrator=True)
        deleting.delete(db.session.get_one(Organization, aozora), typed="aozora", by=by, now=now)
        db.session.commit()
        return "deleted"

    results = at_once(each_app, delete, delete, delete)
    assert results.count("deleted") == 1
    assert all(one == "deleted" or isinstance(one, NotFound) for one in results), results
    assert (
        len(db.session.scalars(select(Activity).where(Activity.event == "account_deleted")).all())
        == 1
    )


def test_takes_along_a_service_account_that_is_made_meanwhile_or_lets_none_be_made(
    each_app: Flask, now: datetime
) -> None:
    """ASVS 15.4.2: no service account is left that belongs to nobody."""
    cast = people.assemble()
    aozora, root, tanaka = cast.aozora.id, cast.root.id, cast.membership(cast.tanaka).id
    found = Barrier(2, timeout=30)

    def delete() -> str:
        by = Seat(db.session.get_one(Account, root), is_platform_administrator=True)
        organization = db.session.get_one(Organization, aozora)
        found.wait()
        deleting.delete(organization, typed="aozora", by=by, now=now)
        db.session.commit()
        return "deleted"

    def make() -> str:
        by = factories.seat(db.session.get_one(Membership, tanaka))
        organization = by.membership.organization
        found.wait()
        service_accounts.create(
            organization,
            name="Robot",
            offer=Offer(authorities=frozenset({"user_viewer"})),
            by=by,
            now=now,
        )
        db.session.commit()
        return "made"

    results = at_once(each_app, delete, make)
    assert results[0] == "deleted" and (
        results[1] == "made" or isinstance(results[1], Forbidden | NotFound)
    ), results
    assert db.session.scalars(select(Account).where(Account.is_service)).all() == []
