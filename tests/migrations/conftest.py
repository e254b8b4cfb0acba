"""Fixtures of the migrations' tests: a database that no migration has touched.

Here: on SQLite, then on PostgreSQL. Not here: an upgraded portal (tests.conftest).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask

from app import create_app
from app.extensions import db
from tests.conftest import settings_for


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def fresh(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Flask]:
    settings = settings_for(tmp_path)
    if request.param == "postgresql":
        settings = replace(settings, database_url=request.getfixturevalue("postgres_url"))
    app = create_app(settings, check_database=False)
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()
