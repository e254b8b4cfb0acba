"""Roles one by one, in the list and on a member's page: + gives, × takes away (S4-16, S4-17).
It …
"""

from __future__ import annotations

import re

import pytest

from app.models import Account, MemberRole
from tests import factories
from tests.cast import Cast
from tests.conftest import PortalClient
from tests.members.conftest import BASE, As, built_in, fingerprint, is_member, roles_of, text


def test_opens_the_available_roles_in_the_row(
    tanaka: PortalClient, viewer: int, desk: MemberRole
) -> None:
    """S4-16: + leads to the same list with this row's menu open, filters and all."""
    page = text(tanaka, "/list/?type=general&page_size=50")
    [link] = re.findall(r'data-give="([^"]*)"', page)
    assert link == "?type=general&amp;page_size=50&amp;give=0#give"
    opened = text(tanaka, f"/list/{link.replace('&amp;', '&').replace('give=0', f'give={viewer}')}")
    offers = re.findall(
        r'name="role" value="(\d+)" formaction="([^"]+)"',
        opened.split('id="give"')[1].split("</details>")[0],
    )
    assert (str(desk.id), f"{BASE}/give-role/{viewer}") in offers
    assert str(built_in("viewer").id) not in dict(offers), (
        "what the member has is not offered again"
    )


def test_gives_a_role_from_the_list_and_comes_back_to_it(
    tanaka: PortalClient, cast: Cast, viewer: int, desk: MemberRole
) -> None:
    """S4-16, S4-12."""
    back = f"{BASE}/list/?type=general"
    answer = tanaka.submit(
        f"{BASE}/give-role/{viewer}", {"role": str(desk.id), "next": back}, page=back
    )
    assert answer.location == back
    assert roles_of(cast.smith) == ["Help desk", "Viewer"]
    assert "John Smith now has the role Help desk." in text(tanaka, back)


def test_takes_a_role_away_from_the_list(
    tanaka: PortalClient, cast: Cast, viewer: int, desk: MemberRole
) -> None:
    """S4-17."""
    cast.membership(cast.smith).roles.append(desk)
    page = text(tanaka, "/list/?q=smith")
    assert f"data-role={desk.id}><span>" in page
    assert f'data-take="{BASE}/take-role/0"' in page
    assert f'name="role" value="{desk.id}" formaction="{BASE}/take-role/{viewer}"' in text(
        tanaka, f"/list/?give={viewer}"
    )
    tanaka.submit(f"{BASE}/take-role/{viewer}", {"role": str(desk.id)}, page=f"{BASE}/list/")
    assert roles_of(cast.smith) == ["Viewer"]


def test_offers_both_on_the_member_s_page(
    tanaka: PortalClient, viewer: int, desk: MemberRole
) -> None:
    page = text(tanaka, f"/show/{viewer}")
    assert f'action="{BASE}/take-role/{viewer}"' in page
    assert f'action="{BASE}/give-role/{viewer}"' in page


def test_shows_a_user_viewer_neither(as_: As, cast: Cast, viewer: int) -> None:
    """S0-35."""
    for path in ("/list/", f"/list/?give={viewer}", f"/show/{viewer}"):
        page = text(as_(cast.suzuki), path)
        assert "take-role" not in page
        assert "give-role" not in page
        assert 'class="add"' not in page


def test_offers_only_roles_that_one_may_give(
    as_: As, co_admin: Account, viewer: int, desk: MemberRole
) -> None:
    """D-1, S3-03: a Co-admin makes nobody an Admin."""
    page = text(as_(co_admin), f"/list/?give={viewer}")
    menu = page.split('id="give"')[1].split("</details>")[0]
    assert "Asset manager" in menu
    assert ">Admin<" not in menu
    assert ">Help desk<" in menu, "ordinary, held or not"


@pytest.mark.parametrize("path", ["give-role", "take-role", "last-role"])
def test_knows_no_role_of_another_organization(
    tanaka: PortalClient, cast: Cast, viewer: int, path: str
) -> None:
    """S0-01."""
    foreign = factories.role(cast.minato, "Harbour", "billing_viewer")
    before = fingerprint()
    for role in (str(foreign.id), "99999", "x", ""):
        assert (
            tanaka.submit(
                f"{BASE}/{path}/{viewer}", {"role": role}, page=f"{BASE}/list/"
            ).status_code
            == 404
        )
    assert fingerprint() == before


def test_lists_two_roles_and_how_many_more(
    tanaka: PortalClient, cast: Cast, viewer: int, desk: MemberRole
) -> None:
    cast.membership(cast.smith).roles += [desk, built_in("editor")]
    page = text(tanaka, "/list/?q=smith")
    assert ">+1</span>" in page
    assert "+1" not in text(tanaka, f"/list/?q=smith&give={viewer}"), (
        "with the menu open all of them can be taken away"
    )


def test_removes_nobody_for_a_head(tanaka: PortalClient, cast: Cast, viewer: int) -> None:
    """No token is asked of a HEAD, so it may do what a GET does."""
    assert tanaka.head(f"{BASE}/last-role/{viewer}?role={built_in('viewer').id}").status_code == 200
    assert is_member(cast.smith, cast.aozora)
