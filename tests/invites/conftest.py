"""What the tests of invitations share: the form as it is sent, the rows, the link in a letter."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app.extensions import db
from app.models import Invite, Letter
from tests import cast as people
from tests import factories
from tests.conftest import PortalClient

LIST = "/o/aozora/invites/list/"
ADD = "/o/aozora/invites/add"
Ids = dict[str, int]
TURNS = 4
LINK = re.compile(r"http://localhost(/invites/[\w-]+)")


def given(addresses: str, **more: Any) -> dict[str, Any]:
    """The new-invitation form, filled in."""
    return {
        "addresses": addresses,
        "type": "general",
        "preset": "view_only",
        "language": "en",
    } | more


def sent() -> list[Invite]:
    """Every invitation there is, oldest first."""
    db.session.expire_all()
    return list(db.session.scalars(select(Invite).order_by(Invite.id)))


def opened(browser: PortalClient, token: str) -> str:
    """Open the link of an invitation; return the path of the page it leads to."""
    answer = browser.get(f"/invites/{token}")
    assert answer.status_code == 302
    return str(answer.location)


def link_in(letter: Letter) -> str:
    """The path that an invitation's letter leads to."""
    found = LINK.search(letter.text)
    assert found, letter.text
    return found[1]


@pytest.fixture
def ids(each_app: Flask) -> list[Ids]:
    """Some power users of aozora, each with somebody they invited, and tanaka, who
    suspends them."""
    cast = people.assemble()
    made = [(factories.account(), factories.account()) for _turn in range(TURNS)]
    rows = [
        (
            factories.membership(boss, cast.aozora, power=True),
            guest,
            factories.invite(cast.aozora, guest.email, boss)[0],
        )
        for boss, guest in made
    ]
    found = [
        {
            "boss": boss.id,
            "account": boss.account_id,
            "guest": guest.id,
            "invite": invite.id,
            "tanaka": cast.membership(cast.tanaka).id,
        }
        for boss, guest, invite in rows
    ]
    db.session.commit()
    return found
