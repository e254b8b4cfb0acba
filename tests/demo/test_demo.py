"""The demo: two organizations that show every kind of member, role and invitation. It …"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.access.roles import BUILT_IN
from app.access.seat import standing_authorities
from app.demo import keys
from app.demo import service as demo
from app.extensions import db
from app.models import (
    Account,
    Activity,
    Invite,
    InviteStatus,
    Letter,
    MemberRole,
    Membership,
    MemberType,
    Organization,
    PortalKey,
)
from app.models.member_role import membership_role
from tests.conftest import PortalClient, empty

As = Callable[[Account], PortalClient]


@pytest.fixture(scope="module")
def loaded(sqlite_app: Flask) -> Iterator[Flask]:
    """The demo as `flask portal demo --members 60` loads it, once for these tests, which
    only look."""
    empty(sqlite_app)
    with sqlite_app.app_context():
        demo.load(members=60, now=datetime.now(UTC))
        db.session.commit()
        yield sqlite_app
        db.session.remove()


def person(login_id: str) -> Account:
    return db.session.scalars(select(Account).where(Account.login_id_key == login_id)).one()


def browser(app: Flask, login_id: str) -> PortalClient:
    made = app.test_client()
    assert isinstance(made, PortalClient)
    return made.sign_in(person(login_id))


def test_fills_both_organizations(loaded: Flask) -> None:
    counted = select(Organization.code, func.count(Membership.id)).join(
        Membership, Membership.organization_id == Organization.id
    )
    counted = (
        counted.join(Membership.account)
        .where(Account.is_service.is_(False))
        .group_by(Organization.code)
    )
    assert dict(db.session.execute(counted).all()) == {"aozora": 60, "minato": 8}


def test_has_members_of_every_kind(loaded: Flask) -> None:
    """Both types, suspended ones, some never seen, some without role, in both languages, managed or
    not, with 2-step verification.
    """
    rows = list(db.session.scalars(select(Membership)).unique())
    assert {row.type for row in rows} == set(MemberType)
    for is_so in (
        lambda row: row.is_suspended and row.suspended_reason,
        lambda row: row.last_access_at is None,
        lambda row: not row.roles,
        lambda row: len(row.roles) > 2,
        lambda row: row.authorities,
        lambda row: row.account.two_factor,
        lambda row: row.account.managed_by_id,
        lambda row: row.account.language == "en",
        lambda row: row.account.language == "ja_JP",
    ):
        assert 0 < sum(bool(is_so(row)) for row in rows) < len(rows)


def test_uses_every_role_of_the_documents(loaded: Flask) -> None:
    """S3-01, S4-06…S4-08 and the presets of 001_."""
    held = set(
        db.session.scalars(
            select(MemberRole.key).join(membership_role, membership_role.c.role_id == MemberRole.id)
        )
    )
    assert set(BUILT_IN) - {"all"} <= held
    assert None in held, "and roles of the organization's own"


def test_has_invitations_in_every_state(loaded: Flask) -> None:
    """S1-08, S3-30, S3-31."""
    now = datetime.now(UTC)
    rows = list(db.session.scalars(select(Invite)))
    assert {row.status for row in rows} == set(InviteStatus)
    pending = [row.is_open(now) for row in rows if row.status is InviteStatus.PENDING]
    assert set(pending) == {True, False}, "open and expired ones"


def test_writes_to_nobody_real(loaded: Flask) -> None:
    """Every address is of a domain that is reserved for examples; and no letter is sent."""
    addresses = [
        *db.session.scalars(select(Account.email)),
        *db.session.scalars(select(Invite.address)),
    ]
    assert [
        one
        for one in addresses
        if not re.search(r"@((.+\.)?example(\.com|\.jp)?|service\.invalid)$", one)
    ] == []
    assert list(db.session.scalars(select(Letter.id))) == []


def test_is_found_by_reading_and_sorted_by_it(loaded: Flask) -> None:
    """Rows that were written in bulk are as complete as those that a form wrote."""
    tanaka = browser(loaded, "tanaka")
    assert "田中 太郎" in tanaka.get("/o/aozora/members/list/?q=たなか").get_data(as_text=True)
    assert "田中 太郎" in tanaka.get("/o/aozora/members/list/?q=TANAKA@").get_data(as_text=True)


@pytest.mark.parametrize(
    "who", ["tanaka", "takahashi", "mueller", "smith", "sato", "suzuki", "root", "yamada", "clark"]
)
def test_opens_every_page_of_the_menu_to_the_people_it_names(loaded: Flask, who: str) -> None:
    walker = browser(loaded, who)
    start = walker.get("/", follow_redirects=True)
    menu = re.findall(
        r'href="(/[^"#?]*)"',
        re.search(r'(?s)<nav class="side".*?</nav>', start.get_data(as_text=True))[0],
    )  # type: ignore[index]
    assert menu
    for address in menu:
        assert walker.get(address).status_code == 200, address


def test_has_a_past_that_is_told_in_both_languages(loaded: Flask) -> None:
    """S3-04: no sentence of the log has a hole."""
    tanaka = person("tanaka")
    written = db.session.scalar(
        select(func.count(Activity.id)).where(
            Activity.organization_id == tanaka.memberships[0].organization_id
        )
    )
    assert written is not None
    assert written >= 12
    for language in ("en", "ja_JP"):
        tanaka.language = language
        page = browser(loaded, "tanaka").get("/o/aozora/activity/list/").get_data(as_text=True)
        assert "%(" not in page
        assert page.count('<li class="line">') == written
    tanaka.language = "ja_JP"
    db.session.commit()


def test_has_keys_and_an_exception_to_look_at(loaded: Flask) -> None:
    """B-52, B-90, B-91: one key of a person, one of a service account, and somebody excepted from
    the 2-step rule.
    """
    tanaka = browser(loaded, "tanaka")
    keys = tanaka.get("/o/aozora/keys/list/").get_data(as_text=True)
    for words in ("毎晩の同期", "勤怠システム連携", "メンバー集計"):
        assert words in keys
    assert "スマートフォンを交換中のため" in tanaka.get(
        "/o/aozora/settings/two-factor/?standing=excepted"
    ).get_data(as_text=True)
    for key in db.session.scalars(select(PortalKey)):
        assert key.works(datetime.now(UTC))
        assert key.scopes <= standing_authorities(
            next(
                one for one in key.account.memberships if one.organization_id == key.organization_id
            )
        )


def test_tells_of_the_service_account_before_its_key(loaded: Flask) -> None:
    """As service_accounts.service.create does."""
    robot = person("kintai")
    lines = list(
        db.session.scalars(
            select(Activity).where(
                Activity.subject_id == robot.id, Activity.subject_name == robot.written_name
            )
        )
    )
    assert [line.event for line in sorted(lines, key=lambda line: line.id)] == [
        "account_registered",
        "member_added",
        "key_issued",
    ]
    assert {(line.happened_at, line.actor_name) for line in lines} == {
        (robot.created_at, person("tanaka").written_name)
    }
    assert lines[1].details == {"type": "general", "roles": [], "authorities": sorted(keys.READS)}


def test_is_loaded_once(loaded: Flask) -> None:
    with pytest.raises(demo.DemoAlreadyLoaded):
        demo.load(members=60, now=datetime.now(UTC))
