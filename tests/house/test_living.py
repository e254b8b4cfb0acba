"""Whoever asks for members gets living ones, without having to think of it (T2-41).

Here: every form that a query can have; the code that could go around it. Not here: the watch over
every other test's statements (tests/living.py).
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Select, exists, func, select, text, update
from sqlalchemy.orm import aliased, contains_eager, joinedload, selectinload

from app.extensions import db
from app.models import (
    Account,
    Membership,
    MembershipEnd,
    TwoFactorException,
    with_ended,
)
from app.models.member_role import membership_role
from tests.cast import Cast
from tests.factories import NOW
from tests.living import forgets

ROOT = Path(__file__).resolve().parents[2]
OTHER = aliased(Membership)
HERE = Membership.account_id == Account.id
FORMS: dict[str, Select[Any]] = {
    "rows": select(Membership),
    "columns": select(Membership.id),
    "a count": select(func.count(Membership.id)),
    "a count of an alias": select(func.count(OTHER.id)),
    "a count from": select(func.count()).select_from(Membership),
    "a join": select(Account).join(Membership, HERE),
    "a relationship": select(Account).join(Account.memberships),
    "where alone": select(Account.id).where(HERE),
    "exists": select(Account).where(exists().where(HERE)),
    "any": select(Account).where(Account.memberships.any()),
    "in": select(Account).where(Account.id.in_(select(Membership.account_id))),
    "a scalar": select(Account.id, select(func.count(Membership.id)).where(HERE).scalar_subquery()),
    "a subquery": select(func.count()).select_from(select(Membership.id).limit(9).subquery()),
    "a table beside it": select(membership_role.c.role_id, func.count()).join(
        Membership, Membership.id == membership_role.c.membership_id
    ),
    "with what is loaded": select(Membership)
    .join(Membership.account)
    .options(contains_eager(Membership.account), selectinload(Membership.roles)),
    "what points to it": select(TwoFactorException).options(
        joinedload(TwoFactorException.membership)
    ),
    "a union": select(Membership.id).union(select(Membership.account_id)),  # type: ignore[dict-item]
}
AROUND = re.compile(r"Membership\.__table__|(FROM|JOIN|UPDATE|INTO) membership\b", re.IGNORECASE)


@pytest.fixture
def former(cast: Cast) -> Membership:
    gone = cast.membership(cast.smith)
    gone.ended_at, gone.ended_reason = NOW, MembershipEnd.REMOVED
    db.session.commit()
    return gone


@pytest.mark.parametrize("form", FORMS)
def test_every_form_of_a_query_finds_the_living(cast: Cast, form: str) -> None:
    """The watch over statements (tests/living.py) fails this test where it does not."""
    db.session.execute(FORMS[form]).all()


def test_a_former_member_is_found_by_nobody_who_does_not_ask(
    cast: Cast, former: Membership
) -> None:
    gone, who = former.id, cast.smith.id
    db.session.expunge_all()
    assert db.session.get(Membership, gone) is None
    assert db.session.get_one(Account, who).memberships == []
    assert gone not in db.session.scalars(select(Membership.id)).all()
    changed = db.session.execute(
        update(Membership).where(Membership.id == gone).values(type="power")
    )
    assert changed.rowcount == 0  # type: ignore[attr-defined]
    assert db.session.scalars(with_ended(select(Membership.id).where(Membership.id == gone))).all()


def test_a_former_member_s_row_can_be_read_again(cast: Cast, former: Membership) -> None:
    """What is at hand already stays readable after a commit."""
    db.session.commit()
    assert former.has_ended
    db.session.refresh(former)
    assert former.account.login_id == "smith"


def test_the_watch_sees_who_goes_around(cast: Cast) -> None:
    for query, is_seen in (
        ("SELECT * FROM membership WHERE organization_id = 1", True),
        ("SELECT 1 FROM ab_user JOIN membership ON account_id = ab_user.id", True),
        ("SELECT * FROM membership WHERE ended_at IS NULL", False),
        ("SELECT * FROM membership_role", False),
        ("SELECT membership.type FROM membership \nWHERE membership.id = ?", False),
    ):
        assert forgets(query) is is_seen, query
        db.session.execute(text("SELECT 1"))


def test_nothing_goes_around_the_session() -> None:
    """Tables and plain SQL know nothing of the living: only models and migrations use them."""
    around = [
        f"{path.relative_to(ROOT)}:{number}"
        for folder in ("app", "bench")
        for path in sorted((ROOT / folder).rglob("*.py"))
        if not {"models", "migrations"} & set(path.parts)
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if AROUND.search(line)
    ]
    assert not around, "ask for Membership by the session, which finds the living only"
