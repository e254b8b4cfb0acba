"""A mail server that does not answer while somebody signs in: nobody gets round the code, and
nothing is lost. It …
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask

from app.extensions import db
from app.kernel.clock import utcnow
from app.outbox.delivery import deliver_due
from tests import cast as people
from tests import factories
from tests.conftest import PortalClient, build_app, empty, settings_for
from tests.servers import LOOPBACK, PostOffice, free_port

PAGE = "/login/code/"


@pytest.fixture
def mailing_app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The portal with a mail server at an address where nobody listens yet."""
    app = build_app(settings_for(tmp_path_factory.mktemp("instance"), mail_server=LOOPBACK))
    app.extensions["mail"].port = free_port()
    app.config["MAIL_PATIENCE"] = 1.0
    empty(app)
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def test_lets_the_letter_wait_says_so_and_goes_on_when_it_is_back(
    mailing_app: Flask, smtp_server: PostOffice
) -> None:
    """S2-30, D-4"""
    smith = people.assemble().smith
    smith.two_factor = True
    browser = mailing_app.test_client()
    assert isinstance(browser, PortalClient)
    assert (
        browser.submit("/login/", {"login_id": "smith", "password": factories.PASSWORD}).location
        == PAGE
    )

    now = utcnow()
    assert deliver_due(now).put_off == 1
    page = browser.get(PAGE)
    assert page.status_code == 200
    assert "The mail server isn’t accepting email at the moment." in page.get_data(as_text=True)
    assert browser.get("/o/aozora/").location.startswith("/login/")

    mailing_app.extensions["mail"].port = smtp_server.port
    assert deliver_due(now + timedelta(minutes=2)).sent == 1
    assert "does not take letters" not in browser.get(PAGE).get_data(as_text=True)
    (mail,) = smtp_server.to("smith@example.com")
    body = mail.get_body(("plain",))
    assert body is not None
    found = re.search(r"\b\d{6}\b", body.get_content())
    assert found
    assert browser.submit(PAGE, {"code": found[0]}).location == "/"
