"""What stands in the log without anybody's verb: refusals, limits, time that is over; and what
never does. It …
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from app.activity.events import CATALOGUE, Event
from app.activity.words import GROUPS, HIDDEN, NOUNS, PERMISSIONS, group_of
from app.activity_log import cli
from app.extensions import db
from app.invites import answering
from app.menu import SCREENS
from app.models import Activity, Letter
from app.schedule import SCHEDULE
from tests import factories
from tests.activity_log.conftest import As
from tests.cast import Cast
from tests.conftest import PortalClient, at_once

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "activity-log.md"
SECRET = re.compile(r"password|secret|token|otp|pin|hash|digest|credential|cookie", re.IGNORECASE)


def lines(event: str) -> list[Activity]:
    db.session.expire_all()
    return list(
        db.session.scalars(select(Activity).where(Activity.event == event).order_by(Activity.id))
    )


# denials


def test_has_a_word_for_whatever_may_be_refused() -> None:
    """It names no screen by its class: “Key” and “Email” told nobody which page it was."""
    asked = [screen.menu for screen in SCREENS if all(screen.menu)]
    assert len(asked) > 10
    assert {view for _permission, view in asked} <= set(NOUNS)
    assert {permission for permission, _view in asked} <= set(PERMISSIONS)


def test_notes_who_was_refused_what(cast: Cast, as_: As) -> None:
    """ASVS 16.3.2, issue 4: denials by the table, with what would have been needed."""
    as_(cast.suzuki).get("/o/aozora/settings/")
    [line] = lines("access_denied")
    assert (line.organization_id, line.actor_id, line.subject_id) == (
        cast.aozora.id,
        cast.suzuki.id,
        cast.suzuki.id,
    )
    assert line.details == {
        "view": "Settings",
        "permission": "manage",
        "needed": ["settings_manager"],
    }
    page = as_(cast.tanaka).get("/o/aozora/activity/list/?group=refused").get_data(as_text=True)
    assert "was refused a page" in page
    assert "Wanted to: make changes" in page


def test_notes_the_same_denial_once_in_ten_minutes(cast: Cast, as_: As) -> None:
    browser = as_(cast.suzuki)
    for path in ("settings/", "settings/", "activity/list/", "settings/"):
        assert browser.get(f"/o/aozora/{path}").status_code == 403
    as_(cast.smith).get("/o/aozora/settings/")
    assert [(line.actor_id, line.details["view"]) for line in lines("access_denied")] == [
        (cast.suzuki.id, "Settings"),
        (cast.suzuki.id, "Activity"),
        (cast.smith.id, "Settings"),
    ]


def test_notes_a_denial_on_the_platforms_pages_in_the_platforms_log(cast: Cast, as_: As) -> None:
    as_(cast.tanaka).get("/accounts/list/")
    [line] = lines("access_denied")
    assert (line.organization_id, line.details["needed"]) == (None, ["platform administrator"])


def test_keeps_nothing_of_the_refused_request_with_it(cast: Cast, as_: As) -> None:
    before = cast.aozora.name
    as_(cast.suzuki).submit("/o/aozora/settings/", {"name": "Taken over"}, page="/profile/")
    db.session.expire_all()
    assert cast.aozora.name == before


def test_notes_no_stranger_and_no_outsider(cast: Cast, as_: As, client: PortalClient) -> None:
    client.get("/o/aozora/settings/")
    as_(cast.yamada).get("/o/aozora/settings/")
    assert lines("access_denied") == []


# limits


def wrong(client: PortalClient, login_id: str, times: int) -> None:
    for _number in range(times):
        client.submit("/login/", {"login_id": login_id, "password": "wrong"})


def test_notes_once_that_too_many_signed_in_wrongly(cast: Cast, client: PortalClient) -> None:
    """ASVS 16.3.1, 16.3.3, B-82: failed sign-ins each, the limit once for the account, not for each
    request.
    """
    wrong(client, "smith", 14)
    assert len(lines("sign_in_failed")) == 10
    [line] = lines("sign_in_throttled")
    assert (line.organization_id, line.subject_id, line.details) == (
        cast.aozora.id,
        cast.smith.id,
        {"ip": "127.0.0.1"},
    )


def test_notes_the_limit_of_a_name_that_nobody_has(cast: Cast, client: PortalClient) -> None:
    wrong(client, "nobody", 12)
    [line] = lines("sign_in_throttled")
    assert (line.organization_id, line.subject_id, line.subject_name) == (None, None, "")
    assert "nobody" not in str(line.details), "what was typed may be a password"


# time


@pytest.fixture
def now() -> datetime:
    return factories.NOW


def test_notes_once_that_an_invitation_expired(each_app: Flask, now: datetime) -> None:
    """B-14: also where two workers look at once; an invitation that is sent again expires again."""
    from tests import cast as people

    cast = people.assemble()
    invite, _token = factories.invite(
        cast.aozora, "late@example.com", cast.tanaka, sent_at=now - timedelta(days=8)
    )
    factories.invite(cast.aozora, "open@example.com", cast.tanaka, sent_at=now)
    db.session.commit()
    assert sorted(at_once(each_app, *[lambda: answering.note_expired(now)] * 2)) == [0, 1]
    assert answering.note_expired(now + timedelta(hours=1)) == 0
    [line] = lines("invite_expired")
    assert (line.subject_name, line.organization_id, line.actor_id) == (
        "late@example.com",
        cast.aozora.id,
        None,
    )
    invite.expires_at = now + timedelta(hours=2)
    db.session.commit()
    assert answering.note_expired(now + timedelta(hours=3)) == 1
    assert SCHEDULE[answering.JOB][0] is answering.note_expired


# secrets


@pytest.mark.parametrize("event", CATALOGUE.values(), ids=CATALOGUE)
def test_has_no_field_for_a_secret(event: Event) -> None:
    """ASVS 16.2.5: nothing secret is logged."""
    assert not [name for name in event.fields if SECRET.search(name)]


def typed_and_mailed(letters: Callable[..., list[Letter]]) -> set[str]:
    """Every code and link key in letters that were written."""
    texts = "\n".join(str(letter.text) + str(letter.subject) for letter in letters())
    return set(re.findall(r"\b\d{6}\b", texts)) | set(re.findall(r"/([A-Za-z0-9_-]{30,})", texts))


def test_holds_nothing_that_was_typed_or_mailed_in_confidence(
    cast: Cast, as_: As, client: PortalClient, letters: Callable[..., list[Letter]]
) -> None:
    """ASVS 16.2.5: passwords, codes, links and session keys of a day, none of them in the log."""
    cast.smith.two_factor = True
    db.session.commit()
    wrong(client, "smith", 2)
    client.submit("/login/", {"login_id": "smith", "password": factories.PASSWORD})
    secrets = typed_and_mailed(letters)
    client.submit("/login/code/", {"code": "123456"})
    tanaka = as_(cast.tanaka)
    tanaka.submit(
        "/o/aozora/members/add",
        {
            "family_name": "New",
            "given_name": "Person",
            "email": "new@example.com",
            "login_id": "newperson",
            "language": "en",
            "type": "power",
            "preset": "custom",
        },
    )
    tanaka.submit(
        "/o/aozora/invites/add",
        {
            "addresses": "guest@example.com",
            "type": "power",
            "preset": "custom",
            "language": "en",
            "password": "Typed-By-Mistake-1",
        },
    )
    client.submit(
        "/login/forgot/",
        {
            "identifier": "smith",
            "login_id": "smith",
            "email": "smith@example.com",
            "who": "smith@example.com",
        },
        page="/login/",
    )
    secrets |= typed_and_mailed(letters) | {
        "wrong",
        factories.PASSWORD,
        "123456",
        "Typed-By-Mistake-1",
    }
    db.session.expire_all()
    kept = "\n".join(
        f"{line.actor_name} {line.subject_name} {line.details} {line.via}"
        for line in db.session.scalars(select(Activity))
    )
    assert len(secrets) > 5, "letters with codes and links were written"
    assert len(kept.splitlines()) >= 4
    assert not [one for one in secrets if one in kept]


# the document


def test_is_all_in_the_manual() -> None:
    """ASVS 16.1.1, 16.3.3: docs/activity-log.md holds the table as it is printed; every heading has
    events.
    """
    table = cli.table()
    assert table in DOCUMENT.read_text(), (
        "write what `flask activity events` prints into docs/activity-log.md"
    )
    assert {group_of(name) for name in CATALOGUE} == set(GROUPS)
    assert "%(" not in table
    assert not HIDDEN & set(re.findall(r"`(\w+)`", table))
