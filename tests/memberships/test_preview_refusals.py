"""What an edit of a membership may not do is refused where it was typed, before anything is asked.
It …
"""

from __future__ import annotations

import pytest

from app.models import Account
from tests.cast import Cast
from tests.conftest import PortalClient
from tests.members.conftest import BASE, As, fingerprint, offered, summary_leads_to
from tests.memberships.previewing import ASKED, asked


def test_refuses_at_the_field_what_is_above_the_editor(
    co_admin: Account, cast: Cast, as_: As
) -> None:
    """D-1: asked or not."""
    address = f"{BASE}/edit/{cast.membership(cast.smith).id}"
    before = fingerprint()
    for button in ({}, {"look": "1"}, {"sure": "1"}):
        page = asked(as_(co_admin), address, offered(type="power") | button, 403)
        assert "Only a power user can make someone a power user." in page
        assert ASKED not in page
    assert fingerprint() == before


def test_keeps_what_was_typed_where_something_is_wrong(tanaka: PortalClient, edit: str) -> None:
    page = asked(tanaka, edit, offered(authorities=["billing_viewer"], roles=["99999"]), 422)
    assert ASKED not in page
    assert summary_leads_to("roles", page)
    assert 'id="authorities-billing_viewer" checked' in page


def test_keeps_the_last_power_user_before_it_asks(cast: Cast, as_: As) -> None:
    """D-2."""
    page = asked(
        as_(cast.tanaka),
        f"{BASE}/edit/{cast.membership(cast.tanaka).id}",
        offered(preset="all"),
        409,
    )
    assert "The last power user cannot be" in page
    assert 'value="all" checked' in page


@pytest.mark.parametrize("button", ["look", "again", "sure"])
def test_shows_nothing_to_whom_the_form_is_not_shown(
    cast: Cast, as_: As, co_admin: Account, edit: str, button: str
) -> None:
    """S4-09, D-1: by every button."""
    typed = offered(**{button: "1"})
    before = fingerprint()
    assert as_(cast.smith).submit(edit, typed, page="/o/aozora/").status_code == 403
    assert as_(cast.yamada).submit(edit, typed, page="/o/minato/").status_code == 404
    assert (
        as_(co_admin)
        .submit(f"{BASE}/edit/{cast.membership(cast.tanaka).id}", typed, page="/o/aozora/")
        .status_code
        == 403
    )
    assert fingerprint() == before


def test_asks_strangers_to_sign_in(cast: Cast, client: PortalClient, edit: str) -> None:
    assert client.submit(edit, offered(look="1"), page="/login/").location.startswith("/login/")
