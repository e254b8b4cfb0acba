"""A portal with a package of examples/ in it: the module's `PACKAGE`, or the devices.

Here: the portal, people and browsers in it. Not here: what is expected.
"""

from __future__ import annotations

import importlib
import re
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


def imported(name: str) -> ModuleType:
    """A package of examples/ or of these tests."""
    for folder in (str(EXAMPLES), str(Path(__file__).parent)):
        if folder not in sys.path:
            sys.path.insert(0, folder)
    return importlib.import_module(name)


def names(answer: Any) -> list[str]:
    """What the rows of a list are called."""
    page = answer.get_data(as_text=True)
    return re.findall(r'<a class="?fw-semibold"? href="?[^>]*>([^<]+)</a>', page)


@pytest.fixture(scope="module")
def package(request: pytest.FixtureRequest) -> ModuleType:
    """The package that the tests of a module are about."""
    return imported(getattr(request.module, "PACKAGE", "devices"))


@pytest.fixture(scope="session")
def devices() -> ModuleType:
    """The package of examples/devices."""
    return imported("devices")


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def portal(
    request: pytest.FixtureRequest, package: ModuleType, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Flask]:
    """A portal with it, on either database."""
    changes: dict[str, Any] = {}
    if request.param == "postgresql":
        changes["database_url"] = request.getfixturevalue("postgres_url")
    folder = tmp_path_factory.mktemp("instance")
    yield build_app(settings_for(folder, **changes), more=package.SCREENS)
    registering.forget(
        screen.view for screen in package.SCREENS if issubclass(screen.view, ModelView)
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
