"""The demo: two organizations to look around in.

Here: writing them, in bulk, so that a hundred thousand members take seconds. Not here: who they are
(organizations.demo_people).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import chain, islice
from typing import TypeVar

from flask_appbuilder.security.sqla.models import Role, assoc_user_role
from sqlalchemy import insert, select

from app.access.seat import PLATFORM_ROLE
from app.extensions import db
from app.kernel.errors import Refusal
from app.kernel.i18n import _, lazy
from app.kernel.text import fold
from app.models import Account, MemberRole, Membership, MemberType, Organization
from app.models.member_role import membership_role
from app.models.membership import COPIES
from app.organizations import demo_keys as keys
from app.organizations import demo_past as past
from app.organizations.demo_people import (
    AOZORA,
    MINATO,
    NEIGHBOURS,
    NEWCOMER,
    PEOPLE,
    ROLES,
    VISITORS,
    Person,
    crowd,
)
from app.passwords import blocklist
from app.passwords.hashing import hash_password

PASSWORD = blocklist.DEMO
DEFAULT_MEMBERS = 200
FEWEST_MEMBERS = len(PEOPLE)
MOST_MEMBERS = 1_000_000
BATCH = 5_000

Row = TypeVar("Row")


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
    total = _people(chain(PEOPLE, crowd(members - len(PEOPLE))), aozora, roles, hashed, now)
    _people(NEIGHBOURS, minato, roles, hashed, now)
    _accounts([NEWCOMER], None, hashed, now)
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
                [*(one.login_id for one in (*PEOPLE, *NEIGHBOURS, NEWCOMER)), keys.LOGIN_ID]
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
    root = Person("root", "root@meibo.example", "Root", "Rita", "ルート リタ", language="en")
    [account_id] = _accounts([root], None, hashed, now)
    db.session.execute(insert(assoc_user_role).values(user_id=account_id, role_id=admin))
    return root.login_id


def _people(
    people: Iterable[Person],
    organization: Organization,
    roles: dict[str, int],
    hashed: str,
    now: datetime,
) -> int:
    total = 0
    for batch in _batches(people, BATCH):
        ids = _accounts(batch, organization, hashed, now)
        _memberships(list(zip(batch, ids, strict=True)), organization, roles, now)
        total += len(batch)
    return total


def _accounts(
    people: Sequence[Person], organization: Organization | None, hashed: str, now: datetime
) -> list[int]:
    _write(Account, [_account(person, organization, hashed, now) for person in people])
    written = select(Account.login_id_key, Account.id).where(
        Account.login_id_key.in_([fold(person.login_id) for person in people])
    )
    ids = dict(db.session.execute(written).all())
    return [ids[fold(person.login_id)] for person in people]


def _write(model: type[Account | Membership], rows: Sequence[Account | Membership]) -> None:
    """Write rows in one go, with whatever they made of their values; they are not kept, so that the
    next thousands cost no more.
    """
    values = [
        {key: value for key, value in vars(row).items() if not key.startswith("_")} for row in rows
    ]
    db.session.execute(insert(model).execution_options(render_nulls=True), values)


def _account(
    person: Person, organization: Organization | None, hashed: str, now: datetime
) -> Account:
    return Account(
        last_name=person.family_name,
        first_name=person.given_name,
        reading=person.reading,
        latin_name=person.latin_name,
        username=person.login_id,
        email=person.email,
        password=hashed,
        language=person.language,
        active=True,
        time_zone="Asia/Tokyo" if person.language == "ja_JP" else "Europe/Dublin",
        zone_is_chosen=person.seen is not None,
        two_factor=person.two_factor,
        managed_by_id=organization.id if organization and person.managed else None,
        created_at=now - timedelta(days=person.joined),
        password_changed_at=now - timedelta(days=person.joined),
        email_verified_at=now - timedelta(days=person.joined),
        last_sign_in_at=None if person.seen is None else now - person.seen,
    )


def _memberships(
    people: list[tuple[Person, int]],
    organization: Organization,
    roles: dict[str, int],
    now: datetime,
) -> None:
    copied = _copied([account_id for _person, account_id in people])
    _write(
        Membership,
        [
            _membership(person, account_id, copied[account_id], organization, now)
            for person, account_id in people
        ],
    )
    mine = select(Membership.account_id, Membership.id).where(
        Membership.organization_id == organization.id,
        Membership.account_id.in_([account_id for _person, account_id in people]),
    )
    ids = dict(db.session.execute(mine).all())
    held = [
        {"membership_id": ids[account_id], "role_id": roles[role]}
        for person, account_id in people
        for role in person.roles
    ]
    if held:
        db.session.execute(insert(membership_role), held)


def _copied(account_ids: Sequence[int]) -> dict[int, dict[str, object]]:
    """What each membership repeats of its account, read for all of them at once."""
    sources = [getattr(Account, source) for source in COPIES.values()]
    rows = db.session.execute(select(Account.id, *sources).where(Account.id.in_(account_ids)))
    return {account_id: dict(zip(COPIES, values, strict=True)) for account_id, *values in rows}


def _membership(
    person: Person,
    account_id: int,
    copied: dict[str, object],
    organization: Organization,
    now: datetime,
) -> Membership:
    return Membership(
        account_id=account_id,
        organization_id=organization.id,
        type=person.type,
        authorities=frozenset(map(str, person.authorities)),
        joined_at=now - timedelta(days=person.joined),
        last_access_at=None if person.seen is None else now - person.seen,
        suspended_at=_suspended_at(person, now),
        suspended_reason=person.reason,
        **copied,
    )


def _suspended_at(person: Person, now: datetime) -> datetime | None:
    return (
        now - (person.seen or timedelta(days=person.joined)) + timedelta(hours=1)
        if person.is_suspended
        else None
    )


def _join_visitors(organization: Organization, roles: dict[str, int], now: datetime) -> None:
    accounts = db.session.scalars(select(Account).where(Account.login_id_key.in_(VISITORS)))
    visitors = [
        replace(person, roles=("viewer",), authorities=(), type=MemberType.GENERAL)
        for person in PEOPLE
        if person.login_id in VISITORS
    ]
    ids = {account.login_id: account.id for account in accounts}
    _memberships(
        [(person, ids[person.login_id]) for person in visitors if person.login_id in ids],
        organization,
        roles,
        now,
    )


def _batches(items: Iterable[Row], size: int) -> Iterator[list[Row]]:
    rest = iter(items)
    while batch := list(islice(rest, size)):
        yield batch


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
