"""Deleting an organization: the platform administrator's, after typing its code. It …"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.access.seat import Seat
from app.activity import keys
from app.activity.telling import tell_all
from app.activity.verifying import verify
from app.extensions import db
from app.kernel.errors import Forbidden, NotFound
from app.members import service_accounts
from app.members.offer import Offer
from app.models import (
    Account,
    Activity,
    Invite,
    Letter,
    LetterState,
    MemberRole,
    Membership,
    Organization,
    PortalKey,
)
from app.organizations import queries
from app.organizations import service as organizations
from tests import cast as people
from tests import factories
from tests.cast import Cast
from tests.conftest import PortalClient, at_once

As = Callable[[Account], PortalClient]


def path(organization: Organization) -> str:
    return f"/organizations/delete/{organization.id}"


def codes() -> set[str]:
    db.session.expire_all()
    return set(db.session.scalars(select(Organization.code)))


def count(model: type) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def test_says_first_what_goes_with_it(cast: Cast, as_: As) -> None:
    """S4-02."""
    factories.invite(cast.aozora, "guest@example.com", cast.tanaka)
    factories.role(cast.aozora, "Ours")
    cast.smith.managed_by = cast.aozora
    page = as_(cast.root).get(path(cast.aozora)).get_data(as_text=True)
    for words in (
        "Delete “Aozora Inc.”?",
        "4 memberships",
        "1 invitation<",
        "1 role<",
        "1 managed account<",
        "This cannot be undone.",
        "Type the code aozora to confirm",
    ):
        assert words in page, words
    assert codes() == {"aozora", "minato"}


def test_is_listed_with_the_people_who_belong_to_it(cast: Cast) -> None:
    """B-90: a service account is no member that anybody counts."""
    factories.membership(factories.account("robot", is_service=True), cast.aozora)
    assert queries.member_counts([cast.aozora.id, cast.minato.id]) == {
        cast.aozora.id: 4,
        cast.minato.id: 1,
    }


def test_takes_members_invitations_and_roles_along_and_leaves_accounts(cast: Cast, as_: As) -> None:
    factories.invite(cast.aozora, "guest@example.com", cast.tanaka)
    role = factories.role(cast.aozora, "Ours")
    cast.membership(cast.smith).roles.append(role)
    cast.smith.managed_by = cast.aozora
    accounts, built_in = count(Account), count(MemberRole) - 1
    answer = as_(cast.root).submit(path(cast.aozora), {"typed": "aozora"}, follow_redirects=True)
    assert "The organization was deleted." in answer.get_data(as_text=True)
    assert codes() == {"minato"}
    assert [row.organization_id for row in db.session.scalars(select(Membership))] == [
        cast.minato.id
    ]
    assert (count(Invite), count(MemberRole), count(Account)) == (0, built_in, accounts)
    assert cast.smith.managed_by_id is None, "from now on only smith edits smith"


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
    told = [str(one.sentence) for one in tell_all(list(lines[-3:]))]
    assert name in told[0] and "Payroll" in told[0] and name in told[1]
    with db.engine.connect() as connection:
        assert verify(connection, keys=keys.known()).is_whole


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
        organizations.delete(
            db.session.get_one(Organization, aozora), typed="aozora", by=by, now=now
        )
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

    def delete() -> str:
        by = Seat(db.session.get_one(Account, root), is_platform_administrator=True)
        organizations.delete(
            db.session.get_one(Organization, aozora), typed="aozora", by=by, now=now
        )
        db.session.commit()
        return "deleted"

    def make() -> str:
        by = factories.seat(db.session.get_one(Membership, tanaka))
        service_accounts.create(
            by.membership.organization,
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


def test_closes_it_to_its_members_at_once(cast: Cast, as_: As) -> None:
    """D-C1, S4-03: on the very next request; whoever belongs nowhere now is told so."""
    tanaka = as_(cast.tanaka)
    assert tanaka.get("/o/aozora/").status_code == 200
    as_(cast.root).submit(path(cast.aozora), {"typed": "aozora"})
    assert tanaka.get("/o/aozora/").status_code == 404
    assert "You belong to no organization" in tanaka.get("/").get_data(as_text=True)


def test_withdraws_the_letters_that_have_not_left(
    cast: Cast, as_: As, letters: Callable[..., list[Letter]]
) -> None:
    browser = as_(cast.tanaka)
    form = {"addresses": "guest@example.com", "type": "power", "language": "en"}
    assert browser.submit("/o/aozora/invites/add", form).status_code == 302
    assert [letter.state for letter in letters("invite")] == [LetterState.WAITING]
    as_(cast.root).submit(path(cast.aozora), {"typed": "aozora"})
    assert [letter.state for letter in letters("invite")] == [LetterState.DROPPED]


def test_leaves_a_line_in_its_log_and_keeps_the_log(cast: Cast, as_: As) -> None:
    where = cast.aozora.id
    as_(cast.root).submit(path(cast.aozora), {"typed": "aozora"})
    [line] = db.session.scalars(select(Activity).where(Activity.event == "organization_deleted"))
    assert (line.organization_id, line.subject_name, line.details, line.as_platform) == (
        where,
        "株式会社あおぞら",
        {"members": 4},
        True,
    )


def test_shows_its_log_to_no_later_organization(cast: Cast, as_: As) -> None:
    """S0-01: not even to one of the same code: an organization's id is never used again."""
    root = as_(cast.root)
    root.submit("/organizations/add", {"code": "short", "name": "Short-lived", "language": "en"})
    short = db.session.scalars(select(Organization).where(Organization.code == "short")).one()
    root.submit(path(short), {"typed": "short"})
    root.submit("/organizations/add", {"code": "short", "name": "Successor", "language": "en"})
    log = root.get("/o/short/activity/list/").get_data(as_text=True)
    assert "Successor" in log
    assert "Short-lived" not in log


