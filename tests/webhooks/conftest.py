"""Fixtures: a receiver that the portal may reach, and a webhook that leads there."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from ipaddress import ip_network
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from app.extensions import db
from app.models import Webhook
from tests.cast import Cast
from tests.portal_client import PortalClient
from tests.receiver import Receiver, receiving

HERE = "/o/aozora/webhooks"


@pytest.fixture
def receiver(app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Receiver]:
    """A server on this machine, which the operator allows, over https."""
    allowed = (ip_network("127.0.0.0/8"), ip_network("::1/128"))
    settings = replace(app.config["SETTINGS"], outgoing_allowed=allowed)
    monkeypatch.setitem(app.config, "SETTINGS", settings)
    with receiving(tmp_path) as (made, certificate):
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        yield made


@pytest.fixture
def tanaka(cast: Cast, as_: Callable[..., PortalClient]) -> PortalClient:
    return as_(cast.tanaka)


def add(browser: PortalClient, address: str, **values: str) -> tuple[Webhook, str]:
    """Add a webhook on its screen; return it and the secret that was shown."""
    form = {"name": "CRM", "address": address, "members": "y"} | values
    answer = browser.submit(f"{HERE}/add", form)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 200, page
    secret = re.search(r"whsec_[A-Za-z0-9+/=]+", page)
    assert secret is not None, page
    db.session.expire_all()
    made = db.session.scalars(select(Webhook).order_by(Webhook.id.desc())).first()
    assert made is not None
    return made, secret.group()
