"""What the tests of passkeys share: devices that hold passkeys, asking and answering."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app.extensions import db
from app.kernel.errors import Refusal
from app.models import Account, Activity, Passkey
from app.passkeys import authentication
from app.passkeys import service as passkeys
from app.two_factor import recovery
from tests import factories
from tests.passkeys.authenticator import Device

Devices = Callable[..., Device]
IP = "203.0.113.7"


@pytest.fixture
def device_of(now: datetime) -> Devices:
    """`device_of(cast.smith)`: a device on which somebody made a passkey; the account's passkeys
    are theirs in order.
    """

    def registered(who: Account, device: Device | None = None, name: str = "Phone") -> Device:
        made = device or Device()
        if not recovery.left(who):
            factories.recovery_codes(who)
        asked, browser = passkeys.ask_to_register(who, now=now)
        passkeys.register(
            who, made.create(asked), name=name, browser=browser, session=None, now=now
        )
        db.session.commit()
        return made

    return registered


@pytest.fixture
def at_number(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """The portal at an address that is a number, as `make run` starts it."""
    from dataclasses import replace

    monkeypatch.setitem(
        app.config, "SETTINGS", replace(app.config["SETTINGS"], portal_url="http://127.0.0.1:8080")
    )


def asked_anybody(now: datetime) -> tuple[dict[str, Any], str]:
    asked, browser = authentication.ask_to_sign_in(ip=IP, now=now)
    db.session.commit()
    return asked, browser


def sign_in(answer: str, browser: str, now: datetime) -> Account:
    """Sign in and keep what came of it, as the door does."""
    try:
        account = authentication.sign_in(answer, browser=browser, ip=IP, now=now)
    except Refusal as refusal:
        if refusal.keep_changes:
            db.session.commit()
        else:
            db.session.rollback()
        raise
    db.session.commit()
    return account


def failures() -> list[tuple[int | None, str]]:
    lines = db.session.query(Activity).filter_by(event="sign_in_failed").order_by(Activity.id)
    return [(line.subject_id, line.details["failure"]) for line in lines]


def kept(who: Account) -> list[Passkey]:
    db.session.expire_all()
    return list(
        db.session.scalars(select(Passkey).where(Passkey.account_id == who.id).order_by(Passkey.id))
    )


def asked_of(who: Account, now: datetime) -> tuple[dict[str, Any], str]:
    asked, browser = passkeys.ask_to_register(who, now=now)
    db.session.commit()
    return asked, browser


def register(who: Account, answer: str, browser: str, now: datetime, name: str = "Phone") -> None:
    """Register and keep what came of it, as the door does."""
    try:
        passkeys.register(who, answer, name=name, browser=browser, session=None, now=now)
    except Refusal as refusal:
        if refusal.keep_changes:
            db.session.commit()
        else:
            db.session.rollback()
        raise
    db.session.commit()
