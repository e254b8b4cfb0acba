"""Until somebody continues, an organization that added them sees and touches nothing (D-C11).

It …
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select

from app.access import two_factor
from app.access.seat import Seat
from app.accounts import queries as accounts
from app.bindings import answering
from app.bindings import service as bindings
from app.extensions import db
from app.managed_accounts import service as managed
from app.managed_accounts import signing_in
from app.models import (
    Account,
    AccountSession,
    MemberType,
    Organization,
    PasswordPolicyName,
    Rate,
    RoleBinding,
)
from app.offers.offer import Offer
from app.passwords import policy
from app.sessions import service as sessions
from app.two_factor.methods import methods_of
from tests import factories
from tests.cast import Cast
from tests.conftest import PortalClient
from tests.members.conftest import As, events, is_member, of, offered, text

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
ADD = "/o/aozora/members/existing"


def strict(where: Organization) -> None:
    """The sternest rules that an organization can have."""
    where.password_policy = PasswordPolicyName.LENGTH
    where.two_factor_required = where.two_factor_strong = True
    where.session_idle_minutes, where.session_hours = 5, 1
    db.session.commit()


def seen_of(account: Account) -> dict[str, Any]:
    """Everything that an organization's rules could change of somebody."""
    db.session.commit()
    db.session.expire_all()
    rows = db.session.scalars(select(AccountSession).order_by(AccountSession.id)).all()
    columns = Account.__table__.columns.keys()
    return {
        "account": {name: getattr(account, name) for name in columns if hasattr(account, name)},
        "sessions": [
            {name: getattr(row, name) for name in AccountSession.__table__.columns.keys()}  # noqa: SIM118
            for row in rows
            if row.account_id == account.id
        ],
        "life": (
            sessions.life_of(account.memberships),
            sessions.idle_limit_of(account.memberships),
        ),
        "password": policy.rules_of(account),
        "asked": two_factor.requiring(account.memberships, now=NOW),
        "steps": methods_of(account, now=NOW),
        "organizations": accounts.organizations_of(account),
    }


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    who=st.sampled_from(["newcomer", "yamada"]),
    kind=st.sampled_from(list(MemberType)),
    by_address=st.booleans(),
    then=st.sampled_from(["wait", "cancel", "decline", "edit"]),
)
def test_changes_nothing_of_the_account(
    cast: Cast, who: str, kind: MemberType, by_address: bool, then: str
) -> None:
    """No session rule, password rule, identity, 2-step state or session, whatever is added."""
    strict(cast.aozora)
    account: Account = getattr(cast, who)
    by = factories.seat(cast.membership(cast.tanaka))
    before = seen_of(account)
    offer = Offer(kind, authorities=frozenset({"user_viewer"}))
    made = bindings.add(
        cast.aozora,
        who=account.email if by_address else account.login_id,
        offer=offer,
        by=by,
        now=NOW,
    )
    if then == "cancel":
        bindings.cancel(made, by=by, now=NOW)
    elif then == "decline":
        answering.decline(made, account=account, now=NOW)
    elif then == "edit":
        bindings.edit(made, offer=Offer(authorities=frozenset({"inquiry_user"})), by=by, now=NOW)
    assert seen_of(account) == before
    db.session.delete(db.session.get_one(RoleBinding, made.id))
    db.session.execute(delete(Rate))
    db.session.commit()


def test_lets_an_open_session_live_as_long_as_before(cast: Cast, as_: As) -> None:
    """The next request does not shorten it to the rules of whoever added its owner."""
    strict(cast.aozora)
    client = as_(cast.newcomer)
    client.get("/profile/")
    before = seen_of(cast.newcomer)["sessions"][0]["expires_at"]
    factories.binding(
        cast.aozora, cast.newcomer, cast.tanaka, created_at=datetime.now(UTC) + timedelta(minutes=1)
    )
    session = db.session.scalars(select(AccountSession)).one()
    session.last_used_at -= timedelta(minutes=10)
    db.session.commit()
    assert client.get("/profile/").status_code == 200
    assert seen_of(cast.newcomer)["sessions"][0]["expires_at"] == before


