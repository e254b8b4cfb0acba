"""What is kept of an authenticator app's secret. It …"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from flask import Flask
from sqlalchemy import select

from app.extensions import db
from app.models import AuthenticatorApp
from app.two_factor import app_secrets
from tests.cast import Cast
from tests.two_factor.conftest import Phone
from tests.two_factor.test_apps import STEP, takes

Phones = Callable[..., Phone]


def test_is_encrypted(cast: Cast, phone: Phones, now: datetime) -> None:
    """ASVS 6.5.3, 13.3.1: neither the secret nor a code can be read from the database."""
    there = phone(cast.smith, now)
    kept = db.session.scalars(select(AuthenticatorApp)).one()
    assert there.secret not in kept.encrypted_secret


def test_outlives_a_change_of_the_portal_s_secret(
    app: Flask, cast: Cast, phone: Phones, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """ASVS 13.3.4: with SECRET_KEY_FALLBACKS; after its next use the app needs the old secret no
    more.
    """
    there = phone(cast.smith, now)
    old = app.config["SECRET_KEY"]
    monkeypatch.setitem(app.config, "SECRET_KEY", "another secret, of this year")
    assert not takes(there, there.shows(now), now), (
        "without the old one it cannot be read; nobody gets in"
    )
    monkeypatch.setitem(app.config, "SECRET_KEY_FALLBACKS", [old])
    assert takes(there, there.shows(now), now)
    monkeypatch.setitem(app.config, "SECRET_KEY_FALLBACKS", [])
    assert takes(there, there.shows(now, steps=1), now + STEP)


def test_is_encrypted_anew_by_the_upgrade_after_a_change_of_the_portal_s_secret(
    app: Flask, cast: Cast, phone: Phones, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """ASVS 11.2.2, 13.3.4: for those who do not sign in meanwhile, too; the new stays."""
    there, old = phone(cast.smith, now), app.config["SECRET_KEY"]
    assert app_secrets.encrypt_anew(now=now) == []
    first = kept_secret()
    monkeypatch.setitem(app.config, "SECRET_KEY", "another secret, of this year")
    assert app_secrets.encrypt_anew(now=now) == ["smith"]
    assert kept_secret() == first
    monkeypatch.setitem(app.config, "SECRET_KEY_FALLBACKS", [old])
    assert app_secrets.encrypt_anew(now=now) == []
    second = kept_secret()
    assert app_secrets.encrypt_anew(now=now) == []
    assert kept_secret() == second != first
    monkeypatch.setitem(app.config, "SECRET_KEY_FALLBACKS", [])
    assert takes(there, there.shows(now), now)


def kept_secret() -> str:
    db.session.expire_all()
    return db.session.scalars(select(AuthenticatorApp.encrypted_secret)).one()
