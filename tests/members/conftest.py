"""What the tests of members share: the forms as they are sent, the rows, somebody in between.

Here: fixtures and small words. Not here: people (cast.py), rows (factories.py).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from app.access.authorities import Authority
from app.extensions import db
from app.models import Account, Activity, Letter, MemberRole, Membership, Organization
from tests import factories
from tests.cast import Cast
from tests.conftest import PortalClient

BASE = "/o/aozora/members"
As = Callable[[Account], PortalClient]
Letters = Callable[..., list[Letter]]
Statements = Callable[[], list[str]]
HELD = frozenset({"billing_viewer"})


def offered(**more: Any) -> dict[str, Any]:
    """What a member is given, as the form sends it: nothing yet."""
    return {"type": "general", "preset": "custom"} | more


def of(who: Account, where: Organization | None = None) -> Membership | None:
    """Somebody's membership as the database has it now, in an organization or in their only one."""
    db.session.expire_all()
    query = select(Membership).where(Membership.account_id == who.id)
    return db.session.scalars(
        query.where(Membership.organization_id == where.id) if where else query
    ).one_or_none()


def is_member(who: Account, where: Organization) -> bool:
    return of(who, where) is not None


def events(name: str = "") -> list[Activity]:
    """The log, oldest first."""
    db.session.expire_all()
    return [
        line
        for line in db.session.scalars(select(Activity).order_by(Activity.id))
        if line.event == name or not name
    ]


def built_in(key: str) -> MemberRole:
    """A role that ships."""
    return db.session.scalars(select(MemberRole).where(MemberRole.key == key)).one()


def fingerprint() -> dict[str, Any]:
    """Everything a write could change, to see that nothing did."""
    db.session.commit()
    db.session.expire_all()
    members = [
        (
            one.account_id,
            one.organization_id,
            one.type,
            sorted(one.authorities),
            sorted(role.id for role in one.roles),
            one.suspended_at,
        )
        for one in db.session.scalars(select(Membership).order_by(Membership.id))
    ]
    people = [
        (
            one.id,
            one.login_id,
            one.email,
            one.family_name,
            one.given_name,
            one.password_hash,
            one.two_factor,
        )
        for one in db.session.scalars(select(Account).order_by(Account.id))
    ]
    return {
        "members": members,
        "people": people,
        "letters": count(Letter),
        "log": len([line for line in events() if line.event != "access_denied"]),
    }


def count(model: Any) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0


@pytest.fixture
def tanaka(cast: Cast, as_: As) -> PortalClient:
    """The power user's browser."""
    return as_(cast.tanaka)


@pytest.fixture
def co_admin(cast: Cast) -> Account:
    """suzuki as Co-admin, reading English: manages members, is no power user."""
    membership = cast.membership(cast.suzuki)
    membership.roles, membership.authorities = [built_in("co_admin")], frozenset()
    cast.suzuki.language = "en"
    db.session.commit()
    return cast.suzuki


@pytest.fixture
def second(cast: Cast) -> Account:
    """Another power user of aozora."""
    made = factories.account(
        "kato", family_name="加藤", given_name="真理子", reading="かとう まりこ"
    )
    factories.membership(made, cast.aozora, power=True)
    db.session.commit()
    return made


@pytest.fixture
def desk(cast: Cast) -> MemberRole:
    """A role of aozora's own."""
    made = factories.role(cast.aozora, "Help desk", Authority.INQUIRY_USER)
    db.session.commit()
    return made


def summary_leads_to(field: str, page: str) -> bool:
    """Whether the summary above the form links to this field, and the link has a target."""
    links = re.findall(rf'href="#({field}(?:-0)?)"', page)
    return bool(links) and all(f'id="{one}"' in page for one in links)


def text(client: PortalClient, path: str, status: int = 200) -> str:
    """A page's HTML, its lines joined."""
    answer = client.get(path if path.startswith("/o/") else BASE + path)
    assert answer.status_code == status, answer.status_code
    return " ".join(answer.get_data(as_text=True).split())


NAMES = re.compile(r'<th scope=row[^>]*>.*?<a href="[^"]*"[^>]*>([^<]*)</a>', re.S)


def listed(client: PortalClient, query: str = "") -> list[str]:
    """The names in the list, in its order."""
    return NAMES.findall(text(client, f"/list/?{query}"))


@pytest.fixture
def crowd(cast: Cast, now: datetime) -> list[Account]:
    """60 more members: every third signed in, every fourth suspended, with roles and readings."""
    roles = [built_in("viewer"), factories.role(cast.aozora, "Night shift", Authority.AGENT_VIEWER)]
    made = []
    for number in range(60):
        email = f"m{number:02}@{'a' if number % 2 else 'b'}.example"
        account = factories.account(
            f"m{number:02}", family_name=f"Member{number:02}", given_name="", email=email
        )
        account.last_sign_in_at = now if number % 3 == 0 else None
        factories.membership(
            account,
            cast.aozora,
            joined_at=now - timedelta(days=number),
            last_access_at=now - timedelta(hours=number) if number % 3 == 0 else None,
            suspended_at=now if number % 4 == 0 else None,
        ).roles = roles[: number % 3]
        made.append(account)
    db.session.commit()
    return made


@pytest.fixture
def smith(tanaka: PortalClient, cast: Cast) -> Membership:
    """smith as a member who holds something."""
    membership = cast.membership(cast.smith)
    membership.authorities, membership.roles = (
        HELD,
        [factories.role(cast.aozora, "Night shift", "user_viewer")],
    )
    db.session.commit()
    return membership


def part(page: str, heading: str) -> str:
    """The section under a heading."""
    start = page.index(f'aria-labelledby="{heading}"')
    return page[start : page.index("</section>", start)]


@pytest.fixture
def viewer(cast: Cast) -> int:
    """smith's membership, with the role Viewer."""
    membership = cast.membership(cast.smith)
    membership.roles = [built_in("viewer")]
    return membership.id


def roles_of(who: Account) -> list[str]:
    membership = of(who)
    return sorted(role.name for role in membership.roles) if membership else []


@pytest.fixture
def door(cast: Cast) -> str:
    """The page that suspends smith."""
    return f"{BASE}/suspension/{cast.membership(cast.smith).id}"


def is_suspended(who: Account) -> bool:
    membership = of(who)
    assert membership
    return membership.is_suspended


@pytest.fixture
def edit(cast: Cast) -> str:
    """The address of suzuki's membership form; suzuki is a User Viewer."""
    return f"{BASE}/edit/{cast.membership(cast.suzuki).id}"
