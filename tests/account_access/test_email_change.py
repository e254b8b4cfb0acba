"""Changing one's own e-mail address, confirmed from the new one; verifying the one that one has.
It …
"""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from app.extensions import db
from app.kernel.errors import Refusal
from app.models import Activity, EmailChange, LinkPurpose, PasswordLink
from app.outbox import service as outbox
from app.passwords import links
from tests import factories
from tests.account_access.addresses import NEW, OLD, PAGE, again, ask, link
from tests.accounts.conftest import As, Letters
from tests.cast import Cast
from tests.conftest import PortalClient
from tests.factories import PASSWORD


def test_keeps_the_old_address_until_the_new_one_is_confirmed(
    cast: Cast, as_: As, letters: Letters, client: PortalClient
) -> None:
    """S2-25: the new address gets a link, the old one is told at once and signs in until then."""
    ask(as_, cast.smith)
    assert [letter.recipient for letter in letters("email_confirm")] == [NEW]
    told = letters("email_change_asked")[0]
    assert (told.recipient, NEW in told.text) == (OLD, False)
    assert again(cast.smith).email == OLD
    assert client.submit("/login/", {"login_id": NEW, "password": PASSWORD}).status_code == 401
    assert client.submit("/login/", {"login_id": OLD, "password": PASSWORD}).location == "/"


def test_takes_the_new_address_when_it_is_confirmed(cast: Cast, as_: As, letters: Letters) -> None:
    """S2-25, D-C3: verified by it; links sent to the old one die; both are told; the link works
    once.
    """
    links.new_link(cast.smith, LinkPurpose.FORGOTTEN, now=datetime.now(UTC))
    client = ask(as_, cast.smith)
    path = link(letters, "email_confirm", NEW)
    assert client.submit(path).location == "/profile/"
    smith = again(cast.smith)
    assert smith.email == NEW
    assert smith.email_verified_at is not None
    assert {letter.recipient for letter in letters("account_changed")} == {OLD, NEW}
    assert db.session.scalars(select(PasswordLink)).one().used_at is not None
    assert client.get(path).status_code == 410
    line = db.session.scalars(select(Activity).where(Activity.event == "account_edited")).one()
    assert line.details["changes"] == {"email": [OLD, NEW]}


def test_has_one_change_waiting_at_most(cast: Cast, as_: As, letters: Letters) -> None:
    client = ask(as_, cast.smith)
    first = link(letters, "email_confirm", NEW)
    client.submit(PAGE, {"email": "jack@new.example"})
    assert client.get(first).status_code == 410
    page = client.get("/profile/").get_data(as_text=True)
    assert "jack@new.example" in page
    assert NEW not in page


def test_sends_the_letter_again_with_another_link(cast: Cast, as_: As, letters: Letters) -> None:
    client = ask(as_, cast.smith)
    first = link(letters, "email_confirm", NEW)
    client.submit(f"{PAGE}resend", page="/profile/")
    assert len(letters("email_confirm")) == 2
    assert len(letters("email_change_asked")) == 1, "the old address is told once"
    assert client.get(first).status_code == 410
    assert client.submit(link(letters, "email_confirm", NEW)).location == "/profile/"


def test_can_be_cancelled(cast: Cast, as_: As, letters: Letters) -> None:
    client = ask(as_, cast.smith)
    client.submit(f"{PAGE}cancel", page="/profile/")
    assert client.get(link(letters, "email_confirm", NEW)).status_code == 410
    assert NEW not in client.get("/profile/").get_data(as_text=True)
    for verb in ("cancel", "resend"):
        assert "cannot find" in client.submit(
            f"{PAGE}{verb}", page="/profile/", follow_redirects=True
        ).get_data(as_text=True)


@pytest.mark.parametrize(
    ("typed", "status"),
    [
        ("nonsense", 422),
        ("", 422),
        ("a@b\r\nBcc: c@d.example", 422),
        ("a\x00@example.com", 422),
        ("x" * 250 + "@example.com", 422),
        ("TANAKA@aozora.example", 409),
        ("smith@example.com", 409),
    ],
)
def test_refuses_bad_entries_at_their_field(
    cast: Cast, as_: As, letters: Letters, typed: str, status: int
) -> None:
    """S2-26: nothing is sent."""
    answer = as_(cast.smith).submit(PAGE, {"email": typed})
    assert (answer.status_code, 'id="email-error"' in answer.get_data(as_text=True)) == (
        status,
        True,
    )
    assert letters() == []


def test_refuses_an_address_that_was_taken_meanwhile(cast: Cast, as_: As, letters: Letters) -> None:
    client = ask(as_, cast.smith)
    path = link(letters, "email_confirm", NEW)
    cast.newcomer.email = NEW
    answer = client.submit(path)
    assert (
        answer.status_code,
        "Another account has this e-mail address." in answer.get_data(as_text=True),
    ) == (409, True)
    assert again(cast.smith).email == OLD


def test_sends_letters_by_the_dozen_to_nobody(cast: Cast, as_: As) -> None:
    """ASVS 6.3.1, 2.4.1: five an hour for an account, and to an address."""
    client = as_(cast.smith)
    statuses = [
        client.submit(PAGE, {"email": f"j{one}@new.example"}).status_code for one in range(6)
    ]
    assert statuses == [302] * 5 + [429]
    several = [
        as_(factories.account(f"p{one}")).submit(PAGE, {"email": NEW}).status_code
        for one in range(6)
    ]
    assert several == [302] * 5 + [429]


def test_verifies_the_address_that_one_has(cast: Cast, as_: As, letters: Letters) -> None:
    """S2-25: an address that somebody else entered can be verified from the profile."""
    cast.smith.email_verified_at = None
    client = as_(cast.smith)
    assert f"{PAGE}verify" in client.get("/profile/").get_data(as_text=True)
    client.submit(f"{PAGE}verify", page="/profile/")
    assert letters("email_change_asked") == []
    assert client.submit(link(letters, "email_confirm", OLD)).location == "/profile/"
    assert again(cast.smith).email_verified_at is not None
    assert f"{PAGE}verify" not in client.get("/profile/").get_data(as_text=True)
    assert letters("account_changed") == [], "nothing changed"
    answer = client.submit(f"{PAGE}verify", page="/profile/", follow_redirects=True)
    assert "verified already" in answer.get_data(as_text=True)


@pytest.mark.parametrize("path", [PAGE, f"{PAGE}verify", f"{PAGE}resend", f"{PAGE}cancel"])
def test_asks_a_stranger_to_sign_in(cast: Cast, client: PortalClient, path: str) -> None:
    assert client.submit(path, {"email": NEW}, page="/login/").location.startswith("/login/")


def test_changes_nothing_when_the_letter_cannot_be_written(
    cast: Cast, as_: As, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R8: a change without its letter would be a change nobody can confirm."""
    monkeypatch.setattr(outbox, "travel_address", lambda _address: (_ for _ in ()).throw(Refusal()))
    assert as_(cast.smith).submit(PAGE, {"email": NEW}).status_code == 400
    assert db.session.scalars(select(EmailChange)).all() == []
