"""The demo: two organizations to look around in.

Here: writing them, in bulk, so that a hundred thousand members take seconds. Not here: who they are
(demo.people).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import chain

from flask_appbuilder.security.sqla.models import Role, assoc_user_role
from sqlalchemy import insert, select

from app.access.seat import PLATFORM_ROLE
from app.demo import history as past
from app.demo import keys
from app.demo.members import accounts, memberships, people
from app.demo.people import (
    AOZORA,
    MINATO,
    NEIGHBOURS,
    NEWCOMER,
    PEOPLE,
    ROLES,
    VISITORS,
    DemoPerson,
    crowd,
)
from app.extensions import db
from app.kernel.errors import Refusal
from app.kernel.i18n import _, lazy
from app.models import Account, MemberRole, MemberType, Organization
from app.passwords import blocklist
from app.passwords.hashing import hash_password

PASSWORD = blocklist.DEMO
DEFAULT_MEMBERS = 200
FEWEST_MEMBERS = len(PEOPLE)
MOST_MEMBERS = 1_000_000


class DemoAlreadyLoaded(Refusal):
    """The demo's organizations, or people with its login IDs, are there already."""

    status = 409
    text = lazy("The demo is loaded already: there is %(what)s. Nothing was changed.")


class DemoInPublic(Refusal):
    """Everybody knows the demo's password."""

    text = lazy("The demo is not loaded while PORTAL_URL is public: everybody knows its password.")


@dataclass
class Demo:
    """What was written, and who can sign in."""

    organizations: list[Organization]
    members: dict[str, int]
    administrator: str | None


def load(*, members: int = DEFAULT_MEMBERS, now: datetime) -> Demo:
    """Write both organizations, their people and invitations; raises DemoAlreadyLoaded and writes
    nothing where they exist.
    """
    _ensure_absent()
    now = now.replace(microsecond=0)
    aozora, minato = _organizations(now)
    roles = _roles(aozora, now)
    hashed = hash_password(PASSWORD)
    administrator = _administrator(hashed, now)
    total = people(chain(PEOPLE, crowd(members - len(PEOPLE))), aozora, roles, hashed, now)
    people(NEIGHBOURS, minato, roles, hashed, now)
    accounts([NEWCOMER], None, hashed, now)
    _join_visitors(minato, roles, now)
    past.write({AOZORA: aozora, MINATO: minato}, now=now)
    keys.write(aozora, now=now)
    return Demo(
        [aozora, minato], {AOZORA: total, MINATO: len(NEIGHBOURS) + len(VISITORS)}, administrator
    )


def _ensure_absent() -> None:
    code = db.session.scalar(
        select(Organization.code).where(Organization.code.in_((AOZORA, MINATO))).limit(1)
    )
    taken = code or db.session.scalar(
        select(Account.username)
        .where(
            Account.login_id_key.in_(
                [*(person.login_id for person in (*PEOPLE, *NEIGHBOURS, NEWCOMER)), keys.LOGIN_ID]
            )
        )
        .limit(1)
    )
    if taken:
        raise DemoAlreadyLoaded(what=taken)


def _organizations(now: datetime) -> tuple[Organization, Organization]:
    began = now - timedelta(days=1720)
    made = (
        Organization(
            code=AOZORA,
            name="株式会社あおぞら",
            latin_name="Aozora Inc.",
            language="ja_JP",
            time_zone="Asia/Tokyo",
            created_at=began,
        ),
        Organization(
            code=MINATO,
            name="みなと設計事務所",
            latin_name="Minato Design",
            language="ja_JP",
            time_zone="Asia/Tokyo",
            created_at=began,
        ),
    )
    db.session.add_all(made)
    db.session.flush()
    return made


def _roles(organization: Organization, now: datetime) -> dict[str, int]:
    for name, description, authorities in ROLES.values():
        db.session.add(
            MemberRole(
                organization_id=organization.id,
                name=name,
                description=description,
                authorities=authorities,
                created_at=now,
            )
        )
    db.session.flush()
    ours = {name: key for key, (name, _description, _authorities) in ROLES.items()}
    mine = select(MemberRole).where(
        MemberRole.key.is_not(None) | (MemberRole.organization_id == organization.id)
    )
    return {role.key or ours[role.name]: role.id for role in db.session.scalars(mine)}


def _administrator(hashed: str, now: datetime) -> str | None:
    """Make `root` where the portal has no administrator yet; return the login ID to sign
    in with."""
    admin = db.session.scalars(select(Role.id).where(Role.name == PLATFORM_ROLE)).one()
    if db.session.scalar(
        select(assoc_user_role.c.user_id).where(assoc_user_role.c.role_id == admin).limit(1)
    ):
        return None
    root = DemoPerson("root", "root@meibo.example", "Root", "Rita", "ルート リタ", language="en")
    [account_id] = accounts([root], None, hashed, now)
    db.session.execute(insert(assoc_user_role).values(user_id=account_id, role_id=admin))
    return root.login_id


def _join_visitors(organization: Organization, roles: dict[str, int], now: datetime) -> None:
    known = db.session.scalars(select(Account).where(Account.login_id_key.in_(VISITORS)))
    visitors = [
        replace(person, roles=("viewer",), authorities=(), type=MemberType.GENERAL)
        for person in PEOPLE
        if person.login_id in VISITORS
    ]
    ids = {account.login_id: account.id for account in known}
    memberships(
        [(person, ids[person.login_id]) for person in visitors if person.login_id in ids],
        organization,
        roles,
        now,
    )


def introductions(loaded: Demo) -> list[tuple[str, str]]:
    """Who can sign in, and what there is to see as them."""
    told = [(loaded.administrator, _("platform administrator"))] if loaded.administrator else []
    return [
        *told,
        ("tanaka", _("power user of aozora, in Japanese, with an invitation to minato waiting")),
        ("sato", _("general user of both organizations, with 2-step verification by mail")),
        ("smith", _("general user of aozora, in English, who may only look")),
        ("suzuki", _("general user of aozora who may see the members")),
        ("yamamoto", _("suspended in aozora, so refused after the right password")),
        ("yamada", _("power user of minato")),
        ("wood", _("member of minato whom tanaka added to aozora, asked at the sign-in")),
        ("clark", _("belongs to no organization, with two invitations waiting")),
    ]
