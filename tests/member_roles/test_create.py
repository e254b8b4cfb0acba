"""Creating a role of an organization's own (S4-06…S4-08 are built in; D-C8 lets organizations add
theirs). It …
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from flask import Flask
from sqlalchemy import select

from app.access.granting import AboveYourself
from app.extensions import db
from app.member_roles import queries
from app.member_roles import service as roles
from app.models import Account, Activity, MemberRole
from tests import cast as people
from tests import factories
from tests.cast import Cast
from tests.conftest import PortalClient
from tests.member_roles.conftest import SeatOf

As = Callable[[Account], PortalClient]
ADD = "/o/aozora/roles/add"
TYPED = {
    "name": "Night shift",
    "description": "After ten",
    "authorities": ["inquiry_user", "user_viewer"],
}


def own_roles() -> list[MemberRole]:
    db.session.expire_all()
    return list(
        db.session.scalars(
            select(MemberRole).where(MemberRole.key.is_(None)).order_by(MemberRole.id)
        )
    )


def test_makes_a_role_that_can_be_given_at_once(cast: Cast, as_: As) -> None:
    """D-C8: organizations add their own."""
    page = as_(cast.tanaka).submit(ADD, TYPED, follow_redirects=True).get_data(as_text=True)
    assert "was created." in page
    [role] = own_roles()
    assert (role.name, role.description, role.organization_id) == (
        "Night shift",
        "After ten",
        cast.aozora.id,
    )
    assert role.authorities == {"inquiry_user", "user_viewer"}
    assert role in queries.available(cast.aozora)
    assert role not in queries.available(cast.minato)


def test_leaves_one_line_in_the_log(cast: Cast, as_: As) -> None:
    as_(cast.tanaka).submit(ADD, TYPED)
    [line] = db.session.scalars(select(Activity).where(Activity.event == "role_created"))
    assert (line.actor_id, line.subject_name, line.organization_id) == (
        cast.tanaka.id,
        "Night shift",
        cast.aozora.id,
    )
    assert line.details == {"authorities": ["inquiry_user", "user_viewer"]}


def test_takes_along_what_an_authority_needs(cast: Cast, as_: As) -> None:
    """S0-25: the AWS Account Viewer also needs the Project Viewer, without script too."""
    as_(cast.tanaka).submit(ADD, TYPED | {"authorities": ["aws_account_viewer"]})
    assert own_roles()[0].authorities == {"aws_account_viewer", "project_viewer"}


def test_may_be_empty_of_authorities(cast: Cast, as_: As) -> None:
    as_(cast.tanaka).submit(ADD, {"name": "Someday"})
    assert own_roles()[0].authorities == frozenset()


def test_is_done_by_the_platform_administrator_and_logged_as_such(cast: Cast, as_: As) -> None:
    """S4-02."""
    as_(cast.root).submit(ADD, TYPED)
    assert own_roles()[0].organization_id == cast.aozora.id
    [line] = db.session.scalars(select(Activity).where(Activity.event == "role_created"))
    assert line.as_platform


def test_is_done_by_a_role_manager_within_their_own_authorities(
    role_manager: Account, as_: As
) -> None:
    """D-1."""
    assert as_(role_manager).submit(ADD, TYPED).status_code == 302
    assert own_roles()[0].name == "Night shift"


@pytest.mark.parametrize(
    ("beyond", "names"),
    [
        ("member_manager", "Member Manager"),
        ("settings_manager", "Settings Manager"),
        ("activity_viewer", "Activity Log Viewer"),
    ],
)
def test_gives_nobody_more_than_its_maker_has(
    role_manager: Account, as_: As, beyond: str, names: str
) -> None:
    """D-1, by a forged form: the box is locked on the page."""
    answer = as_(role_manager).submit(ADD, TYPED | {"authorities": ["inquiry_user", beyond]})
    assert answer.status_code == 403
    page = answer.get_data(as_text=True)
    assert f"You need “{names}” to give it to someone." in page
    assert "Night shift" in page, "what was typed stays"
    assert own_roles() == []


def test_gives_nobody_more_than_its_maker_has_on_any_path(
    cast: Cast, role_manager: Account, seat_of: SeatOf, now: datetime
) -> None:
    """D-1, in the verb itself."""
    with pytest.raises(AboveYourself):
        roles.create(
            cast.aozora,
            name="Up",
            description="",
            authorities=["member_manager"],
            by=seat_of(role_manager),
            now=now,
        )


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("Night shift", "the same"),
        ("  night   SHIFT ".replace("   ", " "), "case and spaces"),
        ("ＮＩＧＨＴ ｓｈｉｆｔ", "full width"),
        ("admin", "built in"),
        ("CO-ADMIN", "built in"),
        ("管理者", "built in, in Japanese"),
        ("閲覧のみ", "a preset, in Japanese"),
    ],
)
def test_wants_a_name_that_nothing_else_has(cast: Cast, as_: As, name: str, why: str) -> None:
    factories.role(cast.aozora, "Night shift")
    answer = as_(cast.tanaka).submit(ADD, {"name": name, "description": "kept"})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 409, why
    assert "There is already a role with this name." in page
    assert "kept" in page
    assert len(own_roles()) == 1


def test_may_have_the_name_of_another_organizations_role(cast: Cast, as_: As) -> None:
    factories.role(cast.minato, "Night shift")
    assert as_(cast.tanaka).submit(ADD, TYPED).status_code == 302


def test_stops_at_what_a_choice_can_show(cast: Cast, as_: As) -> None:
    for number in range(queries.MOST_ROLES):
        factories.role(cast.aozora, f"Role {number}")
    answer = as_(cast.tanaka).submit(ADD, TYPED)
    assert answer.status_code == 400
    assert "An organization can have 200 roles of its own." in answer.get_data(as_text=True)
    assert len(own_roles()) == queries.MOST_ROLES


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"name": ""}, "Fill this in."),
        ({"name": "   "}, "Fill this in."),
        ({"name": "x" * 65}, "At most 64 characters."),
        ({"name": "a\x00b"}, "This contains a character that cannot be used here"),
        ({"name": "a\nb"}, "This contains a character that cannot be used here"),
        ({"description": "x" * 301}, "At most 300 characters."),
        ({"description": "a\x07b"}, "This contains a character that cannot be used here"),
        ({"authorities": ["user_viewer", "no_such"]}, "One of these authorities does not exist."),
        ({"authorities": ["x\x00"]}, "One of these authorities does not exist."),
    ],
)
def test_says_at_the_field_what_is_wrong(
    cast: Cast, as_: As, typed: dict[str, object], sentence: str
) -> None:
    answer = as_(cast.tanaka).submit(
        ADD, {"name": "Night shift", "description": "kept words"} | typed
    )
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert sentence in page
    assert "kept words" in page or "description" in typed
    assert own_roles() == []


@pytest.mark.parametrize("name", ['Ops; Night, "A"', "営業；夜勤", "a,b", "“A”；"])
def test_takes_no_name_that_a_list_would_tear(cast: Cast, as_: As, name: str) -> None:
    """T2-17"""
    answer = as_(cast.tanaka).submit(ADD, TYPED | {"name": name})
    assert answer.status_code == 422
    assert "A role name cannot contain a semicolon" in answer.get_data(as_text=True)
    assert own_roles() == []


def test_complains_in_japanese_to_readers_of_japanese(cast: Cast, as_: As) -> None:
    cast.tanaka.language = "ja_JP"
    page = as_(cast.tanaka).submit(ADD, {"name": "x" * 65}).get_data(as_text=True)
    assert "64文字以内で入力してください。" in page
    assert "At most" not in page


def test_is_refused_to_those_who_only_look(cast: Cast, as_: As) -> None:
    """S4-07: whoever lacks the authority, by address and by POST."""
    browser = as_(cast.suzuki)
    assert browser.get(ADD).status_code == 403
    assert browser.submit(ADD, TYPED, page="/").status_code == 403
    assert as_(cast.smith).submit(ADD, TYPED, page="/").status_code == 403
    assert own_roles() == []


def test_is_not_there_for_outsiders(cast: Cast, as_: As) -> None:
    """S4-09."""
    browser = as_(cast.yamada)
    assert browser.get(ADD).status_code == 404
    assert browser.submit(ADD, TYPED, page="/").status_code == 404
    assert as_(cast.newcomer).get(ADD).status_code == 404
    assert own_roles() == []


def test_asks_strangers_to_sign_in(cast: Cast, client: PortalClient) -> None:
    assert client.get(ADD).location.startswith("/login/")
    assert client.submit(ADD, TYPED, page="/login/").location.startswith("/login/")
    assert own_roles() == []


def test_wants_the_forms_token(cast: Cast, as_: As) -> None:
    assert as_(cast.tanaka).post(ADD, data=TYPED).status_code == 400
    assert own_roles() == []


def test_keeps_the_widest_of_names_on_every_database(each_app: Flask) -> None:
    """One character becomes eighteen when it is folded."""
    browser = each_app.test_client()
    assert isinstance(browser, PortalClient)
    browser.sign_in(people.assemble().tanaka)
    assert browser.submit("/o/aozora/roles/add", {"name": "\ufdfa" * 64}).status_code == 302
