"""The links in letters about a change of address: whom they let in, how often, how long. It …"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from flask import Flask
from sqlalchemy import select

from app.account_access import email_change
from app.accounts import email_undo
from app.extensions import db
from app.jobs.housekeeping import sweep
from app.models import Account, EmailChange, Letter
from tests import cast as people
from tests import factories
from tests.account_access.addresses import LINK, NEW, OLD, again, ask, changed, link, shift
from tests.accounts.conftest import As, Letters
from tests.cast import Cast
from tests.conftest import PortalClient, at_once


def test_changes_nothing_by_opening_the_links(
    cast: Cast, as_: As, letters: Letters, client: PortalClient
) -> None:
    """Programs that look into letters open links."""
    browser = ask(as_, cast.smith)
    assert NEW in browser.get(link(letters, "email_confirm", NEW)).get_data(as_text=True)
    assert again(cast.smith).email == OLD
    browser.submit(link(letters, "email_confirm", NEW))
    assert OLD in client.get(link(letters, "account_changed", OLD)).get_data(as_text=True)
    assert again(cast.smith).email == NEW


def test_lets_nobody_else_confirm(
    cast: Cast, as_: As, letters: Letters, client: PortalClient
) -> None:
    """Whoever gets the letter by mistake cannot take the account with it; a stranger signs in
    first.
    """
    ask(as_, cast.smith)
    path = link(letters, "email_confirm", NEW)
    other = as_(cast.tanaka)
    for answer in (other.get(path), other.submit(path, page="/profile/")):
        assert (answer.status_code, NEW in answer.get_data(as_text=True)) == (403, False)
    assert client.get(path).location.startswith("/login/?next=/email/confirm/")
    assert again(cast.smith).email == OLD


def test_needs_a_fresh_link(cast: Cast, as_: As, letters: Letters, now: datetime) -> None:
    """NIST SP 800-63B: 24 hours."""
    client = ask(as_, cast.smith)
    path = link(letters, "email_confirm", NEW)
    waits = db.session.scalars(select(EmailChange)).one()
    assert waits.expires_at - waits.created_at == timedelta(hours=24)
    shift(expires_at=now)
    assert client.get(path).status_code == client.submit(path, page="/profile/").status_code == 410
    assert client.get("/email/confirm/nonsense").status_code == 410
    assert client.get("/email/undo/nonsense").status_code == 410


def test_keeps_digests_of_its_links_only(cast: Cast, as_: As, letters: Letters) -> None:
    """Whoever reads the database has no link."""
    changed(as_, cast.smith, letters)
    row = db.session.scalars(select(EmailChange)).one()
    for path in (link(letters, "email_confirm", NEW), link(letters, "account_changed", OLD)):
        assert path.rpartition("/")[2] not in (row.token_digest, row.undo_digest)


def test_takes_each_link_once_of_two_at_once(each_app: Flask) -> None:
    cast, now = people.assemble(), datetime.now(UTC)
    email_change.request_change(
        cast.smith, NEW, by=factories.seat(cast.membership(cast.smith)), now=now
    )
    db.session.commit()
    smith_id, letters = (
        cast.smith.id,
        lambda kind: db.session.scalars(
            select(Letter).where(Letter.kind == kind).order_by(Letter.id)
        ).all(),
    )
    token = LINK.search(letters("email_confirm")[0].text)[1].rpartition("/")[2]  # type: ignore[index]

    def confirm() -> str:
        seat = factories.seat(db.session.get_one(Account, smith_id).memberships[0])
        email_change.confirm(token, by=seat, now=now)
        db.session.commit()
        return "confirmed"

    db.session.remove()
    found = at_once(each_app, confirm, confirm)
    assert sorted(type(one).__name__ for one in found) == ["EmailLinkOver", "str"], found
    undo = next(
        match[1] for letter in letters("account_changed") if (match := LINK.search(letter.text))
    ).rpartition("/")[2]

    def take_back() -> str:
        email_undo.undo(undo, now=now)
        db.session.commit()
        return "undone"

    db.session.remove()
    found = at_once(each_app, take_back, take_back)
    assert sorted(type(one).__name__ for one in found) == ["EmailLinkOver", "str"], found
    assert db.session.get_one(Account, smith_id).email == OLD


def test_goes_a_month_later(cast: Cast, as_: As, letters: Letters) -> None:
    changed(as_, cast.smith, letters)
    assert sweep(datetime.now(UTC) + timedelta(days=29))["email_change"] == 0
    assert sweep(datetime.now(UTC) + timedelta(days=31))["email_change"] == 1