def test_leaves_a_managed_account_to_its_home(cast: Cast, as_: As, tanaka: PortalClient) -> None:
    """The organization that registered it edits it, sees its sessions and ends them."""
    cast.smith.managed_by = cast.aozora
    home = cast.membership(cast.smith)
    factories.binding(cast.minato, cast.smith, cast.yamada)
    db.session.commit()
    by = factories.seat(cast.membership(cast.tanaka))
    managed.ensure_managed(home, by=by)
    assert signing_in.ends_whole(home, by=by)
    assert tanaka.get(f"/o/aozora/members/account/{home.id}").status_code == 200
    assert as_(cast.yamada).get(f"/o/minato/members/show/{home.id}").status_code == 404


def test_tells_the_home_of_a_managed_account_when_it_joins_another(cast: Cast, as_: As) -> None:
    """In the home's log, not before, and not in anybody else's."""
    cast.smith.managed_by = cast.aozora
    made = factories.binding(cast.minato, cast.smith, cast.yamada)
    db.session.commit()
    assert not events("member_joined_elsewhere")
    client = as_(cast.smith)
    client.submit(f"/joining/{made.id}/continue", page="/joining/")
    [line] = events("member_joined_elsewhere")
    assert (line.organization_id, line.subject_id) == (cast.aozora.id, cast.smith.id)
    assert line.details["elsewhere"] == cast.minato.name
    assert "joined another organization" in text(as_(cast.tanaka), "/o/aozora/activity/list/")


# who joins without being asked


def managing_elsewhere(cast: Cast, *authorities: str) -> None:
    """tanaka belongs to minato, too, and so does newcomer."""
    factories.membership(cast.tanaka, cast.minato, authorities=authorities)
    factories.membership(cast.newcomer, cast.minato)
    db.session.commit()


def test_joins_members_of_the_adder_s_other_organization_at_once(
    cast: Cast, as_: As, tanaka: PortalClient
) -> None:
    """Still with the page that tells, which cannot be declined."""
    managing_elsewhere(cast, "member_manager")
    answer = tanaka.submit(ADD, offered(who="newcomer", preset="view_only"))
    member = of(cast.newcomer, cast.aozora)
    assert member
    assert answer.location == f"/o/aozora/members/show/{member.id}"
    client = as_(cast.newcomer)
    page = client.get("/joining/").get_data(as_text=True)
    assert client.get("/o/aozora/").location.startswith("/joining/")
    assert "You are a member already" in page
    assert "Decline" not in page
    made = db.session.scalars(select(RoleBinding)).one()
    client.submit(f"/joining/{made.id}/decline", page="/joining/")
    assert is_member(cast.newcomer, cast.aozora)
    client.submit(f"/joining/{made.id}/continue", page="/joining/")
    assert client.get("/o/aozora/").status_code == 200


@pytest.mark.parametrize("held", [(), ("user_viewer",)])
def test_asks_those_whom_the_adder_only_knows(
    cast: Cast, tanaka: PortalClient, held: tuple[str, ...]
) -> None:
    managing_elsewhere(cast, *held)
    tanaka.submit(ADD, offered(who="newcomer", preset="view_only"))
    assert not is_member(cast.newcomer, cast.aozora)


def test_asks_everybody_when_a_key_adds(cast: Cast) -> None:
    """An API key speaks for one organization."""
    managing_elsewhere(cast, "member_manager")
    by: Seat = factories.seat(cast.membership(cast.tanaka))
    by.memberships = list(cast.tanaka.memberships)
    by.key_id = factories.api_key(cast.membership(cast.tanaka)).id
    made = bindings.add(cast.aozora, who="newcomer", offer=Offer(MemberType.POWER), by=by, now=NOW)
    assert made.is_waiting


def test_asks_nobody_whom_the_platform_administrator_adds(cast: Cast, as_: As) -> None:
    as_(cast.root).submit(ADD, offered(who="newcomer", preset="view_only"))
    assert is_member(cast.newcomer, cast.aozora)
