"""The link of an invitation leads to a page whose address does not hold it (T2-98). It …"""

from __future__ import annotations

import logging
from collections.abc import Callable

import pytest
from flask import Flask

from app.extensions import db
from app.models import Account, InviteStatus
from tests import factories
from tests.cast import Cast
from tests.conftest import PortalClient
from tests.invites.conftest import opened, sent
from tests.invites.test_answer import SIGN_UP

As = Callable[[Account], PortalClient]


def test_leads_to_a_page_without_the_token(
    client: PortalClient, cast: Cast, caplog: pytest.LogCaptureFixture
) -> None:
    """T2-98: not in the address, the page, the cookie, or the log."""
    _invite, token = factories.invite(cast.aozora, "sasaki@example.jp", cast.tanaka)
    with caplog.at_level(logging.DEBUG):
        lead = client.get(f"/invites/{token}")
        page = client.get(str(lead.location))
    assert (lead.status_code, page.status_code) == (302, 200)
    assert "sasaki@example.jp" in page.get_data(as_text=True)
    assert lead.headers["Cache-Control"] == "no-store"
    told = [str(lead.headers), lead.get_data(as_text=True), page.get_data(as_text=True)]
    assert token not in "".join([*told, str(page.headers), caplog.text])


def test_is_kept_through_signing_in(client: PortalClient, cast: Cast) -> None:
    """T2-98: signing in empties the session's cookie, not this one."""
    _invite, token = factories.invite(cast.aozora, cast.newcomer.email, cast.tanaka)
    path = opened(client, token)
    form = {"login_id": cast.newcomer.username, "password": factories.PASSWORD, "next": path}
    assert client.submit("/login/", form).location == path
    assert client.submit(path, {"answer": "accept"}).location == "/o/aozora/"
    assert client.get(path).status_code == 404, "an answered one is kept no longer"
    assert client.get(opened(client, token)).status_code == 410, "but its link still says so"


def test_changes_nothing_for_scanners_of_mail(client: PortalClient, app: Flask, cast: Cast) -> None:
    """T2-98: whoever opens it first, with or without cookies, leaves it to its owner."""
    invite, token = factories.invite(cast.aozora, "sasaki@example.jp", cast.tanaka)
    scanner = app.test_client(use_cookies=False)
    for method in ("HEAD", "GET", "GET"):
        lead = scanner.open(f"/invites/{token}", method=method)
        assert (lead.status_code, scanner.get(lead.location).status_code) == (302, 404)
    assert scanner.post(f"/invites/{token}").status_code in (400, 405)
    assert sent()[0].status is InviteStatus.PENDING
    assert client.submit(opened(client, token), SIGN_UP).location == "/o/aozora/"
    db.session.refresh(invite)
    assert invite.status is InviteStatus.ACCEPTED


def test_opens_nothing_in_another_browser(client: PortalClient, as_: As, cast: Cast) -> None:
    """T2-98: the address of the page is no key; it says which letter to open."""
    invite, _token = factories.invite(cast.aozora, "sasaki@example.jp", cast.tanaka)
    path = f"/invites/{invite.public_id}/answer"
    for browser in (client, as_(cast.tanaka), as_(cast.root)):
        answer = browser.get(path)
        assert (answer.status_code, "newest letter" in answer.get_data(as_text=True)) == (404, True)
        assert "sasaki" not in answer.get_data(as_text=True)
        assert browser.submit(path, SIGN_UP, page="/").status_code == 404
    assert sent()[0].status is InviteStatus.PENDING


def test_keeps_two_invitations_apart(as_: As, cast: Cast) -> None:
    """T2-98: what is pressed on one page answers the invitation that this page shows."""
    first, one = factories.invite(cast.aozora, cast.newcomer.email, cast.tanaka)
    second, other = factories.invite(cast.minato, cast.newcomer.email, cast.yamada)
    browser = as_(cast.newcomer)
    path, _later = opened(browser, one), opened(browser, other)
    browser.submit(path, {"answer": "decline"})
    db.session.refresh(first)
    db.session.refresh(second)
    assert (first.status, second.status) == (InviteStatus.DECLINED, InviteStatus.PENDING)


def test_that_was_replaced_opens_nothing_any_more(
    client: PortalClient, as_: As, cast: Cast
) -> None:
    """T2-98: sending again closes the page that the former link had opened."""
    invite, token = factories.invite(cast.aozora, "sasaki@example.jp", cast.tanaka)
    path = opened(client, token)
    as_(cast.tanaka).submit(f"/o/aozora/invites/action/resend/{invite.id}", page="/invites/")
    assert client.get(f"/invites/{token}").status_code == 410
    assert client.submit(path, SIGN_UP, page="/login/").status_code == 404
