"""Writing the demo's people and their memberships, in bulk.

Here: rows by the thousand. Not here: who they are (demo.people), what else the demo
has (demo.service).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import islice
from typing import TypeVar

from sqlalchemy import insert, select

from app.demo.people import DemoPerson
from app.extensions import db
from app.kernel.text import fold
from app.models import Account, Membership, Organization
from app.models.member_role import membership_role
from app.models.membership import COPIES
from app.search_index import writing as search_index

BATCH = 5_000

Row = TypeVar("Row")


def people(
    listed: Iterable[DemoPerson],
    organization: Organization,
    roles: dict[str, int],
    hashed: str,
    now: datetime,
) -> int:
    total = 0
    for batch in _batches(listed, BATCH):
        ids = accounts(batch, organization, hashed, now)
        memberships(list(zip(batch, ids, strict=True)), organization, roles, now)
        total += len(batch)
    return total


def accounts(
    people: Sequence[DemoPerson], organization: Organization | None, hashed: str, now: datetime
) -> list[int]:
    _write(Account, [_account(person, organization, hashed, now) for person in people])
    written = select(Account.login_id_key, Account.id).where(
        Account.login_id_key.in_([fold(person.login_id) for person in people])
    )
    ids = dict(db.session.execute(written).all())
    if organization is None:
        search_index.write(Account, ids.values())
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
    person: DemoPerson, organization: Organization | None, hashed: str, now: datetime
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


def memberships(
    people: list[tuple[DemoPerson, int]],
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
    search_index.write(Account, [account_id for _person, account_id in people])


def _copied(account_ids: Sequence[int]) -> dict[int, dict[str, object]]:
    """What each membership repeats of its account, read for all of them at once."""
    sources = [getattr(Account, source) for source in COPIES.values()]
    rows = db.session.execute(select(Account.id, *sources).where(Account.id.in_(account_ids)))
    return {account_id: dict(zip(COPIES, values, strict=True)) for account_id, *values in rows}


def _membership(
    person: DemoPerson,
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


def _suspended_at(person: DemoPerson, now: datetime) -> datetime | None:
    return (
        now - (person.seen or timedelta(days=person.joined)) + timedelta(hours=1)
        if person.is_suspended
        else None
    )


def _batches(items: Iterable[Row], size: int) -> Iterator[list[Row]]:
    rest = iter(items)
    while batch := list(islice(rest, size)):
        yield batch
