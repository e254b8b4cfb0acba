"""Two people edit one thing: the later one is told who changed what, and keeps what was
typed. It …"""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app.extensions import db
from app.models import Activity
from tests import cast as people
from tests import factories
from tests.cast import Cast
from tests.conftest import PortalClient, at_once
from tests.screens.two_people import FORMS, OFFER, As, Form, identity

SEEN = re.compile(r'name="seen" value="([^"]+)"')
CHANGED = "Somebody changed this while you had it open."


def opened(client: PortalClient, path: str) -> str:
    found = SEEN.search(client.get(path).get_data(as_text=True))
    assert found, f"{path} has no stamp"
    return found[1]


def state(form: Form, cast: Cast) -> Any:
    db.session.expire_all()
    return form.state(cast)


@pytest.fixture(params=FORMS, ids=lambda form: form.name.replace(" ", "-"))
def form(request: pytest.FixtureRequest) -> Form:
    found: Form = request.param
    return found


def test_tells_the_later_one_who_changed_what_and_keeps_what_was_typed(
    cast: Cast, as_: As, form: Form
) -> None:
    """Two people edit one member: the earlier one's change stands until the later one
    knows of it."""
    path = form.path(cast)
    later, earlier = as_(getattr(cast, form.who)), as_(cast.root)
    stamp = opened(later, path)
    assert (
        earlier.submit(path, form.first(cast) | {"seen": opened(earlier, path)}).status_code == 302
    )
    done = state(form, cast)
    answer = later.submit(path, form.second(cast) | {"seen": stamp})
    page = unescape(answer.get_data(as_text=True))
    assert (answer.status_code, CHANGED in page) == (409, True)
    for words in form.told:
        assert words in re.sub(r"<[^>]+>", "", page), words
    assert form.kept in page
    assert state(form, cast) == done, "the earlier change stands"
    again = SEEN.search(page)
    assert again
    assert later.submit(path, form.second(cast) | {"seen": again[1]}).status_code == 302, (
        "now knowingly"
    )
    assert state(form, cast) != done


def test_says_nothing_where_nobody_changed_anything(cast: Cast, as_: As, form: Form) -> None:
    path = form.path(cast)
    client = as_(getattr(cast, form.who))
    assert client.submit(path, form.first(cast) | {"seen": opened(client, path)}).status_code == 302


def test_keeps_the_stamp_while_something_else_needs_mending(cast: Cast, as_: As) -> None:
    """A form that comes back with a complaint is as old as it was."""
    path = f"/accounts/edit/{cast.smith.id}"
    later, earlier = as_(cast.root), as_(cast.root)
    stamp = opened(later, path)
    earlier.submit(path, identity(cast.smith, given_name="Jack"))
    page = later.submit(path, identity(cast.smith, email="nonsense") | {"seen": stamp}).get_data(
        as_text=True
    )
    found = SEEN.search(page)
    assert found
    assert found[1] == stamp
    assert (
        later.submit(path, identity(cast.smith, given_name="Joe") | {"seen": stamp}).status_code
        == 409
    )


def test_notices_it_in_front_of_the_page_that_shows_the_change(cast: Cast, as_: As) -> None:
    path = f"/o/aozora/members/edit/{cast.membership(cast.smith).id}"
    later, earlier = as_(cast.tanaka), as_(cast.root)
    stamp = opened(later, path)
    earlier.submit(path, OFFER | {"authorities": ["user_viewer"]})
    answer = later.submit(path, {"type": "power", "preset": "custom", "seen": stamp})
    assert (answer.status_code, CHANGED in answer.get_data(as_text=True)) == (409, True)
    page = later.submit(
        path, {"type": "power", "preset": "custom", "seen": opened(later, path)}
    ).get_data(as_text=True)
    assert SEEN.search(page), "the page that asks carries the stamp along"


@pytest.mark.parametrize(
    "stamp", ["nonsense", "0.0", "99999999999999.x", "-1.x", "1e9.x", "１.x", "\x00", "." * 5000]
)
def test_takes_a_forged_stamp_for_an_old_one(cast: Cast, as_: As, stamp: str) -> None:
    """No stamp makes an error; a very old one shows no older lines of the log than a day."""
    answer = as_(cast.root).submit(
        f"/accounts/edit/{cast.smith.id}", identity(cast.smith, given_name="Joe") | {"seen": stamp}
    )
    assert answer.status_code == 409


def test_tells_nobody_more_than_the_log_of_that_item(cast: Cast, as_: As, now: Any) -> None:
    path = f"/o/aozora/members/edit/{cast.membership(cast.smith).id}"
    as_(cast.root).submit(f"/o/aozora/members/edit/{cast.membership(cast.suzuki).id}", OFFER)
    page = as_(cast.tanaka).submit(path, OFFER | {"seen": "0.0"}).get_data(as_text=True)
    assert CHANGED in page
    assert "Ichiro" not in re.sub(
        r"<[^>]+>", "", page.partition('id="errors"')[2].partition("</ul>")[0]
    )


def test_lets_one_of_two_at_once_win_and_tells_the_other(each_app: Flask) -> None:
    """Behind the lock: of two who save in the same moment, one is told."""
    cast = people.assemble()
    role = factories.role(cast.aozora, "Night shift", "user_viewer")
    db.session.commit()
    path = f"/o/aozora/roles/edit/{role.id}"
    clients = [each_app.test_client().sign_in(who) for who in (cast.tanaka, cast.root)]
    sent = [
        {
            "csrf_token": client.token(),
            "seen": opened(client, path),
            "name": f"Shift {place}",
            "authorities": ["user_viewer"],
            "sure": "1",
        }
        for place, client in enumerate(clients)
    ]
    db.session.remove()
    found = at_once(
        each_app,
        *(
            lambda client=client, data=data: client.post(path, data=data).status_code
            for client, data in zip(clients, sent, strict=True)
        ),
    )
    assert sorted(found) == [302, 409]
    assert (
        len(db.session.scalars(select(Activity).where(Activity.event == "role_edited")).all()) == 1
    )
