"""Signing in while the password changes. It …"""

from __future__ import annotations

from collections.abc import Callable
from contextvars import Context
from threading import Event, Thread

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.extensions import db
from app.kernel.clock import utcnow
from app.models import Account
from app.passwords import service as passwords
from app.sign_in import service
from tests import cast as people
from tests import factories

PATIENCE = 10


@pytest.mark.parametrize("two_step", [False, True], ids=["at-once", "in-two-steps"])
def test_opens_nothing_by_a_password_that_its_owner_changed_meanwhile(
    each_app: Flask, monkeypatch: pytest.MonkeyPatch, two_step: bool
) -> None:
    """D-C1: a change ends every session, also one that was just about to open, and every sign-in
    half done.
    """
    smith = people.assemble().smith
    smith_id, smith.two_factor = smith.id, two_step
    db.session.commit()
    looked_at, go_on = Event(), Event()
    verify: Callable[[str | None, str], bool] = service.verify_password

    def verify_and_wait(hashed: str | None, password: str) -> bool:
        right = verify(hashed, password)
        looked_at.set()
        return go_on.wait(PATIENCE) and right

    thief, answers = each_app.test_client(), list[TestResponse]()
    form = {
        "csrf_token": thief.token("/login/"),
        "login_id": "smith",
        "password": factories.PASSWORD,
    }  # type: ignore[attr-defined]
    db.session.remove()
    monkeypatch.setattr(service, "verify_password", verify_and_wait)
    signing_in = Thread(
        target=lambda: answers.append(
            Context().run(FlaskClient.open, thief, "/login/", method="POST", data=form)
        )
    )
    signing_in.start()
    assert looked_at.wait(PATIENCE)
    smith = db.session.get_one(Account, smith_id)
    passwords.set_password(smith, "Brand-New-Horse-77", by=smith, now=utcnow())
    db.session.commit()
    go_on.set()
    signing_in.join()
    assert answers[0].status_code == 401
    assert thief.get("/profile/").location.startswith("/login/")
    assert thief.get("/login/code/").location == "/login/"
