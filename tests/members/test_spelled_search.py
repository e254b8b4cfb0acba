"""People are found by either spelling of the domain of their address (T2-11). It …"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from app.models import Account
from tests import factories
from tests.cast import Cast
from tests.conftest import PortalClient

As = Callable[[Account], PortalClient]
KEPT = "kokusai@日本語.example.jp"


@pytest.mark.parametrize(
    "words",
    [
        KEPT,
        "kokusai@xn--wgv71a119e.example.jp",
        "Kokusai@XN--WGV71A119E.example.jp",
        "xn--wgv71a119e.example.jp",
        "＠ｘｎ－－ｗｇｖ７１ａ１１９ｅ。example.jp",
    ],
)
def test_finds_the_member_and_the_account(as_: As, cast: Cast, words: str) -> None:
    """T2-11: as invitations are found."""
    found = factories.account("kokusai", email=KEPT)
    factories.membership(found, cast.aozora)
    members = as_(cast.tanaka).get("/o/aozora/members/list/", query_string={"q": words})
    accounts = as_(cast.root).get("/accounts/list/", query_string={"q": words})
    for answer in (members, accounts):
        page = answer.get_data(as_text=True)
        assert KEPT in page
        assert cast.smith.email not in page


def test_still_finds_names(as_: As, cast: Cast) -> None:
    """T2-11: what is no address is searched as it stands."""
    page = as_(cast.tanaka).get("/o/aozora/members/list/?q=xn--Smith").get_data(as_text=True)
    assert cast.smith.email not in page
    assert cast.smith.email in as_(cast.tanaka).get("/o/aozora/members/list/?q=SMITH").get_data(
        as_text=True
    )
