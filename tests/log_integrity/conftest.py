"""What the tests of the chain share: an organization with a log, its lines, whether it is whole."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from app.activity import events
from app.activity import service as activity
from app.extensions import db
from app.log_integrity import retention, signing_keys
from app.log_integrity.verification import verify
from app.models import Account, Activity, Organization
from tests import cast as people
from tests import factories
from tests.conftest import PortalClient

As = Callable[[Account], PortalClient]


@pytest.fixture
def here(each_app: Flask) -> Organization:
    made = factories.organization("aozora")
    db.session.commit()
    return made


def suspensions(here: Organization | None, at: datetime, count: int = 1) -> None:
    """Write as many lines of an organization's log, or of none's."""
    for _number in range(count):
        activity.record(events.MEMBER_SUSPENDED, now=at, by=None, organization=here, reason="")
    db.session.commit()


def is_whole() -> bool:
    db.session.commit()
    with db.engine.connect() as connection:
        return verify(connection, keys=signing_keys.known()).is_whole


def lines() -> list[str]:
    return [line.event for line in db.session.scalars(select(Activity).order_by(Activity.id))]


@pytest.fixture
def kept(each_app: Flask, now: datetime) -> Organization:
    """An organization that keeps its log for a hundred days; another, and none, that keep it for
    ever; old and new lines of each.
    """
    cast = people.assemble()
    by = factories.seat(cast.membership(cast.tanaka))
    retention.choose(cast.aozora, 100, by=by, now=now - timedelta(days=700))
    for where in (cast.aozora, cast.minato, None):
        suspensions(where, now - timedelta(days=200), 3)
        suspensions(where, now - timedelta(days=50))
    return cast.aozora
