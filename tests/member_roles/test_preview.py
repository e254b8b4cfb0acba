"""Before an edit of a role is saved: what everybody who holds it gains and loses. It …"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from app.access.authorities import CATALOGUE
from app.extensions import db
from app.models import Account, Activity, MemberRole
from tests import factories
from tests.cast import Cast
from tests.conftest import PortalClient, Statements

As = Callable[[Account], PortalClient]
TYPED: dict[str, Any] = {"name": "Desk", "description": "By day", "authorities": ["inquiry_user"]}
ASKED = "Save the role Desk?"


@pytest.fixture
def desk(cast: Cast) -> MemberRole:
    """A role of aozora, held by smith and suzuki, who is a User Viewer besides, and by the power
    user.
    """
    role = factories.role(cast.aozora, "Desk", "inquiry_user", "user_viewer")
    role.description = "By day"
    for who in (cast.smith, cast.suzuki, cast.tanaka):
        cast.membership(who).roles.append(role)
    db.session.commit()
    return role


def path(role: MemberRole) -> str:
    return f"/o/aozora/roles/edit/{role.id}"


def asked(client: PortalClient, role: MemberRole, status: int = 200, **typed: Any) -> str:
    """The page that the form is answered with."""
    answer = client.submit(path(role), TYPED | typed)
    assert answer.status_code == status, answer.status_code
    return " ".join(answer.get_data(as_text=True).split())


def part(page: str, heading: str) -> str:
    """What stands under a heading; "" where it does not stand there."""
    found = re.search(rf'<section class="my-4" aria-labelledby="{heading}">(.*?)</section>', page)
    return found[1] if found else ""


def kept(role: MemberRole) -> tuple[str, frozenset[str], int]:
    db.session.expire_all()
    return (
        role.name,
        role.authorities,
        len(db.session.scalars(select(Activity).where(Activity.event == "role_edited")).all()),
    )


UNTOUCHED = ("Desk", frozenset({"inquiry_user", "user_viewer"}), 0)


def test_shows_what_everybody_gains_and_loses_and_saves_nothing_yet(
    cast: Cast, as_: As, desk: MemberRole
) -> None:
    """Counted member by member: suzuki is a User Viewer without the role, and the power user holds
    everything anyway.
    """
    page = asked(as_(cast.tanaka), desk, authorities=["inquiry_user", "invoice_downloader"])
    assert ASKED in page
    lost, gained, people = part(page, "loses"), part(page, "gains"), part(page, "concerned")
    assert "User Viewer" in lost
    assert "1 member</small>" in lost
    assert str(CATALOGUE["user_viewer"].description) in lost
    assert "Invoice Downloader" in gained
    assert "2 members</small>" in gained
    assert "Loses: User Viewer" in people
    assert people.count("Gains: Invoice Downloader") == 2
    assert ("Smith" in people, "鈴木" in people, "田中" in people) == (True, True, False)
    assert "What 2 members may do changes at once" in page
    assert "1 member holds the role and is not concerned" in page
    assert kept(desk) == UNTOUCHED


def test_counts_other_roles_that_give_the_same(cast: Cast, as_: As, desk: MemberRole) -> None:
    cast.membership(cast.smith).roles.append(factories.role(cast.aozora, "Other", "user_viewer"))
    page = asked(as_(cast.tanaka), desk, look="1")
    assert "Nothing changes in what anybody may do." in page
    assert as_(cast.tanaka).submit(path(desk), TYPED).status_code == 302, "so nothing is asked"


def test_names_what_comes_with_what_was_ticked(cast: Cast, as_: As, desk: MemberRole) -> None:
    """S0-25."""
    gained = part(
        asked(
            as_(cast.tanaka),
            desk,
            authorities=["inquiry_user", "user_viewer", "aws_account_viewer"],
        ),
        "gains",
    )
    assert "AWS Account Viewer" in gained
    assert "Project Viewer" in gained


def test_asks_nothing_where_nobodys_authorities_change(
    cast: Cast, as_: As, desk: MemberRole
) -> None:
    """A new name is a new name; a role that nobody holds concerns nobody."""
    same = ["inquiry_user", "user_viewer"]
    assert (
        as_(cast.tanaka)
        .submit(path(desk), {"name": "Front", "description": "", "authorities": same})
        .status_code
        == 302
    )
    free = factories.role(cast.aozora, "Free", "inquiry_user")
    assert (
        as_(cast.tanaka)
        .submit(path(free), {"name": "Free", "description": "", "authorities": ["user_viewer"]})
        .status_code
        == 302
    )
    assert free.authorities == {"user_viewer"}


def test_shows_it_to_who_asks_for_it(cast: Cast, as_: As, desk: MemberRole) -> None:
    tanaka = as_(cast.tanaka)
    assert 'name="look"' in tanaka.get(path(desk)).get_data(as_text=True)
    free = factories.role(cast.aozora, "Free", "inquiry_user")
    assert "Nobody holds this role yet." in asked(
        tanaka, free, name="Free", look="1", authorities=["user_viewer"]
    )


def test_carries_what_was_typed_to_saving_and_back(cast: Cast, as_: As, desk: MemberRole) -> None:
    """Without script: every button sends the whole form again."""
    tanaka = as_(cast.tanaka)
    page = asked(
        tanaka,
        desk,
        name="Desk",
        description='Day & "night"',
        authorities=["inquiry_user", "billing_viewer"],
    )
    fields = (
        'name="name" value="Desk"',
        'name="description" value="Day &amp; &#34;night&#34;"',
        'name="authorities" value="billing_viewer"',
    )
    assert all(f'<input type="hidden" {one}>' in page for one in fields)
    form = asked(
        tanaka,
        desk,
        description='Day & "night"',
        authorities=["inquiry_user", "billing_viewer"],
        again="1",
    )
    assert "Day &amp; &#34;night&#34;" in form
    assert 'id="authorities-billing_viewer" checked' in form
    assert kept(desk) == UNTOUCHED
    assert (
        tanaka.submit(
            path(desk), TYPED | {"authorities": ["billing_viewer"], "sure": "1"}
        ).status_code
        == 302
    )
    assert kept(desk) == ("Desk", {"billing_viewer"}, 1)


def test_names_nobody_to_who_may_not_see_members(cast: Cast, as_: As, desk: MemberRole) -> None:
    """R5: the numbers, since the form names them too, but no names."""
    member = cast.membership(cast.suzuki)
    member.roles, member.authorities = (
        [],
        frozenset({"role_manager", "inquiry_user", "user_viewer"}),
    )
    cast.suzuki.language = "en"
    page = asked(as_(cast.suzuki), desk, authorities=[])
    assert "Smith" in part(page, "concerned")
    member.authorities = frozenset({"role_manager", "inquiry_user"})
    desk.authorities = frozenset({"inquiry_user"})
    page = asked(as_(cast.suzuki), desk, authorities=[])
    assert "1 member</small>" in part(page, "loses")
    assert "Smith" not in page


def test_names_twenty_and_counts_the_rest_in_as_many_statements(
    cast: Cast, as_: As, desk: MemberRole, statements: Callable[[], Statements]
) -> None:
    tanaka, counts = as_(cast.tanaka), []
    for many in (3, 25):
        for _number in range(many):
            factories.membership(factories.account(), cast.aozora, roles=[desk])
        token = tanaka.token(path(desk))
        statements()
        page = tanaka.post(path(desk), data=TYPED | {"csrf_token": token}).get_data(as_text=True)
        counts.append(len(statements()))
    assert "What 29 members may do" in page
    assert part(" ".join(page.split()), "concerned").count("Loses: ") == 20
    assert "and 9 more" in page
    assert counts[0] == counts[1] <= 12, counts


@pytest.mark.parametrize("button", [{}, {"look": "1"}, {"sure": "1"}])
def test_refuses_what_is_above_the_editor_before_it_asks(
    role_manager: Account, cast: Cast, as_: As, desk: MemberRole, button: dict[str, str]
) -> None:
    """D-1."""
    page = asked(
        as_(role_manager), desk, 403, description="Kept", authorities=["member_manager"], **button
    )
    assert "You need “Member Manager” to give it to someone." in page
    assert ASKED not in page
    assert "Kept" in page
    assert kept(desk) == UNTOUCHED


def test_says_at_the_field_what_is_wrong_before_it_asks(
    cast: Cast, as_: As, desk: MemberRole
) -> None:
    factories.role(cast.aozora, "Night")
    tanaka = as_(cast.tanaka)
    assert "Fill this in." in asked(tanaka, desk, 422, name="")
    page = asked(tanaka, desk, 409, name="Night")
    assert "There is already a role with this name." in page
    assert 'value="Night"' in page
    assert ASKED not in page
    assert kept(desk) == UNTOUCHED


@pytest.mark.parametrize("button", ["look", "again", "sure"])
def test_shows_nothing_to_whom_the_form_is_not_shown(
    cast: Cast, as_: As, role_manager: Account, client: PortalClient, desk: MemberRole, button: str
) -> None:
    """S4-09, S4-06: by every button."""
    boss = factories.role(cast.aozora, "Boss", "member_manager", "user_viewer")
    shipped = db.session.scalars(select(MemberRole).where(MemberRole.key == "viewer")).one()
    typed = TYPED | {button: "1"}
    assert as_(cast.smith).submit(path(desk), typed, page="/o/aozora/").status_code == 403
    assert as_(cast.yamada).submit(path(desk), typed, page="/o/minato/").status_code == 404
    assert as_(role_manager).submit(path(boss), typed, page="/o/aozora/").status_code == 403
    assert as_(cast.tanaka).submit(path(shipped), typed, page="/o/aozora/").status_code == 403
    assert client.submit(path(desk), typed, page="/login/").location.startswith("/login/")
    assert kept(desk) == UNTOUCHED
