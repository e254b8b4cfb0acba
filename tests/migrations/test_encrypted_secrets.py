"""The migration of authenticator apps' secrets to Fernet, up and down, on both databases. It …"""

from __future__ import annotations

import pytest
from flask import Flask
from flask_migrate import downgrade
from sqlalchemy import select, text

from app.database import MIGRATIONS
from app.extensions import db
from app.kernel.clock import utcnow
from app.models import Account
from app.two_factor import apps
from app.upgrade import upgrade
from tests import factories
from tests.two_factor.conftest import Phone, enrolled

SECRET = "MPQ6HB7VKQMUSSDBOUEQMVXRXPIWQ7QG"
SEALED = (
    "AQAAAABpIHfg-CwrjFD5JpMSSgVY5FuU0LQGiRoGAcbel-1TTSECb7wqre7C_i33fmEaJh383Se0fYm2z0McdomPVYRN"
)
"""What the release before made of SECRET with the secret of the tests."""


def people(*names: str) -> list[Phone]:
    here = factories.organization("aozora")
    for name in names:
        factories.membership(factories.account(name), here)
    db.session.commit()
    rows = db.session.scalars(select(Account).order_by(Account.id)).all()
    return [enrolled(one, utcnow()) for one in rows]


def down() -> None:
    db.session.commit()
    downgrade(directory=str(MIGRATIONS), revision="0014")


def kept(column: str) -> list[str]:
    with db.engine.connect() as connection:
        rows = connection.execute(text(f"SELECT {column} FROM authenticator_app ORDER BY id"))
        return [row[0] for row in rows]


def takes(phone: Phone, *, steps: int = 0) -> bool:
    now = utcnow()
    account = db.session.scalars(select(Account).filter_by(username=phone.account.username)).one()
    done = apps.takes(account, phone.shows(now, steps=steps), now=now)
    db.session.commit()
    return done


def test_keeps_everybody_s_app_working(upgraded: Flask) -> None:
    phones = people("tanaka", "smith")
    down()
    assert [one[:2] for one in kept("sealed_secret")] == ["AQ", "AQ"]
    upgrade()
    assert [one[:5] for one in kept("encrypted_secret")] == ["gAAAA", "gAAAA"]
    assert all(takes(phone) for phone in phones)


def test_reads_what_the_release_before_wrote(upgraded: Flask) -> None:
    (phone,) = people("tanaka")
    down()
    with db.engine.begin() as connection:
        connection.execute(text("UPDATE authenticator_app SET sealed_secret = :it"), {"it": SEALED})
    upgrade()
    assert takes(Phone(phone.account, SECRET, []))


def test_leaves_and_names_what_no_key_reads_until_the_key_is_back(
    upgraded: Flask, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is lost: with the former key as a fallback the next upgrade reads it."""
    (phone,) = people("tanaka")
    down()
    before, old = kept("sealed_secret"), upgraded.config["SECRET_KEY"]
    monkeypatch.setitem(upgraded.config, "SECRET_KEY", "the secret of this year")
    for _turn in range(2):
        upgrade()
        assert "can read the authenticator apps of: tanaka." in capsys.readouterr().out
        assert kept("encrypted_secret") == before
    down()
    assert kept("sealed_secret") == before
    upgrade()
    monkeypatch.setitem(upgraded.config, "SECRET_KEY_FALLBACKS", [old])
    capsys.readouterr()
    upgrade()
    assert "authenticator" not in capsys.readouterr().out
    monkeypatch.setitem(upgraded.config, "SECRET_KEY_FALLBACKS", [])
    assert takes(phone), "the upgrade left nothing under the former key"
