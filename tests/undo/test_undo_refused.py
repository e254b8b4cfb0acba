"""What taking a change of a member back refuses, and whom. It …"""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask import Flask

from app.activity import events as catalogue
from app.activity import service as activity
from app.extensions import db
from app.kernel.errors import Refusal
from app.memberships import service as members
from app.models import Account, AccountSession, Activity, MemberRole, Membership, MemberType
from app.offers.offer import Offer
from app.undo import service as undoing
from tests import cast as people
from tests import factories
from tests.cast import Cast
from tests.conftest import PortalClient, at_once
from tests.members.conftest import BASE, HELD, As, events, fingerprint, of, offered
from tests.undo.undoing import CHANGES, last, path, standing, take_back


def refusal(browser: PortalClient, line: Activity) -> str:
    """What is said in refusal, on the page and after the press alike; nothing changes."""
    before = fingerprint()
    page, answer = browser.get(path(line)), browser.submit(path(line), page="/profile/")
    assert fingerprint() == before
    assert answer.status_code in (403, 409, 410)
    shown = page.get_data(as_text=True)
    assert '<form method="post"' not in shown[shown.index("<main") :]
    return " ".join(answer.get_data(as_text=True).split())


def test_refuses_twice(tanaka: PortalClient, smith: Membership) -> None:
    CHANGES["suspended"](tanaka, smith)
    line = last()
    take_back(tanaka, line)
    assert "taken back already, by 田中 太郎" in refusal(tanaka, line)


@pytest.mark.parametrize(
    ("first", "then", "what"),
    [
        ("other authorities", "other", "Authorities"),
        ("made a power user", "removed", "Membership"),
        ("suspended", "removed", "Membership"),
    ],
)
def test_refuses_where_the_same_was_changed_since_and_says_who(
    tanaka: PortalClient,
    cast: Cast,
    smith: Membership,
    second: Account,
    as_: As,
    first: str,
    then: str,
    what: str,
) -> None:
    CHANGES[first](tanaka, smith)
    line, other = last(), as_(second)
    if then == "other":
        other.submit(
            f"{BASE}/edit/{smith.id}",
            offered(authorities=["inquiry_user"], roles=[smith.roles[0].id], sure="1"),
        )
        assert f"changed again since, by 加藤 真理子: {what}" in refusal(tanaka, line)
    else:
        CHANGES[then](other, smith)
        assert "no longer there to change" in refusal(tanaka, line)


def test_lets_alone_what_was_changed_beside_it(
    tanaka: PortalClient, cast: Cast, smith: Membership
) -> None:
    CHANGES["a role taken"](tanaka, smith)
    line = last()
    tanaka.submit(f"{BASE}/edit/{smith.id}", offered(authorities=["inquiry_user"], sure="1"))
    assert take_back(tanaka, line) == 302
    assert standing(cast.smith)[1:3] == (frozenset({"inquiry_user"}), ["Night shift"])


def test_refuses_what_happened_over_thirty_days_ago(
    tanaka: PortalClient, cast: Cast, smith: Membership, now: datetime
) -> None:
    smith.suspended_at = now
    lines = [
        activity.record(
            catalogue.MEMBER_SUSPENDED,
            now=now - timedelta(days=days, minutes=1),
            by=None,
            organization=cast.aozora,
            subject=smith,
            reason="",
        )
        for days in (30, 29)
    ]
    db.session.commit()
    assert "more than 30 days ago" in refusal(tanaka, lines[0])
    assert take_back(tanaka, lines[1]) == 302


def test_refuses_roles_that_were_deleted_since(tanaka: PortalClient, smith: Membership) -> None:
    CHANGES["a role taken"](tanaka, smith)
    line = last()
    db.session.delete(db.session.query(MemberRole).filter_by(name="Night shift").one())
    db.session.commit()
    assert "deleted since: Night shift" in refusal(tanaka, line)


def test_takes_no_later_role_for_one_that_was_deleted(
    tanaka: PortalClient, cast: Cast, smith: Membership
) -> None:
    """D-1: SQLite gives a new role the id of the newest that was deleted; whoever made it decides
    what it allows.
    """
    CHANGES["a role taken"](tanaka, smith)
    line, gone = last(), db.session.query(MemberRole).filter_by(name="Night shift").one()
    gone_id = gone.id
    db.session.delete(gone)
    db.session.commit()
    another = MemberRole(
        id=gone_id,
        organization_id=cast.aozora.id,
        name="Everything",
        authorities=frozenset({"contract_manager"}),
        created_at=line.happened_at + timedelta(seconds=1),
    )
    db.session.add(another)
    db.session.commit()
    assert "deleted since: Night shift" in refusal(tanaka, line)
    assert take_back(tanaka, line) == 409
    assert not of(cast.smith).roles


