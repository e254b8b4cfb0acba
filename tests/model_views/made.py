"""Models and views that are made for one test and gone after it.

Here: making and unmaking. Not here: what is expected of them.
"""

from __future__ import annotations

import gc
import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask_appbuilder import Model
from sqlalchemy import String, Table
from sqlalchemy.orm import Mapped, mapped_column

from app.extend import ModelView, OrganizationInterface, OrganizationModel, lazy

NUMBERS = itertools.count(1)
"""SQLAlchemy tells classes of one name apart by their modules."""


@contextmanager
def models() -> Iterator[None]:
    """Take the tables out of the portal's metadata again that are made meanwhile."""
    before = {*Model.metadata.tables}
    yield
    for name in {*Model.metadata.tables} - before:
        Model.metadata.remove(Model.metadata.tables[name])
    gc.collect()


def model(name: str = "Thing", base: Any = OrganizationModel, **more: Any) -> type[Any]:
    """Return a model with a name column, and more."""
    written = more.pop("annotations", {})
    members = {
        "__tablename__": f"made_{name.lower()}",
        "__module__": f"{__name__}_{next(NUMBERS)}",
        "__annotations__": {"name": Mapped[str], **written},
        "name": mapped_column(String(40)),
    }
    return type(name, (base,), members | more)


def view(of: type[Any], name: str = "ThingView", base: Any = ModelView, **more: Any) -> type[Any]:
    """Return a view of it, with its list of names, and more."""
    members = {
        "__module__": __name__,
        "datamodel": OrganizationInterface(of),
        "list_title": lazy("Things"),
        "list_columns": ["name"],
    }
    return type(name, (base,), members | more)


def table_of(of: type[Any]) -> Table:
    """The table of a model."""
    found: Table = of.__table__
    return found
