"""Testing: what the tests of a package begin with (docs/extending.md).

    pytest_plugins = ["app.testing"]

Here: fixtures: a portal with the package on a fresh database, the cast, a client signed in as one
of them. Not here: what they are made of (testing.portals, cast, client).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from flask import Flask

from app import create_app as create_portal
from app.extensions import db
from app.models import Account
from app.testing import cast as people
from app.testing.cast import Cast
from app.testing.client import PortalClient
from app.testing.portals import build_app, empty, settings_for
from config import Settings


@pytest.fixture(autouse=True)
def _push_request_context() -> None:
    """Leave requests to the client: pytest-flask would push one around every test."""


@pytest.fixture(scope="module")
def create_app() -> Callable[..., Flask]:
    """The factory whose portal is tested: a package's tests return their own here."""
    return create_portal


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A folder of its own, on SQLite; `replace(…, database_url=…)` for another database."""
    return settings_for(tmp_path_factory.mktemp("instance"))


@pytest.fixture(scope="module")
def portal(create_app: Callable[..., Flask], settings: Settings) -> Flask:
    """The portal on an upgraded database, once for a module."""
    return build_app(settings, factory=create_app)


@pytest.fixture
def app(portal: Flask) -> Iterator[Flask]:
    """The portal, empty, with an application context pushed."""
    empty(portal)
    with portal.app_context():
        yield portal
        db.session.remove()


@pytest.fixture
def cast(app: Flask) -> Cast:  # noqa: ARG001  (an empty portal first)
    """Seven people in two organizations: tanaka holds everything in aozora, smith nothing, yamada
    is of another organization, root administers the platform.
    """
    return people.assemble()


@pytest.fixture
def as_(app: Flask) -> Callable[..., PortalClient]:
    """`as_(cast.tanaka)`: a client in which somebody is signed in."""

    def signed_in(who: Account) -> PortalClient:
        made = app.test_client()
        assert isinstance(made, PortalClient)
        return made.sign_in(who)

    return signed_in