def test_refuses_for_an_account_that_is_gone(
    tanaka: PortalClient, cast: Cast, smith: Membership
) -> None:
    CHANGES["removed"](tanaka, smith)
    line = last()
    db.session.delete(cast.smith)
    db.session.commit()
    assert "Smith John is no longer there to change" in refusal(tanaka, line)


def test_refuses_what_goes_beyond_ones_own_authorities(
    tanaka: PortalClient, cast: Cast, co_admin: Account, second: Account, as_: As
) -> None:
    """D-1: taking back gives what the actor does not hold."""
    membership = of(second)
    assert membership
    tanaka.submit(f"{BASE}/edit/{membership.id}", offered(authorities=["user_viewer"], sure="1"))
    line = last()
    cast.membership(co_admin).authorities = frozenset({"activity_viewer"})
    db.session.commit()
    assert as_(co_admin).submit(path(line), page="/profile/").status_code == 403
    assert standing(second)[0] is MemberType.GENERAL


def test_refuses_to_leave_no_power_user(
    tanaka: PortalClient, cast: Cast, smith: Membership, as_: As
) -> None:
    """D-2."""
    CHANGES["made a power user"](tanaka, smith)
    line = last()
    cast.membership(cast.tanaka).suspended_at = factories.NOW
    db.session.commit()
    assert as_(cast.root).submit(path(line), page="/profile/").status_code == 409
    assert standing(cast.smith)[0] is MemberType.POWER


def test_asks_for_proof_before_somebody_becomes_a_power_user(
    tanaka: PortalClient, cast: Cast, second: Account
) -> None:
    """Issue 4, step up: promoting, by whatever way."""
    membership = of(second)
    assert membership
    tanaka.submit(f"{BASE}/edit/{membership.id}", offered(authorities=["user_viewer"], sure="1"))
    line = last()
    db.session.query(AccountSession).update({"proved_at": factories.NOW - timedelta(days=1)})
    db.session.commit()
    assert take_back(tanaka, line) != 302
    assert standing(second)[0] is MemberType.GENERAL


def test_is_404_for_other_lines(tanaka: PortalClient, cast: Cast, now: datetime) -> None:
    line = activity.record(
        catalogue.SIGNED_OUT, now=now, by=cast.tanaka, organization=cast.aozora, subject=cast.tanaka
    )
    db.session.commit()
    assert tanaka.get(path(line)).status_code == 404
    assert take_back(tanaka, line) == 404


def test_is_for_those_who_manage_members_and_may_see_the_log(
    tanaka: PortalClient, cast: Cast, smith: Membership, as_: As, client: PortalClient
) -> None:
    CHANGES["suspended"](tanaka, smith)
    line = last()
    own = cast.membership(cast.suzuki)
    for held, status in (
        ({"member_manager"}, 403),
        ({"activity_viewer"}, 403),
        ({"user_viewer"}, 403),
    ):
        own.authorities = frozenset(held)
        db.session.commit()
        assert as_(cast.suzuki).get(path(line)).status_code == status
        assert take_back(as_(cast.suzuki), line) == status
    assert as_(cast.yamada).get(path(line)).status_code == 404
    assert as_(cast.yamada).get(path(line).replace("aozora", "minato")).status_code == 404
    assert client.get(path(line)).location.startswith("/login/")
    assert standing(cast.smith)[3]
    assert take_back(as_(cast.root), line) == 302
    assert last().as_platform


def test_happens_once_when_two_press_at_once(each_app: Flask) -> None:
    cast = people.assemble()
    smith, tanaka = cast.membership(cast.smith), cast.membership(cast.tanaka)
    smith.authorities = frozenset({"content_viewer"})
    members.edit(smith, offer=Offer(authorities=HELD), by=factories.seat(tanaka), now=factories.NOW)
    db.session.commit()
    ids = last().id, tanaka.id

    def press() -> None:
        line, own = db.session.get_one(Activity, ids[0]), db.session.get_one(Membership, ids[1])
        undoing.undo(line, own.organization, by=factories.seat(own), now=factories.NOW)
        db.session.commit()

    outcomes = at_once(each_app, press, press)
    assert sorted(type(one) for one in outcomes if isinstance(one, Refusal)) == [
        undoing.UndoneAlready
    ]
    assert [line.undoes_id for line in events() if line.undoes_id] == [ids[0]]