@pytest.mark.parametrize(
    "typed", ["", "minato", "AOZORA", "aozora inc", "株式会社あおぞら", "aozora\x00"]
)
def test_wants_the_code_typed_exactly(cast: Cast, as_: As, typed: str) -> None:
    answer = as_(cast.root).submit(path(cast.aozora), {"typed": typed})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 400
    assert "That is not the code of this organization. Type aozora to delete it." in page
    assert "4 memberships" in page
    assert codes() == {"aozora", "minato"}


def test_forgives_spaces_around_the_code(cast: Cast, as_: As) -> None:
    assert as_(cast.root).submit(path(cast.aozora), {"typed": " aozora "}).status_code == 302


def test_finds_nothing_the_second_time(cast: Cast, as_: As) -> None:
    root, where = as_(cast.root), path(cast.aozora)
    token = root.token(where)
    form = {"csrf_token": token, "typed": "aozora"}
    assert [root.post(where, data=form).status_code for _time in range(2)] == [302, 404]
    assert root.get("/organizations/delete/999999").status_code == 404


@pytest.mark.parametrize("who", ["tanaka", "suzuki", "yamada", "newcomer"])
def test_is_the_platform_administrators_alone(cast: Cast, as_: As, who: str) -> None:
    """S4-02: nobody deletes even their own."""
    browser = as_(getattr(cast, who))
    assert browser.get(path(cast.aozora)).status_code in {403, 404}
    assert browser.submit(path(cast.aozora), {"typed": "aozora"}, page="/").status_code in {
        403,
        404,
    }
    assert codes() == {"aozora", "minato"}


def test_asks_strangers_to_sign_in(cast: Cast, client: PortalClient) -> None:
    assert client.get(path(cast.aozora)).location.startswith("/login/")
    assert client.submit(
        path(cast.aozora), {"typed": "aozora"}, page="/login/"
    ).location.startswith("/login/")
    assert codes() == {"aozora", "minato"}
