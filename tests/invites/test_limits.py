"""How many invitations leave in a day: of an organization, and to one address. It …"""

from __future__ import annotations

from collections.abc import Callable

from app.extensions import db
from app.invites import addresses
from app.models import Account, Letter
from tests.cast import Cast
from tests.conftest import PortalClient
from tests.invites.conftest import ADD, given, sent

As = Callable[[Account], PortalClient]
Letters = Callable[..., list[Letter]]
LIST = "/o/aozora/invites/list/"


def test_sends_ten_to_one_address_whoever_sends_them(cast: Cast, as_: As, letters: Letters) -> None:
    """ASVS 2.4.1: those that are sent again count, and those of other organizations."""
    tanaka, elsewhere = as_(cast.tanaka), ADD.replace("aozora", "minato")
    tanaka.submit(ADD, given("emma@example.com"))
    resend = f"/o/aozora/invites/action/resend/{sent()[0].id}"
    for _time in range(9):
        tanaka.submit(resend, page=LIST)
    assert len(letters("invite")) == 10
    tanaka.submit(resend, page=LIST)
    assert (
        "Too many invitations were sent to one of these addresses today." in tanaka.get(LIST).text
    )
    refused = as_(cast.yamada).submit(elsewhere, given("EMMA@example.com"))
    assert (
        refused.status_code == 429
        and "Too many invitations were sent to one of these addresses today." in refused.text
    )
    assert len(letters("invite")) == 10 and len(sent()) == 1
    assert as_(cast.yamada).submit(elsewhere, given("liam@example.com")).status_code == 302


def test_sends_a_thousand_for_an_organization(cast: Cast, as_: As) -> None:
    """ASVS 2.4.1: what is refused counts for nothing."""
    addresses.PER_ORGANIZATION.spend(cast.aozora.id, 999)
    db.session.commit()
    tanaka = as_(cast.tanaka)
    refused = tanaka.submit(ADD, given("emma@example.com liam@example.com"))
    assert (
        refused.status_code == 429
        and "Too many invitations were sent for this organization today." in refused.text
    )
    assert sent() == []
    assert tanaka.submit(ADD, given("emma@example.com")).status_code == 302
    assert (
        as_(cast.yamada)
        .submit(ADD.replace("aozora", "minato"), given("liam@example.com"))
        .status_code
        == 302
    )
