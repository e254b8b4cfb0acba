"""What the log says of a deleted account is never said of somebody else (T2-103). It …"""

from __future__ import annotations

import pytest
from flask import Flask

from app.accounts import service as accounts
from app.accounts.policy import LoginIdRetired
from app.extensions import db
from app.models import Account, Membership
from app.offers.offer import Offer
from app.service_accounts import service as service_accounts
from tests import cast as people
from tests import factories
from tests.conftest import PortalClient
from tests.members.conftest import As, built_in


def register(login_id: str) -> Account:
    return accounts.register_account(
        family_name="Mori",
        given_name="Ken",
        email="mori@example.com",
        login_id=login_id,
        language="en",
        time_zone="Asia/Tokyo",
        now=factories.NOW,
    )


def delete(who: Account) -> int:
    gone = who.id
    db.session.delete(who)
    db.session.commit()
    return gone


def test_gives_no_id_again(each_app: Flask) -> None:
    gone = delete(factories.account("kato"))
    assert register("mori").id > gone


@pytest.mark.parametrize("spelling", ["kato", "KATO", "Kato"])
def test_gives_no_login_id_again_however_it_is_written(each_app: Flask, spelling: str) -> None:
    delete(factories.account("kato"))
    with pytest.raises(LoginIdRetired, match="A deleted account had this login ID"):
        register(spelling)
    assert register("kato2")


def test_gives_no_login_id_again_to_whoever_renames_themselves(each_app: Flask) -> None:
    cast = people.assemble()
    delete(factories.account("kato"))
    with pytest.raises(LoginIdRetired):
        accounts.edit_identity(cast.smith, by=cast.smith, now=factories.NOW, login_id="kato")


def test_gives_no_login_id_of_a_service_account_again(each_app: Flask) -> None:
    cast = people.assemble()
    seat = factories.seat(cast.membership(cast.tanaka))
    offer = Offer(roles=(built_in("viewer"),))

    def make() -> Membership:
        return service_accounts.create(
            cast.aozora, name="Nightly", offer=offer, by=seat, now=factories.NOW
        )

    delete(make().account)
    assert make().account.login_id == "nightly-2"


def test_deletes_the_same_login_id_twice(each_app: Flask) -> None:
    """From before they were kept, one may have been given again."""
    delete(factories.account("kato"))
    delete(factories.account("kato"))
    with pytest.raises(LoginIdRetired):
        register("kato")


def test_says_so_at_the_field(as_: As) -> None:
    cast = people.assemble()
    delete(factories.account("kato"))
    root: PortalClient = as_(cast.root)
    answer = root.submit(
        "/accounts/add",
        {
            "family_name": "Mori",
            "given_name": "Ken",
            "email": "mori@example.com",
            "login_id": "Kato",
            "language": "en",
            "time_zone": "Asia/Tokyo",
        },
    )
    page = answer.get_data(as_text=True)
    assert "A deleted account had this login ID. Choose a different one." in page
