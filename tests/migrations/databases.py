"""Databases whose moments are kept: as each stood after some steps.

Here: keeping and putting back, on SQLite and PostgreSQL. Not here: which steps (conftest.py).
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
from flask import Flask
from psycopg import sql
from sqlalchemy.engine import make_url

from app import create_app
from app.extensions import db
from app.jobs import queue
from app.log_integrity import head_files
from app.testing import snapshots
from app.testing.portals import settings_for

Step = Callable[[], Any]


class Database(ABC):
    """The database of a portal."""

    def __init__(self, folder: Path, **settings: Any) -> None:
        self.app: Flask = create_app(settings_for(folder, **settings), check_database=False)
        self._folder = folder

    def begin(self, *steps: Step) -> None:
        """Let it be as it is after these steps, which run once in the application's context."""
        self.close()
        head_files.forget_all(self._folder)
        if self._put_back(steps):
            return
        if steps:
            self.begin(*steps[:-1])
            steps[-1]()
            self.close()
        self._keep(steps)

    def close(self) -> None:
        """Let go of every connection."""
        db.session.remove()
        db.engine.dispose()
        storage = queue.of(self.app).huey.storage
        if hasattr(storage, "close"):
            storage.close()

    @abstractmethod
    def _put_back(self, steps: tuple[Step, ...]) -> bool: ...

    @abstractmethod
    def _keep(self, steps: tuple[Step, ...]) -> None: ...


class OnSqlite(Database):
    """A file, and copies of it in memory."""

    def _put_back(self, steps: tuple[Step, ...]) -> bool:
        return self._snapshots.put_back(repr(steps))

    def _keep(self, steps: tuple[Step, ...]) -> None:
        self._snapshots.keep(repr(steps))

    @property
    def _snapshots(self) -> snapshots.Snapshots:
        kept = snapshots.of(self.app)
        assert kept
        return kept


class OnPostgres(Database):
    """A database, and others of the same server that are its copies."""

    NAME = "migrated"

    def __init__(self, folder: Path, server: str) -> None:
        url = make_url(server).set(drivername="postgresql+psycopg", database=self.NAME)
        super().__init__(folder, database_url=url.render_as_string(hide_password=False))
        self._server = server
        self._kept: dict[tuple[Step, ...], str] = {(): "template1"}

    def _put_back(self, steps: tuple[Step, ...]) -> bool:
        if steps not in self._kept:
            return False
        self._copy(self._kept[steps], self.NAME)
        return True

    def _keep(self, steps: tuple[Step, ...]) -> None:
        self._kept[steps] = f"{self.NAME}_{len(self._kept)}"
        self._copy(self.NAME, self._kept[steps])

    def _copy(self, source: str, target: str) -> None:
        names = {"source": sql.Identifier(source), "target": sql.Identifier(target)}
        with psycopg.connect(self._server, autocommit=True) as connection:
            for said in (
                "DROP DATABASE IF EXISTS {target} WITH (FORCE)",
                "CREATE DATABASE {target} TEMPLATE {source}",
            ):
                connection.execute(sql.SQL(said).format(**names))
