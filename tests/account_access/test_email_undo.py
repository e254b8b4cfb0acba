"""Taking a change of address back, from the old address. It …"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from app.account_access import email_change
from app.accounts import service as accounts
from app.extensions import db
from app.models import Activity, EmailChange, LinkPurpose, PasswordLink
from app.passwords import links
from tests.account_access.addresses import LINK, NEW, OLD, again, ask, changed, link, shift
from tests.accounts.conftest import As, Letters
from tests.cast import Cast
from tests.conftest import PortalClient
from tests.factories import PASSWORD


def test_lets_the_old_address_take_the_change_back(
    cast: Cast, as_: As, letters: Letters, client: PortalClient
) -> None:
    """Sessions end, links and the password die, and a new one is set at once: whoever changed the
    address may know them.
    """
    thief = changed(as_, cast.smith, letters)
    links.new_link(cast.smith, LinkPurpose.FORGOTTEN, now=datetime.now(UTC))
    path = link(letters, "account_changed", OLD)
    answer = client.submit(path)
    assert re.fullmatch(r"/password/set/[\w-]+", answer.location)
    smith = again(cast.smith)
    assert (smith.email, smith.password_hash) == (OLD, None)
    assert smith.email_verified_at is not None
    assert thief.get("/profile/").location.startswith("/login/")
    assert client.submit("/login/", {"login_id": "smith", "password": PASSWORD}).status_code == 401
    assert [
        one.used_at is None
        for one in db.session.scalars(select(PasswordLink).order_by(PasswordLink.id))
    ] == [False, True]
    assert client.submit(answer.location, {"password": "Purple-Giraffe-41"}).status_code == 302
    assert client.get(path).status_code == 410, "once"
    assert (
        db.session.scalar(select(Activity).where(Activity.event == "account_email_undone"))
        is not None
    )


def test_gives_the_way_back_for_72_hours(
    cast: Cast, as_: As, letters: Letters, client: PortalClient, now: datetime
) -> None:
    changed(as_, cast.smith, letters)
    row = db.session.scalars(select(EmailChange)).one()
    assert row.confirmed_at
    assert row.undo_until == row.confirmed_at + timedelta(hours=72)
    shift(undo_until=now)
    assert client.get(link(letters, "account_changed", OLD)).status_code == 410


def test_takes_later_changes_back_too(
    cast: Cast, as_: As, letters: Letters, client: PortalClient
) -> None:
    """A thief who changes twice does not get the way back from the address in between."""
    changed(as_, cast.smith, letters)
    changed(as_, cast.smith, letters, "third@new.example")
    ask(as_, cast.smith, "fourth@new.example")
    thief = link(letters, "account_changed", NEW)
    client.submit(link(letters, "account_changed", OLD))
    assert again(cast.smith).email == OLD
    assert client.get(thief).status_code == 410
    assert email_change.waiting(cast.smith, now=datetime.now(UTC)) is None


def test_gives_no_way_back_to_the_suspended_nor_to_an_address_taken_since(
    cast: Cast, as_: As, letters: Letters, client: PortalClient
) -> None:
    changed(as_, cast.smith, letters)
    path = link(letters, "account_changed", OLD)
    cast.newcomer.email = OLD
    assert client.submit(path, page="/login/").status_code == 409
    assert again(cast.smith).password_hash, "nothing half done"
    cast.smith.suspended_at = datetime.now(UTC)
    assert client.get(path).status_code == 410


def test_tells_the_old_address_of_a_managed_account_too(
    cast: Cast, as_: As, letters: Letters, client: PortalClient
) -> None:
    """D-C3: those who manage an account change its address at once, for they vouch; its owner can
    take that back.
    """
    cast.smith.managed_by = cast.aozora
    sent = {
        "family_name": "Smith",
        "given_name": "John",
        "email": NEW,
        "login_id": "smith",
        "language": "en",
        "notifications": "y",
    }
    as_(cast.tanaka).submit(f"/o/aozora/members/account/{cast.membership(cast.smith).id}", sent)
    assert again(cast.smith).email == NEW
    assert letters("email_confirm") == []
    client.submit(link(letters, "account_changed", OLD))
    assert again(cast.smith).email == OLD


def test_gives_an_address_that_nobody_verified_no_way_back(
    cast: Cast, letters: Letters, now: datetime
) -> None:
    """A mistyped address may be a stranger's, who would get the account with it."""
    cast.smith.email_verified_at = None
    accounts.edit_identity(cast.smith, email=NEW, by=cast.root, now=now)
    db.session.commit()
    assert len(letters("account_changed", to=OLD)) == 1
    assert not LINK.search(letters("account_changed", to=OLD)[0].text)
