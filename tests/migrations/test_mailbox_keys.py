"""Keys of addresses become one per mailbox: nobody is merged, and whoever loses a key is named."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask_migrate import downgrade
from flask_migrate import upgrade as migrate_up
from sqlalchemy import text

from app.accounts import service as accounts
from app.database import MIGRATIONS
from app.extensions import db
from app.kernel.addresses import email_key
from app.kernel.clock import utcnow
from app.models import Account, Invite, InviteStatus, Membership
from app.setup import checks
from app.upgrade import upgrade
from tests import factories
from tests.migrations.databases import Database

PUNYCODE, UNICODE = "kokusai@xn--wgv71a119e.example.jp", "kokusai@日本語.example.jp"


@pytest.fixture
def old(database: Database) -> None:
    """A database of before, with addresses in every spelling that was taken then."""
    database.begin(upgrade, _fill, _go_down, _as_before)


def _go_down() -> None:
    downgrade(directory=str(MIGRATIONS), revision="0005")


def _fill() -> None:
    here = factories.organization("aozora")
    people = {name: factories.account(name) for name in ("first", "second", "dot", "strasse")}
    for one in people.values():
        factories.membership(one, here, power=True)
    for number in range(2):
        sent_at = utcnow() + timedelta(seconds=number)
        factories.invite(here, f"guest{number}@example.com", people["first"], sent_at=sent_at)
    db.session.commit()


def _as_before() -> None:
    """Write the rows as the portal of before did."""
    emails = {
        "first": (PUNYCODE, PUNYCODE),
        "second": (UNICODE, UNICODE),
        "dot": ("dot@example。com", "dot@example。com"),
        "strasse": ("muster@straße.example", "muster@strasse.example"),
    }
    for name, (email, key) in emails.items():
        _run(
            "UPDATE ab_user SET email = :email, email_key = :key,"
            " email_verified_at = CASE WHEN username = 'first' THEN NULL ELSE created_at END"
            " WHERE username = :name",
            name=name,
            email=email,
            key=key,
        )
    _run(
        "UPDATE membership SET email_key ="
        " (SELECT email_key FROM ab_user WHERE ab_user.id = membership.account_id)"
    )
    for number, address in enumerate((PUNYCODE, UNICODE)):
        _run(
            "UPDATE invite SET address = :address, address_key = :address WHERE address = :old",
            address=address,
            old=f"guest{number}@example.com",
        )
    db.session.commit()


def _run(statement: str, **words: Any) -> None:
    db.session.execute(text(statement), words)


def _named(name: str) -> Account:
    return db.session.query(Account).filter_by(username=name).one()


def test_every_spelling_finds_its_account_and_nobody_is_merged(
    old: None, capsys: pytest.CaptureFixture[str]
) -> None:
    """T2-10, T2-11, T2-12: the address that was proved keeps the key; both sign in by login ID."""
    migrate_up(directory=str(MIGRATIONS))
    said = capsys.readouterr().out
    assert f"“second” ({UNICODE}) and “first” ({PUNYCODE}) have the same mailbox" in said
    assert accounts.find(PUNYCODE) is accounts.find(UNICODE) is _named("second")
    assert accounts.find("first") is _named("first")
    assert accounts.find("DOT@example.com") is _named("dot")
    assert _named("dot").email == "dot@example.com"
    assert not [
        one for one in db.session.query(Membership) if one.email_key != one.account.email_key
    ]
    assert [sentence for sentence in checks._mailboxes() if "first" in sentence]


def test_a_proved_address_stays_where_its_letters_were_read(
    old: None, capsys: pytest.CaptureFixture[str]
) -> None:
    """T2-10: letters to straße.example went to strasse.example; its reader keeps the account."""
    migrate_up(directory=str(MIGRATIONS))
    assert "is now muster@strasse.example" in capsys.readouterr().out
    assert _named("strasse").email_key == email_key("muster@strasse.example")
    assert accounts.find("muster@straße.example") is None


def test_of_two_invitations_to_one_mailbox_the_newer_waits(
    old: None, capsys: pytest.CaptureFixture[str]
) -> None:
    """T2-11"""
    migrate_up(directory=str(MIGRATIONS))
    found = db.session.query(Invite).order_by(Invite.sent_at).all()
    assert [(one.address_key, one.status) for one in found] == [
        (UNICODE, InviteStatus.CANCELLED),
        (UNICODE, InviteStatus.PENDING),
    ]
    assert f"The invitation to {PUNYCODE} was cancelled" in capsys.readouterr().out


def test_it_goes_down_and_up_again(old: None) -> None:
    """T2-11: on the way down the keys are those of before; the spelling stays."""
    migrate_up(directory=str(MIGRATIONS))
    db.session.commit()
    _go_down()
    assert db.session.scalar(text("SELECT count(DISTINCT email_key) FROM ab_user")) == 4
    db.session.commit()
    migrate_up(directory=str(MIGRATIONS))
    assert accounts.find(PUNYCODE) is _named("second")
