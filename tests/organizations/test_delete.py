"""Deleting an organization: the platform administrator's, after typing its code. It …"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import select

from app.extensions import db
from app.models import (
    Account,
    Activity,
    Invite,
    Letter,
    LetterState,
    MemberRole,
    Membership,
    Organization,
)
from tests import factories
from tests.cast import Cast
from tests.conftest import PortalClient
from tests.organizations.deleting import As, codes, count, path


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


def test_takes_members_invitations_and_roles_along_and_leaves_accounts(cast: Cast, as_: As) -> None:
    factories.invite(cast.aozora, "guest@example.com", cast.tanaka)
    role = factories.role(cast.aozora, "Ours")
    cast.membership(cast.smith).roles.append(role)
    cast.smith.managed_by = cast.aozora
    accounts, built_in = count(Account), count(MemberRole) - 1
    answer = as_(cast.root).submit(path(cast.aozora), {"typed": "aozora"}, follow_redirects=True)
    assert "The organization 株式会社あおぞら was deleted." in answer.get_data(as_text=True)
    assert codes() == {"minato"}
    assert [row.organization_id for row in db.session.scalars(select(Membership))] == [
        cast.minato.id
    ]
    assert (count(Invite), count(MemberRole), count(Account)) == (0, built_in, accounts)
    assert cast.smith.managed_by_id is None, "from now on only smith edits smith"


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
