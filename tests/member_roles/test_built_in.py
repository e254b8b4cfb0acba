"""What the roles of the documents open and keep closed, on the screens there are. It …"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import select

from app.access import roles as documented
from app.access.authorities import Authority as A
from app.extensions import db
from app.member_roles import builtin
from app.models import Account, MemberRole
from tests.cast import Cast
from tests.conftest import PortalClient

As = Callable[[Account], PortalClient]
Holding = Callable[[str], PortalClient]
OPEN, CLOSED = 200, 403
MEMBERS, ADD_MEMBER, LOG, ROLES, ADD_ROLE, SETTINGS = (
    "members/list/",
    "members/add",
    "activity/list/",
    "roles/list/",
    "roles/add",
    "settings/",
)


@pytest.fixture
def holding(cast: Cast, as_: As) -> Holding:
    """`holding("viewer")`: smith, who holds that role and nothing else."""

    def given(key: str) -> PortalClient:
        cast.membership(cast.smith).roles[:] = [
            db.session.scalars(select(MemberRole).where(MemberRole.key == key)).one()
        ]
        db.session.commit()
        return as_(cast.smith)

    return given


@pytest.mark.parametrize("key", ["admin", "co_admin", "asset_manager", "viewer"])
def test_all_four_project_roles_see_members_and_the_log(holding: Holding, key: str) -> None:
    """S3-01, S3-02, S3-04."""
    browser = holding(key)
    assert [browser.get(f"/o/aozora/{page}").status_code for page in (MEMBERS, LOG, ROLES)] == [
        OPEN,
        OPEN,
        OPEN,
    ]


@pytest.mark.parametrize(
    ("key", "members", "roles", "settings"),
    [
        ("admin", OPEN, OPEN, OPEN),
        ("co_admin", OPEN, CLOSED, CLOSED),
        ("asset_manager", CLOSED, CLOSED, CLOSED),
        ("viewer", CLOSED, CLOSED, CLOSED),
        ("organization_user_manager", OPEN, CLOSED, CLOSED),
        ("editor", CLOSED, CLOSED, CLOSED),
        ("content_viewer", CLOSED, CLOSED, CLOSED),
    ],
)
def test_only_some_of_them_write(
    holding: Holding, key: str, members: int, roles: int, settings: int
) -> None:
    """S3-03, S4-01, S4-07: members are managed by Admin, Co-admin and Organization-User-Manager."""
    browser = holding(key)
    assert [
        browser.get(f"/o/aozora/{page}").status_code for page in (ADD_MEMBER, ADD_ROLE, SETTINGS)
    ] == [members, roles, settings]


def test_the_co_admin_does_not_act_on_admins(cast: Cast, holding: Holding) -> None:
    """S3-03, D-1: neither edits nor removes an Admin, nor makes one."""
    browser = holding("co_admin")
    admin = db.session.scalars(select(MemberRole).where(MemberRole.key == "admin")).one()
    cast.membership(cast.suzuki).roles.append(admin)
    db.session.commit()
    own, pk = cast.membership(cast.smith).id, cast.membership(cast.suzuki).id
    gift = {"type": "general", "preset": "custom", "roles": [str(admin.id)], "sure": "1"}
    why = "You need “Role Manager” and “Settings Manager” to change this person."
    for path, form in (("edit", {"type": "general", "preset": "custom"}), ("delete", {})):
        answer = browser.submit(f"/o/aozora/members/{path}/{pk}", form, page="/profile/")
        told = answer if path == "edit" else browser.get("/o/aozora/members/list/")
        assert (path, answer.status_code) in {("edit", 403), ("delete", 302)}
        assert why in told.get_data(as_text=True)
    made = browser.submit(f"/o/aozora/members/edit/{own}", gift, page="/profile/")
    assert made.status_code == 403
    assert "You need" in made.get_data(as_text=True)
    db.session.expire_all()
    assert cast.membership(cast.suzuki).roles == [admin], "the Admin is still a member"
    assert admin not in cast.membership(cast.smith).roles


@pytest.mark.parametrize(
    ("row", "key", "edits"),
    [
        ("S3-05", "admin", True),
        ("S3-05", "co_admin", True),
        ("S3-05", "asset_manager", True),
        ("S3-05", "viewer", False),
    ],
)
def test_editing_resources_is_for_three_of_the_four(row: str, key: str, edits: bool) -> None:
    """S3-05."""
    resources = {A.AGENT_EDITOR, A.TARGET_EDITOR, A.PROBING_EDITOR}
    assert (resources <= documented.BUILT_IN[key].authorities) is edits, row


@pytest.mark.parametrize(
    ("key", "holds"),
    [("editor", {A.CONTENT_VIEWER, A.CONTENT_EDITOR}), ("content_viewer", {A.CONTENT_VIEWER})],
)
def test_editor_and_viewer_hold_content_and_see_no_members(
    cast: Cast, holding: Holding, key: str, holds: set[str]
) -> None:
    """S4-06, S4-08, S4-09: only what they hold explicitly, and only in that organization."""
    browser = holding(key)
    home = browser.get("/o/aozora/").get_data(as_text=True)
    assert "See content" in home
    assert ("Create, edit, delete and publish content" in home) is (A.CONTENT_EDITOR in holds)
    assert browser.get(f"/o/aozora/{MEMBERS}").status_code == CLOSED
    assert browser.get("/o/minato/").status_code == 404


def test_somebody_without_any_role_or_authority_is_told_so(as_: As, cast: Cast) -> None:
    """S4-05, S0-13: a member may come to hold nothing, such as when a role was deleted; then
    nothing opens.
    """
    browser = as_(cast.smith)
    assert "hold no authority in it yet" in browser.get("/o/aozora/").get_data(as_text=True)
    assert [browser.get(f"/o/aozora/{page}").status_code for page in (MEMBERS, ROLES, LOG)] == [
        CLOSED,
        CLOSED,
        CLOSED,
    ]


def test_every_start_brings_the_built_in_ones_up_to_date(cast: Cast, holding: Holding) -> None:
    """S3-01: the rows mirror the table, however often it runs; nobody loses a role by it."""
    holding("viewer")
    viewer = cast.membership(cast.smith).roles[0]
    viewer.authorities, viewer.name = frozenset({"member_manager"}), "Spoilt"
    before = db.session.query(MemberRole).count()
    for _time in range(2):
        builtin.mirror()
        db.session.commit()
    assert (viewer.name, viewer.authorities) == ("Viewer", documented.VIEWER)
    assert cast.membership(cast.smith).roles == [viewer]
    assert db.session.query(MemberRole).count() == before
