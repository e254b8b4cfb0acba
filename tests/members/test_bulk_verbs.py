"""Verbs for many members: type, authorities, sessions, passwords, 2-step, language (T2-42). It …"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import select

from app.access.authorities import Authority
from app.batches import worker
from app.extensions import db
from app.models import Account, Activity, Batch, BatchRow, Membership, MemberType, RowState
from tests import factories
from tests.cast import Cast
from tests.conftest import PortalClient

As = Callable[[Account], PortalClient]
ASK = "/o/aozora/batches/ask/"


@pytest.fixture(autouse=True)
def smith_sees_members(cast: Cast) -> None:
    """Somebody of whom something is left."""
    cast.membership(cast.smith).authorities = frozenset({Authority.USER_VIEWER})
    db.session.commit()


def ask(client: PortalClient, action: str, *members: Membership) -> str:
    """Select members in the list and a verb; return the address of its question."""
    data = {"action": action, "rowid": [str(one.id) for one in members]}
    answer = client.submit("/o/aozora/members/action_post", data)
    assert answer.status_code == 302 and ASK in answer.location
    return str(answer.location)


def batch() -> Batch:
    db.session.expire_all()
    return db.session.scalars(select(Batch).order_by(Batch.id.desc())).first()  # type: ignore[return-value]


def refused(one: Batch) -> dict[str, str]:
    """The names of the refusals, by the name of the row."""
    states = (RowState.REFUSED, RowState.INVALID)
    rows = select(BatchRow).where(BatchRow.batch_id == one.id, BatchRow.state.in_(states))
    return {row.name: row.problems[0]["code"] for row in db.session.scalars(rows)}


def managed(cast: Cast, who: Account) -> Membership:
    who.managed_by = cast.aozora
    db.session.commit()
    return cast.membership(who)


def test_makes_power_users_and_takes_it_back(cast: Cast, as_: As) -> None:
    client, smith = as_(cast.tanaka), cast.membership(cast.smith)
    url = ask(client, "set_type", smith)
    client.submit(url, {"type": "power"})
    assert batch().count("done") == 1 and cast.membership(cast.smith).is_power
    client.submit(f"/o/aozora/batches/undo/{batch().public_id}", {})
    assert not cast.membership(cast.smith).is_power


def test_keeps_the_last_power_user_by_simulation(cast: Cast, as_: As) -> None:
    """D-2: of two power users, both chosen, the page names the one who has to stay."""
    client, smith = as_(cast.tanaka), cast.membership(cast.smith)
    smith.type = MemberType.POWER
    cast.membership(cast.tanaka).roles = [
        factories.role(cast.aozora, "Lead", Authority.USER_VIEWER)
    ]
    db.session.commit()
    url = ask(client, "set_type", cast.membership(cast.tanaka), smith)
    page = client.submit(url, {"type": "general", "others": "remove"})
    assert page.status_code == 422 and "LastPowerUser" in refused(batch()).values()
    assert cast.membership(cast.tanaka).is_power and cast.membership(cast.smith).is_power
    client.submit(url, {"type": "general", "others": "remove"})
    powers = select(Membership).where(
        Membership.organization_id == cast.aozora.id, Membership.type == MemberType.POWER
    )
    assert len(db.session.scalars(powers).all()) == 1


def test_names_whom_somebody_below_may_not_change(cast: Cast, as_: As) -> None:
    """D-1: never above the author."""
    cast.membership(cast.suzuki).authorities = frozenset({Authority.MEMBER_MANAGER})
    db.session.commit()
    client = as_(cast.suzuki)
    for action in ("set_type", "give_authorities", "take_authorities", "end_sessions"):
        page = client.get(ask(client, action, cast.membership(cast.tanaka)))
        assert refused(batch()) == {"田中 太郎": "AboveYourself"}, action
        assert page.status_code == 200
    url = ask(client, "set_type", cast.membership(cast.smith))
    page = client.submit(url, {"type": "power"})
    assert page.status_code == 422 and "AboveYourself" in refused(batch()).values()
    assert not cast.membership(cast.smith).is_power


def test_gives_and_takes_single_authorities(cast: Cast, as_: As) -> None:
    client, smith = as_(cast.tanaka), cast.membership(cast.smith)
    tanaka = cast.membership(cast.tanaka)
    held = smith.authorities
    assert client.submit(ask(client, "give_authorities", smith), {}).status_code == 422
    client.submit(
        ask(client, "give_authorities", smith, tanaka), {"authorities": [Authority.BILLING_VIEWER]}
    )
    assert (batch().count("done"), batch().count("unchanged")) == (1, 1)
    assert cast.membership(cast.smith).authorities == held | {"billing_viewer"}
    client.submit(
        ask(client, "take_authorities", smith), {"authorities": [Authority.BILLING_VIEWER]}
    )
    assert cast.membership(cast.smith).authorities == held
    client.submit(f"/o/aozora/batches/undo/{batch().public_id}", {})
    assert cast.membership(cast.smith).authorities == held | {"billing_viewer"}


def test_leaves_nobody_with_nothing_unless_that_is_meant(cast: Cast, as_: As) -> None:
    """D-C13"""
    client, smith = as_(cast.tanaka), cast.membership(cast.smith)
    smith.authorities, smith.roles = frozenset({Authority.BILLING_VIEWER}), []
    db.session.commit()
    url, data = ask(client, "take_authorities", smith), {"authorities": ["billing_viewer"]}
    page = client.submit(url, data)
    assert page.status_code == 422 and refused(batch()) == {"John Smith": "NothingLeft"}
    client.submit(url, data | {"others": "remove"})
    assert db.session.get_one(Membership, smith.id).ended_at is not None


def test_ends_sessions_and_says_that_they_do_not_come_back(cast: Cast, as_: As) -> None:
    smith, theirs = managed(cast, cast.smith), as_(cast.smith)
    assert theirs.get("/profile/").status_code == 200
    client = as_(cast.tanaka)
    client.submit(ask(client, "end_sessions", smith, cast.membership(cast.tanaka)), {})
    assert refused(batch()) == {"田中 太郎": "OwnSignIn"} and batch().count("done") == 1
    assert theirs.get("/profile/").status_code == 302
    undo = client.get(f"/o/aozora/batches/undo/{batch().public_id}")
    assert undo.status_code == 302


def test_requires_a_new_password_of_managed_accounts_only(cast: Cast, as_: As) -> None:
    """D-C3: the others only by themselves."""
    smith, theirs = managed(cast, cast.smith), as_(cast.smith)
    client = as_(cast.tanaka)
    url = ask(client, "require_password", smith, cast.membership(cast.suzuki))
    assert refused(batch()) == {"鈴木 一郎": "NotManaged"}
    client.submit(url, {})
    assert theirs.get("/profile/").location.endswith("/password/change/")
    again = ask(client, "require_password", smith)
    assert client.get(again).status_code == 200
    assert refused(batch()) == {"John Smith": "RequiredAlready"}
    line = db.session.scalars(select(Activity).where(Activity.event == "password_required")).one()
    assert line.subject_name


@pytest.mark.parametrize(
    ("action", "data", "name", "value"),
    [
        ("set_two_factor", {"chosen": "on"}, "two_factor", True),
        ("set_two_factor", {"chosen": "off"}, "two_factor", False),
        ("set_language", {"chosen": "ja_JP"}, "language", "ja_JP"),
    ],
)
def test_changes_managed_accounts(
    cast: Cast, as_: As, action: str, data: dict[str, Any], name: str, value: object
) -> None:
    """D-C11: an account of elsewhere stays as it is."""
    smith = managed(cast, cast.smith)
    cast.smith.two_factor = not value
    db.session.commit()
    client = as_(cast.tanaka)
    url = ask(client, action, smith, cast.membership(cast.suzuki))
    client.submit(url, data)
    assert refused(batch()) == {"鈴木 一郎": "NotManaged"}
    assert getattr(db.session.get_one(Account, cast.smith.id), name) == value
    client.submit(ask(client, action, smith), data)
    assert batch().count("unchanged") == 1


def test_runs_for_many_by_the_worker(cast: Cast, as_: As) -> None:
    members = [
        factories.membership(factories.account(f"m{number}"), cast.aozora) for number in range(60)
    ]
    db.session.commit()
    client = as_(cast.tanaka)
    url = ask(client, "give_authorities", *members)
    client.submit(url, {"authorities": [Authority.BILLING_VIEWER]})
    worker.work(datetime.now(UTC))
    assert batch().count("done") == 60
