"""Before an edit of a membership is saved: what the member gains and loses. It …"""

from __future__ import annotations

import re

from app.access.authorities import CATALOGUE
from app.extensions import db
from app.models import Account, InviteStatus, MemberRole, MemberType
from tests import factories
from tests.cast import Cast
from tests.conftest import PortalClient
from tests.members.conftest import BASE, As, Statements, built_in, fingerprint, of, offered
from tests.memberships.previewing import ASKED, asked

HIDDEN = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)">')


def part(page: str, heading: str) -> str:
    """What stands under a heading; "" where it does not stand there."""
    found = re.search(rf'<section class="my-4" aria-labelledby="{heading}">(.*?)</section>', page)
    return found[1] if found else ""


def carried(page: str) -> dict[str, list[str]]:
    """What the page sends along when one of its buttons is pressed, without script."""
    form = (
        page[page.index('name="sure"') - 4000 : page.index('name="sure"')]
        if 'name="sure"' in page
        else page
    )
    found: dict[str, list[str]] = {}
    for name, value in HIDDEN.findall(form[form.rindex("<form") :]):
        found.setdefault(name, []).append(value)
    return found


# what it shows


def test_shows_what_is_gained_and_lost_and_saves_nothing_yet(
    tanaka: PortalClient, edit: str
) -> None:
    before = fingerprint()
    page = asked(tanaka, edit, offered(authorities=["billing_viewer"]))
    assert ASKED in page
    assert "User Viewer" in part(page, "loses")
    assert "Billing Viewer" in part(page, "gains")
    assert str(CATALOGUE["user_viewer"].description) in part(page, "loses"), "and what it unlocks"
    assert fingerprint() == before


def test_counts_what_roles_give(
    tanaka: PortalClient, cast: Cast, edit: str, desk: MemberRole
) -> None:
    """What a role gives as well is not lost."""
    desk.authorities = frozenset({"user_viewer", "inquiry_user"})
    bills = {"authorities": ["billing_viewer"]}
    assert tanaka.submit(edit, offered(roles=[str(desk.id)], **bills)).status_code == 302
    page = asked(tanaka, edit, offered(**bills))
    assert "User Viewer" in part(page, "loses")
    assert "Inquiry" in part(page, "loses")
    assert part(page, "gains") == ""


def test_names_what_comes_with_what_was_ticked(tanaka: PortalClient, edit: str) -> None:
    """S0-25."""
    page = part(asked(tanaka, edit, offered(authorities=["aws_account_viewer"])), "gains")
    assert "AWS Account Viewer" in page
    assert "Project Viewer" in page


def test_asks_in_the_readers_language(cast: Cast, as_: As, edit: str) -> None:
    cast.tanaka.language = "ja_JP"
    page = asked(as_(cast.tanaka), edit, offered())
    assert 'lang="ja"' in page
    assert "鈴木 一郎" in page


def test_says_that_power_comes_with_everything(tanaka: PortalClient, edit: str) -> None:
    page = asked(tanaka, edit, offered(type="power"))
    assert "They become a power user" in page
    assert "Member Manager" in part(page, "gains")


def test_says_that_power_ends_and_which_invitations_fall(
    tanaka: PortalClient, cast: Cast, second: Account
) -> None:
    """D-1: what they promised and may no longer give."""
    invite, _token = factories.invite(cast.aozora, "a@example.com", second, type=MemberType.POWER)
    factories.invite(cast.aozora, "b@example.com", second, authorities=frozenset({"user_viewer"}))
    member = of(second)
    assert member
    less = offered(authorities=["user_viewer", "member_manager"])
    page = asked(tanaka, f"{BASE}/edit/{member.id}", less)
    assert "They are no power user any more" in page
    assert "1 pending invitation they sent promises more than they may still give." in page
    assert db.session.get_one(type(invite), invite.id).status is InviteStatus.PENDING
    page = asked(tanaka, f"{BASE}/edit/{member.id}", offered(authorities=["user_viewer"]))
    assert "2 pending invitations they sent promise more" in page, "T2-96: they invite no more"


