"""Saved views for tests. Here: rows and addresses. Not here: people (cast.py)."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlencode

import pytest
from sqlalchemy import select

from app.extensions import db
from app.models import Account, Organization, SavedView
from tests.cast import Cast
from tests.conftest import PortalClient
from tests.factories import NOW

As = Callable[[Account], PortalClient]
Keep = Callable[..., SavedView]
PAGE = "/o/aozora/views/MemberView"
LIST = "/o/aozora/members/list/"

TYPED = {"name": "Without 2-step", "query": "two_factor=off&sort=-last_access_at&page_size=50"}


def page_with(query: str, screen: str = "MemberView") -> str:
    """The page of saved views, as a list that is looked at so leads to it."""
    return f"/o/aozora/views/{screen}?{urlencode({'query': query})}"


def kept() -> list[SavedView]:
    db.session.expire_all()
    return list(db.session.scalars(select(SavedView).order_by(SavedView.id)))


@pytest.fixture
def keep(cast: Cast) -> Keep:
    """`keep("Off", "two_factor=off")`: a saved view of aozora's members, by tanaka."""

    def made(
        name: str,
        query: str = "q=sato",
        *,
        screen: str = "MemberView",
        where: Organization | None = None,
    ) -> SavedView:
        view = SavedView(
            organization_id=(where or cast.aozora).id,
            screen=screen,
            name=name,
            query=query,
            created_by_id=cast.tanaka.id,
            created_at=NOW,
        )
        db.session.add(view)
        db.session.commit()
        return view

    return made
