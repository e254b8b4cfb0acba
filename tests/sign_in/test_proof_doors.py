"""Confirm it is you: what somebody does only shortly after proving who they are. It …"""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from app.extensions import db
from app.models import Activity
from tests import factories
from tests.cast import Cast
from tests.conftest import PortalClient
from tests.factories import PASSWORD
from tests.sign_in.conftest import As
from tests.sign_in.proof import ASKS, HIDDEN, MEMBERS, POWER, age
from tests.sign_in.proof_doors import DOORS, Door

COVERED = {
    "accounts/kinds.py",
    "api_keys/kinds.py",
    "accounts/views.py",
    "log_integrity/views.py",
    "api_keys/issuing.py",
    "screens/row_actions.py",
    "screens/services.py",
    "api_keys/views.py",
    "bindings/adding_views.py",
    "two_factor_rule/views.py",
    "exchange/views.py",
    "invites/views.py",
    "former_members/views.py",
    "managed_accounts/account_views.py",
    "managed_accounts/register_views.py",
    "managed_accounts/signing_in_views.py",
    "undo/views.py",
    "webhooks/views.py",  # tests/webhooks/test_screens.py
    "members/views.py",
    "members/account_kinds.py",
    "members/offer_kinds.py",
    "imports/views.py",
    "offers/offering.py",
    "organizations/editing.py",
    "organizations/views.py",
    "profile/email_views.py",
    "profile/keys_views.py",
    "profile/passkey_views.py",
    "profile/two_factor_views.py",
    "profile/views.py",
    "sign_in/reauthentication_views.py",
}


def test_is_tried_at_every_door_that_asks() -> None:
    """ASVS 7.5.1, 7.5.3: a door that asks stands in DOORS, or has a test of its own."""
    app = Path(__file__).resolve().parents[2] / "app"
    asking = {
        path.relative_to(app).as_posix()
        for path in app.rglob("*.py")
        if re.search(
            r"ensure_recent\w*\(\s*seat|ensure_recent\(by|needs_proof=True", path.read_text()
        )
    }
    assert asking - {"http/reauthentication.py"} == COVERED, (
        "add the new door to DOORS, and its module to COVERED"
    )


def go(client: PortalClient, door: Door, cast: Cast) -> tuple[int, str, str]:
    path = door.path(cast)
    answer = client.get(path) if door.is_read else client.act(path, door.data(cast), page="/lang/")
    return answer.status_code, answer.get_data(as_text=True), answer.request.path


def written(table: type[Any] = Activity) -> int:
    return len(db.session.scalars(select(table).where(table.event.not_like("sign_in%"))).all())


@pytest.mark.parametrize("door", DOORS, ids=lambda door: door.name.replace(" ", "-"))
def test_asks_where_the_last_proof_is_too_old(cast: Cast, as_: As, door: Door) -> None:
    """ASVS 7.5.1, 7.5.3: nothing happens until the proof is there, and then it does."""
    who = getattr(cast, door.who)
    client = as_(who)
    age(who)
    before = written()
    status, page, path = go(client, door, cast)
    assert (status, ASKS in page) == (403, True)
    assert written() == before, "nothing happened"
    if door.is_read:
        return
    sent = MultiDict((name, unescape(value)) for name, value in HIDDEN.findall(page)) | {
        "csrf_token": client.token()
    }
    answer = client.post(
        path,
        data={
            **sent.to_dict(flat=False),
            "password": door.data(cast).get("password", ""),
            "proof_password": PASSWORD,
        },
    )
    assert ASKS not in answer.get_data(as_text=True)
    assert answer.status_code < 400, answer.get_data(as_text=True)


@pytest.mark.parametrize("door", DOORS, ids=lambda door: door.name.replace(" ", "-"))
def test_asks_nothing_of_somebody_who_has_just_signed_in(cast: Cast, as_: As, door: Door) -> None:
    status, page, _path = go(as_(getattr(cast, door.who)), door, cast)
    assert ASKS not in page
    assert status < 400, page


def test_asks_nothing_for_what_is_not_sensitive(cast: Cast, as_: As) -> None:
    """Promoting asks; anything else about a member does not, nor does keeping a power user one."""
    factories.membership(cast.newcomer, cast.aozora, power=True)
    db.session.commit()
    client = as_(cast.tanaka)
    age(cast.tanaka)
    for who, sent in (
        (cast.smith, {"type": "general", "preset": "custom", "authorities": ["user_viewer"]}),
        (cast.newcomer, POWER),
    ):
        answer = client.submit(f"{MEMBERS}/edit/{cast.membership(who).id}", sent | {"sure": "1"})
        assert answer.status_code == 302
