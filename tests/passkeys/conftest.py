"""What the tests of passkeys share: a device that holds somebody's passkey."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from flask import Flask

from app.extensions import db
from app.models import Account
from app.passkeys import service as passkeys
from app.two_factor import recovery
from tests import factories
from tests.passkeys.authenticator import Device


@pytest.fixture
def device_of(now: datetime) -> Callable[..., Device]:
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
