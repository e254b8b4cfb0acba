"""A portal with the devices of examples/ in it.

Here: the portal, people and browsers in it. Not here: what is expected.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from flask import Flask

from app.extensions import db
from app.model_views import registering
from app.model_views.view import ModelView
from tests import cast as people
from tests.cast import Cast
from tests.conftest import build_app, empty, settings_for
from tests.portal_client import PortalClient

EXAMPLES = Path(__file__).parents[2] / "examples"
HERE = "/o/aozora/devices"


@pytest.fixture(scope="session")
def devices() -> ModuleType:
    """The package of examples/devices."""
    sys.path.insert(0, str(EXAMPLES))
    return importlib.import_module("devices")


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def portal(
    request: pytest.FixtureRequest, devices: ModuleType, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Flask]:
    """A portal with it, on either database."""
    changes: dict[str, Any] = {}
    if request.param == "postgresql":
        changes["database_url"] = request.getfixturevalue("postgres_url")
    folder = tmp_path_factory.mktemp("instance")
    yield build_app(settings_for(folder, **changes), more=devices.SCREENS)
    registering.forget(
        screen.view for screen in devices.SCREENS if issubclass(screen.view, ModelView)
    )


@pytest.fixture
def app(portal: Flask) -> Iterator[Flask]:
    """The portal, empty, with an application context pushed."""
    empty(portal)
    with portal.app_context():
        yield portal
        db.session.remove()


@pytest.fixture
def cast(app: Flask) -> Cast:
    return people.assemble()


@pytest.fixture
def tanaka(cast: Cast, as_: Callable[..., PortalClient]) -> PortalClient:
    """A browser of the power user."""
    return as_(cast.tanaka)
