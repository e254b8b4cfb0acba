"""Migrations of a package: the next one, written from how its models differ from the last.

Here: writing. Not here: running them (app.upgrade), what a package is (app.packages).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from alembic import command
from alembic.config import Config
from flask_appbuilder import Model
from sqlalchemy import Engine, create_engine

from app.kernel.errors import Refusal
from app.kernel.i18n import lazy
from app.models import OWN_TABLES
from app.packages import Package, configure


class NothingChanged(Refusal):
    """The models are as the migrations leave the tables."""

    text = lazy(
        "The migrations of %(package)s already make its tables as its models say. Change a model"
        " first."
    )


class SingleFile(Refusal):
    """A module in one file has no folder for migrations."""

    text = lazy(
        "%(package)s is a single file. Make it a folder with an __init__.py, so that migrations"
        " have a place beside it."
    )


def new_migration(package: Package, message: str) -> Path:
    """Write the next migration of a package, and return its file.

    The models are compared with what the package's migrations make of an empty database of its
    own, so it does not matter what the portal's holds.
    """
    if package.versions is None:
        raise SingleFile(package=package.name)
    is_first = not package.versions.is_dir()
    package.versions.mkdir(parents=True, exist_ok=True)
    config = configure(Config(), package)
    with _empty_database() as engine:
        config.attributes["engine"] = engine
        command.upgrade(config, "head")
        written = command.revision(
            config,
            message,
            autogenerate=True,
            rev_id=_next(package),
            process_revision_directives=_unless_empty,
        )
    if written is None or isinstance(written, list):
        if is_first:
            package.versions.rmdir()
            package.versions.parent.rmdir()
        raise NothingChanged(package=package.name)
    return Path(written.path)


def _next(package: Package) -> str:
    """The number after the highest: 0001, 0002, …"""
    revisions = [one.revision for one in package.script.walk_revisions()]
    return f"{max((int(one) for one in revisions if one.isdigit()), default=0) + 1:04d}"


def _unless_empty(_context: Any, _revision: Any, directives: list[Any]) -> None:
    if directives[0].upgrade_ops.is_empty():
        directives.clear()


@contextmanager
def _empty_database() -> Iterator[Engine]:
    """A database with the portal's tables and nothing else."""
    with TemporaryDirectory() as folder:
        engine = create_engine(f"sqlite:///{folder}/compared.db")
        own = [table for name, table in Model.metadata.tables.items() if name in OWN_TABLES]
        Model.metadata.create_all(engine, tables=own)
        yield engine
        engine.dispose()
