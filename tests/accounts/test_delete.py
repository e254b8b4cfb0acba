"""Deleting whole accounts. It …"""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from app.accounts import suspension
from app.accounts.suspension import LastAdministrator, LastPowerUserOf, OwnAccount, StillMember
from app.extensions import db
from app.kernel.errors import NotFound
from app.models import Account, Invite, InviteStatus
from tests import factories
from tests.accounts.conftest import As, administrator, body, lines
from tests.cast import Cast
from tests.conftest import PortalClient


def test_asks_before_deleting_and_says_what_goes_with_it(
    root: PortalClient, cast: Cast, as_: As
) -> None:
    as_(cast.newcomer)
    factories.invite(cast.aozora, "guest@example.com", cast.newcomer)
    page = body(root.get(f"/accounts/delete/{cast.newcomer.id}"))
    for words in (
        "Delete the account of Emma Clark?",
        "This cannot be undone.",
        "Open sessions",
        "1, will be cancelled",
    ):
        assert words in page
    assert db.session.get(Account, cast.newcomer.id)


def test_deletes_an_account_that_belongs_nowhere(
    root: PortalClient, cast: Cast, as_: As, client: PortalClient
) -> None:
    theirs = as_(cast.newcomer)
    invite, _token = factories.invite(cast.aozora, "guest@example.com", cast.newcomer)
    gone, invite_id = cast.newcomer.id, invite.id
    answer = root.submit(f"/accounts/delete/{gone}")
    assert answer.location == "/accounts/list/"
    assert "The account of Clark Emma was deleted." in body(root.get(answer.location))
    db.session.expire_all()
    assert db.session.get(Account, gone) is None
    kept = db.session.get_one(Invite, invite_id)
    assert (kept.status, kept.inviter_id) == (InviteStatus.CANCELLED, None)
    assert theirs.get("/profile/").location.startswith("/login/")
    assert (
        client.submit(
            "/login/", {"login_id": "newcomer", "password": factories.PASSWORD}
        ).status_code
        == 401
    )
    assert lines("account_deleted")[0].subject_name == "Clark Emma"


def test_deletes_an_administrator_who_registered_others_and_keeps_these(
    root: PortalClient, cast: Cast, as_: As
) -> None:
    second = factories.platform_administrator(factories.account("second"))
    made = {
        "family_name": "Kato",
        "email": "kato@example.jp",
        "login_id": "kato",
        "language": "en",
        "time_zone": "UTC",
    }
    assert as_(second).submit("/accounts/add", made).status_code == 302
    gone = second.id
    assert root.submit(f"/accounts/delete/{gone}").location == "/accounts/list/"
    db.session.expire_all()
    assert db.session.get(Account, gone) is None
    assert db.session.scalar(select(Account.id).where(Account.login_id_key == "kato"))


def test_never_deletes_a_member_of_an_organization_nor_oneself(
    root: PortalClient, cast: Cast
) -> None:
    for who, sentence in (
        (cast.smith, "Remove it there first."),
        (cast.root, "You cannot suspend or delete your own account."),
    ):
        answer = root.submit(f"/accounts/delete/{who.id}", page="/accounts/list/")
        assert sentence in body(root.get(answer.location))
        assert db.session.get(Account, who.id)
    with pytest.raises(NotFound):
        suspension.delete(Account(id=10**6), by=administrator(cast.root), now=datetime.now(UTC))


def test_refuses_with_the_sentences_that_the_page_shows_beforehand(
    cast: Cast, now: datetime
) -> None:
    second = factories.platform_administrator(factories.account("second", suspended_at=now))
    by = administrator(cast.root)
    for account, verb, refusal in (
        (cast.root, "suspend", OwnAccount),
        (cast.root, "delete", OwnAccount),
        (cast.tanaka, "suspend", LastPowerUserOf),
        (cast.tanaka, "delete", StillMember),
    ):
        with pytest.raises(refusal) as refused:
            suspension.suspend(
                account, reason="", by=by, now=now
            ) if verb == "suspend" else suspension.delete(account, by=by, now=now)
        assert suspension.obstacles(account, by=by)[verb] == str(refused.value)
    with pytest.raises(LastAdministrator):
        suspension.ensure_dispensable(cast.root, by=administrator(second))
    assert suspension.obstacles(cast.newcomer, by=by) == {}
