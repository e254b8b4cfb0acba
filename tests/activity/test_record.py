"""Recording what happened: one row in the transaction of what happened, with names as they were. It
…
"""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from app.access.seat import Seat
from app.activity import events, two_factor_events
from app.activity import service as activity
from app.activity.events import Event, declare
from app.activity.service import record_everywhere
from app.activity.words import GROUPS, HIDDEN, LABELS, group_of
from app.extensions import db
from app.models import Activity, MemberType
from tests import factories
from tests.cast import Cast


def test_refuses_a_field_that_the_event_does_not_name(cast: Cast, now: datetime) -> None:
    with pytest.raises(TypeError, match="colour"):
        activity.record(
            events.SIGNED_OUT, now=now, by=cast.tanaka, subject=cast.tanaka, colour="red"
        )


def test_refuses_to_declare_an_event_twice() -> None:
    with pytest.raises(ValueError, match="twice"):
        declare("signed_in", "%(subject)s signed in again.")


def test_keeps_names_as_they_were(cast: Cast, now: datetime) -> None:
    activity.record(
        events.MEMBER_REINSTATED,
        now=now,
        by=cast.tanaka,
        organization=cast.aozora,
        subject=cast.membership(cast.smith),
    )
    cast.smith.family_name = "Jones"
    db.session.commit()
    [line] = db.session.scalars(select(Activity))
    assert (line.actor_name, line.subject_name, line.subject_id) == (
        "田中 太郎",
        "Smith John",
        cast.smith.id,
    )


def test_outlives_everybody_in_it(cast: Cast, now: datetime) -> None:
    role = factories.role(cast.aozora, "Short")
    activity.record(
        events.ROLE_CREATED,
        now=now,
        by=cast.smith,
        organization=cast.aozora,
        subject=role,
        authorities=[],
    )
    db.session.flush()
    db.session.delete(role)
    db.session.delete(cast.smith)
    db.session.commit()
    [line] = db.session.scalars(select(Activity))
    assert (line.actor_name, line.subject_name) == ("Smith John", "Short")


def test_is_undone_with_what_it_tells_of(cast: Cast, now: datetime) -> None:
    activity.record(events.SIGNED_OUT, now=now, by=cast.tanaka, subject=cast.tanaka)
    db.session.rollback()
    assert list(db.session.scalars(select(Activity))) == []


def test_marks_what_was_done_only_by_the_platform_administrators_right(
    cast: Cast, now: datetime
) -> None:
    """S4-02: in an organization they do not belong to; where they are a member, they act as one."""
    row = factories.membership(cast.root, cast.minato, power=True)
    seat = Seat(account=cast.root, memberships=[row], is_platform_administrator=True)
    lines = [
        activity.record(events.ORGANIZATION_EDITED, now=now, by=seat, organization=one, changes={})
        for one in (cast.aozora, cast.minato, None)
    ]
    assert [line.as_platform for line in lines] == [True, False, False]
    assert not activity.record(
        events.SIGNED_OUT, now=now, by=cast.root, organization=cast.aozora, subject=cast.root
    ).as_platform


def test_writes_what_json_can_keep(cast: Cast, now: datetime) -> None:
    role = factories.role(cast.aozora, "Desk")
    line = activity.record(
        events.MEMBER_ADDED,
        now=now,
        by=None,
        organization=cast.aozora,
        subject=cast.smith,
        type=MemberType.POWER,
        roles=[role],
        authorities=frozenset({"user_viewer", "billing_viewer"}),
    )
    assert line.details == {
        "type": "power",
        "roles": ["Desk"],
        "authorities": ["billing_viewer", "user_viewer"],
    }
    assert activity.changes({"a": 1, "b": now}, {"a": 1, "b": now + timedelta(days=1)}) == {
        "b": [now.isoformat(), (now + timedelta(days=1)).isoformat()]
    }
    db.session.commit()


def test_stands_in_the_log_of_each_organization_of_an_account(cast: Cast, now: datetime) -> None:
    factories.membership(cast.smith, cast.minato)
    record_everywhere(two_factor_events.TWO_FACTOR_ON, account=cast.smith, by=cast.smith, now=now)
    record_everywhere(events.PASSWORD_LINK_REFUSED, account=None, by=None, now=now)
    db.session.flush()
    assert [
        line.organization_id for line in db.session.scalars(select(Activity).order_by(Activity.id))
    ] == [cast.aozora.id, cast.minato.id, None]


@pytest.mark.parametrize("event", events.CATALOGUE.values(), ids=events.CATALOGUE)
def test_has_words_for_everything_that_can_happen(event: Event) -> None:
    """R12: a label for each field, and a heading under which the log finds it."""
    assert event.fields - {"changes"} - HIDDEN <= set(LABELS)
    assert group_of(event.name) in GROUPS