def test_says_that_nothing_would_be_left(tanaka: PortalClient, edit: str) -> None:
    """D-C7, D-C13, S4-05."""
    page = tanaka.submit(edit, offered()).get_data(as_text=True)
    assert (
        "No role and no authority would be left, so the person is removed from the organization."
    ) in page


def test_warns_those_who_weaken_themselves(
    tanaka: PortalClient, cast: Cast, second: Account
) -> None:
    page = asked(tanaka, f"{BASE}/edit/{cast.membership(cast.tanaka).id}", offered(preset="all"))
    assert "These are your own authorities." in page


def test_says_of_suspended_members_when_it_takes_effect(tanaka: PortalClient, cast: Cast) -> None:
    """D-3: what they hold again when they are back."""
    member = cast.membership(cast.sato)
    member.authorities = frozenset({"user_viewer"})
    page = asked(tanaka, f"{BASE}/edit/{member.id}", offered(authorities=["billing_viewer"]))
    assert "It takes effect when the member is reinstated." in page
    assert "User Viewer" in part(page, "loses")


# when it asks


def test_asks_nothing_where_something_is_only_given(
    tanaka: PortalClient, cast: Cast, edit: str
) -> None:
    """B-05: what is done all day takes one press."""
    assert (
        tanaka.submit(edit, offered(authorities=["user_viewer", "billing_viewer"])).status_code
        == 302
    )
    member = of(cast.suzuki)
    assert member
    assert member.authorities == {"user_viewer", "billing_viewer"}


def test_shows_it_to_who_asks_for_it(tanaka: PortalClient, edit: str) -> None:
    assert 'name="look"' in tanaka.get(edit).get_data(as_text=True)
    before = fingerprint()
    assert "Billing Viewer" in part(
        asked(tanaka, edit, offered(authorities=["user_viewer", "billing_viewer"], look="1")),
        "gains",
    )
    assert "Nothing changes in what this member may do." in asked(
        tanaka, edit, offered(authorities=["user_viewer"], look="1")
    )
    assert fingerprint() == before


# the way on, without script


def test_saves_what_was_typed_when_it_is_sure(
    tanaka: PortalClient, cast: Cast, edit: str, desk: MemberRole
) -> None:
    """S0-36: the hidden fields hold everything, several roles too."""
    viewer = built_in("viewer")
    page = asked(
        tanaka,
        edit,
        offered(roles=[str(desk.id), str(viewer.id)], authorities=["invoice_downloader"], look="1"),
    )
    again = tanaka.post(edit, data=carried(page) | {"sure": "1"})
    assert again.location == f"{BASE}/show/{cast.membership(cast.suzuki).id}"
    member = of(cast.suzuki)
    assert member
    assert (set(member.roles), member.authorities) == ({desk, viewer}, {"invoice_downloader"})


def test_goes_back_to_the_form_as_it_was_typed(
    tanaka: PortalClient, edit: str, desk: MemberRole
) -> None:
    before = fingerprint()
    page = asked(tanaka, edit, offered(roles=[str(desk.id)], authorities=["billing_viewer"]))
    form = tanaka.post(edit, data=carried(page) | {"again": "1"}).get_data(as_text=True)
    assert f'id="roles-{desk.id}" checked' in form
    assert 'id="authorities-billing_viewer" checked' in form
    assert 'id="authorities-user_viewer" checked' not in form
    assert fingerprint() == before


def test_leads_back_to_the_member(tanaka: PortalClient, cast: Cast, edit: str) -> None:
    assert f'href="{BASE}/show/{cast.membership(cast.suzuki).id}"' in asked(tanaka, edit, offered())


def test_costs_the_same_however_many_invitations(
    tanaka: PortalClient, cast: Cast, second: Account, statements: Statements
) -> None:
    member = of(second)
    assert member
    counts = []
    for number in range(1, 8, 3):
        for more in range(number):
            factories.invite(
                cast.aozora,
                f"p{number}{more}@example.com",
                second,
                authorities=frozenset({"billing_viewer"}),
            )
        token = tanaka.token(f"{BASE}/list/")
        statements()
        tanaka.post(f"{BASE}/edit/{member.id}", data=offered(preset="accounting", csrf_token=token))
        counts.append(len(statements()))
    assert len(set(counts)) == 1, counts
