"""Two people edit one thing: the later one is told who changed what, and keeps what was
typed. It …"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from html import unescape
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app.extensions import db
from app.models import Account, Activity, Invite, MemberRole, Membership, Organization
from tests import cast as people
from tests import factories
from tests.cast import Cast
from tests.conftest import PortalClient, at_once

As = Callable[[Account], PortalClient]
SEEN = re.compile(r'name="seen" value="([^"]+)"')
CHANGED = "Somebody changed this while you had it open."
OFFER = {"type": "general", "preset": "custom", "sure": "1"}


def identity(who: Account, **changed: Any) -> dict[str, Any]:
    names = (
        "family_name",
        "given_name",
        "reading",
        "latin_name",
        "email",
        "login_id",
        "language",
        "time_zone",
    )
    return {name: getattr(who, name) for name in names} | {"notifications": "y"} | changed


def settings(where: Organization, **changed: Any) -> dict[str, Any]:
    names = (
        "name",
        "latin_name",
        "code",
        "language",
        "password_policy",
        "first_login",
        "session_idle_minutes",
        "session_hours",
    )
    return {name: str(getattr(where, name)) for name in names} | changed


@dataclass(frozen=True)
class Form:
    """A form that two people have open: who, where, what each sends, what the second one reads
    about the first.
    """

    name: str
    who: str
    path: Callable[[Cast], str]
    first: Callable[[Cast], dict[str, Any]]
    second: Callable[[Cast], dict[str, Any]]
    told: tuple[str, ...]
    kept: str
    state: Callable[[Cast], Any]


def role_of(cast: Cast) -> MemberRole:
    found = db.session.scalars(
        select(MemberRole).where(MemberRole.organization_id == cast.aozora.id)
    ).first()
    return found or factories.role(cast.aozora, "Night shift", "user_viewer")


def invite_of(cast: Cast) -> Invite:
    found = db.session.scalars(select(Invite)).first()
    return found or factories.invite(cast.aozora, "guest@example.com", cast.tanaka)[0]


def managed(cast: Cast) -> Account:
    cast.smith.managed_by = cast.aozora
    return cast.smith


FORMS = [
    Form(
        "a member",
        "tanaka",
        lambda cast: f"/o/aozora/members/edit/{cast.membership(cast.smith).id}",
        lambda _: OFFER | {"authorities": ["user_viewer"]},
        lambda _: OFFER | {"authorities": ["billing_viewer"]},
        ("Rita Root changed what John Smith may do.", "Authorities given:"),
        'value="billing_viewer"',
        lambda cast: db.session.get_one(Membership, cast.membership(cast.smith).id).authorities,
    ),
    Form(
        "a role",
        "tanaka",
        lambda cast: f"/o/aozora/roles/edit/{role_of(cast).id}",
        lambda _: {
            "name": "Day shift",
            "description": "",
            "authorities": ["user_viewer"],
            "sure": "1",
        },
        lambda _: {
            "name": "Late shift",
            "description": "",
            "authorities": ["user_viewer"],
            "sure": "1",
        },
        ("Rita Root edited the role Day shift.", "Name: Night shift → Day shift"),
        'value="Late shift"',
        lambda cast: role_of(cast).name,
    ),
    Form(
        "an invitation",
        "tanaka",
        lambda cast: f"/o/aozora/invites/edit/{invite_of(cast).id}",
        lambda _: {"type": "general", "preset": "custom", "authorities": ["user_viewer"]},
        lambda _: {"type": "general", "preset": "custom", "authorities": ["billing_viewer"]},
        ("Rita Root changed the invitation of guest@example.com.",),
        'value="billing_viewer"',
        lambda cast: invite_of(cast).authorities,
    ),
    Form(
        "the settings",
        "tanaka",
        lambda _: "/o/aozora/settings/",
        lambda cast: settings(cast.aozora, latin_name="Aozora Ltd."),
        lambda cast: settings(cast.aozora, latin_name="Aozora Corp."),
        (
            "Rita Root changed the settings of the organization.",
            "Name in Latin letters: Aozora Inc. → Aozora Ltd.",
        ),
        'value="Aozora Corp."',
        lambda cast: db.session.get_one(Organization, cast.aozora.id).latin_name,
    ),
    Form(
        "an organization",
        "root",
        lambda cast: f"/organizations/edit/{cast.aozora.id}",
        lambda cast: settings(cast.aozora, latin_name="Aozora Ltd."),
        lambda cast: settings(cast.aozora, latin_name="Aozora Corp."),
        ("Rita Root changed the settings of the organization.",),
        'value="Aozora Corp."',
        lambda cast: db.session.get_one(Organization, cast.aozora.id).latin_name,
    ),
    Form(
        "an account",
        "root",
        lambda cast: f"/accounts/edit/{cast.smith.id}",
        lambda cast: identity(cast.smith, given_name="Jack"),
        lambda cast: identity(cast.smith, given_name="Joe"),
        ("Rita Root edited the account of Jack Smith.", "Given name: John → Jack"),
        'value="Joe"',
        lambda cast: cast.smith.given_name,
    ),
    Form(
        "a managed account",
        "tanaka",
        lambda cast: f"/o/aozora/members/account/{cast.membership(managed(cast)).id}",
        lambda cast: identity(cast.smith, given_name="Jack"),
        lambda cast: identity(cast.smith, given_name="Joe"),
        ("Rita Root edited the account of Jack Smith.", "Given name: John → Jack"),
        'value="Joe"',
        lambda cast: cast.smith.given_name,
    ),
]


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


TWICE = [
    (
        "a member",
        "/o/aozora/members/add",
        {
            "family_name": "Hill",
            "email": "hill@new.example",
            "login_id": "hill",
            "language": "en",
            "type": "general",
            "preset": "custom",
            "authorities": ["user_viewer"],
        },
        "member_added",
    ),
    (
        "an existing account",
        "/o/aozora/members/existing",
        {
            "who": "newcomer",
            "type": "general",
            "preset": "custom",
            "authorities": ["user_viewer"],
        },
        "binding_added",
    ),
    (
        "a role",
        "/o/aozora/roles/add",
        {"name": "Night shift", "description": "", "authorities": ["user_viewer"]},
        "role_created",
    ),
    (
        "an invitation",
        "/o/aozora/invites/add",
        {
            "addresses": "guest@new.example",
            "language": "en",
            "type": "general",
            "preset": "custom",
            "authorities": ["user_viewer"],
        },
        "invite_sent",
    ),
]


@pytest.mark.parametrize(
    ("path", "data", "event"),
    [one[1:] for one in TWICE],
    ids=[one[0].replace(" ", "-") for one in TWICE],
)
def test_adds_once_what_is_sent_twice(
    cast: Cast, as_: As, path: str, data: dict[str, Any], event: str
) -> None:
    """Double click and resubmit: one effect; the second is told why it has none."""
    client = as_(cast.tanaka)
    assert client.submit(path, data).status_code == 302
    assert client.submit(path, data).status_code in (409, 422)
    assert len(db.session.scalars(select(Activity).where(Activity.event == event)).all()) == 1


@pytest.mark.parametrize(
    ("path", "data", "event"),
    [one[1:] for one in TWICE],
    ids=[one[0].replace(" ", "-") for one in TWICE],
)
def test_adds_once_what_is_sent_twice_at_once(
    cast: Cast, app: Flask, path: str, data: dict[str, Any], event: str
) -> None:
    clients = [app.test_client().sign_in(cast.tanaka) for _one in range(2)]
    tokens = [client.token() for client in clients]
    found = at_once(
        app,
        *(
            lambda client=client, token=token: (
                client.post(path, data=data | {"csrf_token": token}).status_code
            )
            for client, token in zip(clients, tokens, strict=True)
        ),
    )
    assert min(found) == 302
    assert max(found) in (409, 422)
    assert len(db.session.scalars(select(Activity).where(Activity.event == event)).all()) == 1
