"""Editing a role: everybody who holds it is concerned at once; whose roles can be edited. It …"""

from __future__ import annotations

from datetime import datetime

import pytest
from sqlalchemy import select

from app.extensions import db
from app.kernel.errors import NotFound
from app.member_roles import service as roles
from app.models import MemberRole
from tests import factories
from tests.cast import Cast
from tests.conftest import PortalClient
from tests.member_roles.conftest import As, SeatOf
from tests.member_roles.editing import TYPED, UNTOUCHED, as_kept, edits, path


def test_concerns_everybody_who_holds_the_role_at_once(
    cast: Cast, as_: As, desk: MemberRole
) -> None:
    smith = as_(cast.smith)
    assert smith.get("/o/aozora/members/list/").status_code == 403
    page = (
        as_(cast.tanaka)
        .submit(
            path(desk), TYPED | {"authorities": ["user_viewer"], "sure": "1"}, follow_redirects=True
        )
        .get_data(as_text=True)
    )
    assert "was changed." in page
    assert smith.get("/o/aozora/members/list/").status_code == 200


def test_says_before_saving_whom_it_concerns(cast: Cast, as_: As, desk: MemberRole) -> None:
    assert "1 member holds this role and is concerned at once." in as_(cast.tanaka).get(
        path(desk)
    ).get_data(as_text=True)


def test_shows_what_the_role_holds_now(cast: Cast, as_: As, desk: MemberRole) -> None:
    page = as_(cast.tanaka).get(path(desk)).get_data(as_text=True)
    assert 'value="Desk"' in page
    assert "By day" in page
    assert 'value="inquiry_user" id="authorities-inquiry_user" checked' in page
    assert 'value="user_viewer" id="authorities-user_viewer" checked' not in page


def test_leaves_before_and_after_in_the_log(cast: Cast, as_: As, desk: MemberRole) -> None:
    as_(cast.tanaka).submit(
        path(desk),
        {
            "name": "Front desk",
            "description": "By day",
            "authorities": ["user_viewer"],
            "sure": "1",
        },
    )
    [line] = edits()
    assert line.details == {
        "changes": {
            "name": ["Desk", "Front desk"],
            "authorities": [["inquiry_user"], ["user_viewer"]],
        }
    }
    assert (line.actor_id, line.organization_id) == (cast.tanaka.id, cast.aozora.id)


def test_writes_nothing_when_nothing_changed(cast: Cast, as_: As, desk: MemberRole) -> None:
    assert as_(cast.tanaka).submit(path(desk), TYPED).status_code == 302
    assert edits() == []


def test_may_keep_its_name_in_another_spelling(cast: Cast, as_: As, desk: MemberRole) -> None:
    assert as_(cast.tanaka).submit(path(desk), TYPED | {"name": "DESK"}).status_code == 302
    assert as_kept(desk)[0] == "DESK"


@pytest.mark.parametrize("name", ["Night shift", "ＮＩＧＨＴ ＳＨＩＦＴ", "Viewer", "閲覧者"])
def test_does_not_take_a_name_that_something_else_has(
    cast: Cast, as_: As, desk: MemberRole, name: str
) -> None:
    factories.role(cast.aozora, "Night shift")
    answer = as_(cast.tanaka).submit(path(desk), TYPED | {"name": name})
    assert answer.status_code == 409
    assert "There is already a role with this name." in answer.get_data(as_text=True)
    assert as_kept(desk) == UNTOUCHED


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"name": ""}, "Fill this in."),
        ({"name": "x" * 65}, "At most 64 characters."),
        ({"name": "a\x00"}, "cannot be used here"),
        ({"description": "x" * 301}, "At most 300 characters."),
        ({"authorities": ["no_such"]}, "One of these authorities does not exist."),
    ],
)
def test_says_at_the_field_what_is_wrong(
    cast: Cast, as_: As, desk: MemberRole, typed: dict[str, object], sentence: str
) -> None:
    answer = as_(cast.tanaka).submit(path(desk), TYPED | typed)
    assert answer.status_code == 422
    assert sentence in answer.get_data(as_text=True)
    assert as_kept(desk) == UNTOUCHED


@pytest.mark.parametrize("key", ["admin", "viewer", "all"])
def test_leaves_built_in_roles_as_the_documents_have_them(cast: Cast, as_: As, key: str) -> None:
    """S3-01, S4-06…S4-08, S1-14: refused to power users and the platform administrator alike, on
    every path.
    """
    role = db.session.scalars(select(MemberRole).where(MemberRole.key == key)).one()
    kept = as_kept(role)
    for who in (cast.tanaka, cast.root):
        browser = as_(who)
        assert "Built-in roles cannot be edited or deleted." in browser.get(path(role)).get_data(
            as_text=True
        )
        assert browser.submit(path(role), TYPED, page="/o/aozora/").status_code == 403
    assert as_kept(role) == kept


@pytest.mark.parametrize("pk", [999_999, 0])
def test_knows_no_such_role(cast: Cast, as_: As, pk: int) -> None:
    assert as_(cast.tanaka).get(path(pk)).status_code == 404


def test_reaches_no_other_organizations_role(
    cast: Cast, as_: As, seat_of: SeatOf, now: datetime
) -> None:
    """S4-09: neither under this organization's address, nor through the verb."""
    theirs = factories.role(cast.minato, "Theirs", "inquiry_user")
    browser = as_(cast.tanaka)
    assert browser.get(path(theirs)).status_code == 404
    assert browser.submit(path(theirs), TYPED, page="/").status_code == 404
    with pytest.raises(NotFound):
        roles.edit(
            theirs,
            cast.aozora,
            name="Mine",
            description="",
            authorities=[],
            by=seat_of(cast.tanaka),
            now=now,
        )


def test_is_refused_to_those_who_only_look(cast: Cast, as_: As, desk: MemberRole) -> None:
    for who in (cast.suzuki, cast.smith):
        browser = as_(who)
        assert browser.get(path(desk)).status_code == 403
        assert browser.submit(path(desk), TYPED | {"name": "Mine"}, page="/").status_code == 403
    assert as_kept(desk) == UNTOUCHED


def test_is_not_there_for_outsiders(cast: Cast, as_: As, desk: MemberRole) -> None:
    for who in (cast.yamada, cast.newcomer):
        browser = as_(who)
        assert browser.get(path(desk)).status_code == 404
        assert browser.submit(path(desk), TYPED | {"name": "Mine"}, page="/").status_code == 404
    assert as_(cast.yamada).get(path(desk, "minato")).status_code == 404
    assert as_kept(desk) == UNTOUCHED


def test_asks_strangers_to_sign_in(cast: Cast, client: PortalClient, desk: MemberRole) -> None:
    assert client.get(path(desk)).location.startswith("/login/")
    assert client.submit(path(desk), TYPED | {"name": "Mine"}, page="/login/").location.startswith(
        "/login/"
    )
    assert as_kept(desk) == UNTOUCHED
