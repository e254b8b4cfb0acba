"""Which entry of a request counts: the first of two, and none of a form's in the address. It …"""

from __future__ import annotations

import pytest

from tests import factories
from tests.cast import Cast
from tests.conftest import PortalClient


@pytest.mark.parametrize(
    ("twice", "status"),
    [
        ([("login_id", "smith"), ("login_id", "tanaka"), ("password", factories.PASSWORD)], 302),
        ([("login_id", "nobody"), ("login_id", "smith"), ("password", factories.PASSWORD)], 401),
        ([("login_id", "smith"), ("password", "wrong"), ("password", factories.PASSWORD)], 401),
    ],
)
def test_takes_the_first_of_two_entries_of_one_name(
    cast: Cast, client: PortalClient, twice: list[tuple[str, str]], status: int
) -> None:
    """ASVS 15.3.7."""
    from urllib.parse import urlencode

    body = urlencode([("csrf_token", client.token("/login/")), *twice])
    address = "/login/?login_id=smith&password=" + factories.PASSWORD
    assert (
        client.post(
            address, data=body, content_type="application/x-www-form-urlencoded"
        ).status_code
        == status
    )


def test_takes_no_entry_of_a_form_from_the_address(cast: Cast, client: PortalClient) -> None:
    """ASVS 15.3.7, 14.2.1: a password in an address signs nobody in."""
    token = client.token("/login/")
    assert (
        client.post(
            f"/login/?login_id=smith&password={factories.PASSWORD}", data={"csrf_token": token}
        ).status_code
        == 422
    )
