"""Packages: what integrators add to a portal, and at which version the tables of each are.

Here: which packages an application has, their tables, their folders of migrations, what they lack.
Not here: running migrations (upgrade, migrations/env.py), writing them (scaffold).
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import current_app
from flask_appbuilder import Model
from sqlalchemy import Table, inspect

from app.extensions import db, migrate
from app.kernel.i18n import _
from app.models import OWN_TABLES

MIGRATIONS = Path(__file__).parent / "migrations"
KEY = "packages"


@dataclass(frozen=True)
class Package:
    """A package of an integrator's, by the name that Python imports."""

    name: str

    @property
    def version_table(self) -> str:
        """Where the version of its tables is kept."""
        return f"{self.name}_version"

    @property
    def folder(self) -> Path | None:
        """Where its code lies; None for a single file."""
        module = sys.modules.get(self.name)
        paths = list(getattr(module, "__path__", ()))
        return Path(paths[0]).resolve() if paths else None

    @property
    def versions(self) -> Path | None:
        """Where its migrations are, or will be; None for a single file."""
        return self.folder / "migrations" / "versions" if self.folder else None

    @property
    def migrations(self) -> Path | None:
        """Its folder of migrations; None where it has none."""
        return self.versions.parent if self.versions and self.versions.is_dir() else None

    @property
    def script(self) -> ScriptDirectory:
        """Its migrations, in the portal's environment."""
        versions = [str(self.versions)] if self.migrations else []
        return ScriptDirectory(str(MIGRATIONS), version_locations=versions)

    def tables(self) -> list[Table]:
        """The tables of its models and of what links them, each after those that it points to."""
        models = [one for one in Model.registry.mappers if top(one.class_) == self.name]
        found = {table for one in models for table in one.tables}
        found |= {link.secondary for one in models for link in one.relationships}
        return [
            table
            for table in Model.metadata.sorted_tables
            if table in found and table.name not in OWN_TABLES
        ]


def top(named: Any) -> str:
    """The name of the package that a class is written in."""
    return str(named.__module__).partition(".")[0]


def note(views: Iterable[type[Any]]) -> None:
    """Note the packages that this application's added screens and their models come from."""
    named: dict[str, None] = {}
    for view in views:
        model = getattr(getattr(view, "datamodel", None), "obj", None)
        named |= {top(one): None for one in (model, view) if one is not None}
    current_app.extensions[KEY] = [Package(name) for name in named if name != "app"]


def of_application() -> list[Package]:
    """The packages of this application, in the order of its screens."""
    found: list[Package] = current_app.extensions.get(KEY, [])
    return found


def is_at_head(package: Package) -> bool:
    """Whether the last of its migrations has run."""
    with db.engine.connect() as connection:
        options = {"version_table": package.version_table}
        context = MigrationContext.configure(connection, opts=options)
        return set(context.get_current_heads()) == set(package.script.get_heads())


def missing(package: Package) -> list[str]:
    """The tables and columns that its models have and the database does not."""
    tables = package.tables()
    there = inspect(db.engine).get_multi_columns(filter_names=[one.name for one in tables])
    has = {name: {one["name"] for one in columns} for (_schema, name), columns in there.items()}
    lacking = [one.name for one in tables if one.name not in has]
    return lacking + [
        f"{one.name}.{column.name}"
        for one in tables
        for column in one.columns
        if column.name not in has.get(one.name, {column.name})
    ]


def outdated() -> str:
    """What to do where the tables of a package are not at its version; nothing where all are."""
    for package in of_application():
        if package.migrations and not is_at_head(package):
            return _(
                "The tables of %(package)s are not at this version. Run: flask --app %(package)s"
                " portal upgrade",
                package=package.name,
            )
        if lacking := missing(package):
            return lacks(package, lacking)
    return ""


def lacks(package: Package, lacking: list[str]) -> str:
    """What to do about tables and columns that are not there."""
    words = {"package": package.name, "names": ", ".join(lacking)}
    if package.migrations is None and not any("." in one for one in lacking):
        return _(
            "The tables of %(package)s lack %(names)s. Run: flask --app %(package)s portal upgrade",
            **words,
        )
    return _(
        "The tables of %(package)s lack %(names)s, and no migration adds it. Write one with flask"
        " --app %(package)s portal new-migration “what changes”, then run: flask --app %(package)s"
        " portal upgrade",
        **words,
    )


@migrate.configure
def in_our_environment(config: Config) -> Config:
    """Let a package's folder be run by the portal's environment: `flask db … -d FOLDER` works, and
    the folder holds versions only.
    """
    folder = Path(str(config.config_file_name)).parent.resolve()
    package = next((one for one in of_application() if one.migrations == folder), None)
    return configure(config, package) if package else config


def configure(config: Config, package: Package) -> Config:
    """Point a configuration of Alembic's to a package's versions and the portal's environment."""
    options = {
        "script_location": MIGRATIONS,
        "version_locations": package.versions,
        "path_separator": "newline",
        "file_template": "%(rev)s_%(slug)s",
    }
    for name, value in options.items():
        config.set_main_option(name, str(value).replace("%", "%%"))
    config.attributes["package"] = package
    return config
