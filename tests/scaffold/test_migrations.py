"""The migrations of a package. They …

Here: run by the portal's upgrade, on both databases. Not here: the portal's own (tests/migrations).
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.scaffold.conftest import Workshop

PACKAGE = """
from sqlalchemy import Column, ForeignKey, String, Table
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app import extend
from app.extend import Model, ModelView, OrganizationInterface, OrganizationModel, Screen, lazy

tagged = Table(
    "shelf_tag",
    Model.metadata,
    Column("shelf_id", ForeignKey("shelf.id", ondelete="CASCADE"), primary_key=True),
    Column("tag_id", ForeignKey("tag.id", ondelete="CASCADE"), primary_key=True),
)

class Tag(OrganizationModel):
    __tablename__ = "tag"
    name: Mapped[str] = mapped_column(String(20))

class Shelf(OrganizationModel):
    __tablename__ = "shelf"
    name: Mapped[str] = mapped_column(String(20))
    tags: Mapped[list[Tag]] = relationship(secondary=tagged)
    # more

class ShelfView(ModelView):
    datamodel = OrganizationInterface(Shelf)
    list_title = lazy("Shelves")
    word = "shelves"
    list_columns = ["name"]

SCREENS = (Screen(ShelfView),)

def create_app(settings=None, **options):
    return extend.create_app(settings, more=SCREENS, **options)
"""
ROOM = 'room: Mapped[str] = mapped_column(String(9), server_default="")'
TABLES = """
import shelves
from sqlalchemy import inspect, text
with shelves.create_app(check_database=False).app_context():
    from app.extensions import db
    there = inspect(db.engine)
    names = sorted(set(there.get_table_names()) & {"shelf", "shelf_tag", "tag", "shelves_version"})
    print(*names, [one["name"] for one in there.get_columns("shelf")][-1])
"""
START = "import shelves; shelves.create_app()"
ROWS = """
import shelves
with shelves.create_app().app_context():
    from app.extensions import db
    from app.models import Organization
    from datetime import datetime, UTC
    if not db.session.query(Organization).count():
        now = datetime.now(UTC)
        db.session.add(Organization(code="a", name="A", time_zone="UTC", created_at=now))
        db.session.flush()
    home = db.session.query(Organization).first().id
    row = shelves.Shelf(name="x", organization_id=home, tags=[])
    db.session.add(row)
    db.session.commit()
    print(row.id)
    db.session.delete(row)
    db.session.commit()
"""


def write(workshop: Workshop, more: str = "pass") -> Path:
    """Write the package, with one line more in its model; return its folder."""
    package = workshop.folder / "shelves"
    package.mkdir(exist_ok=True)
    (package / "__init__.py").write_text(PACKAGE.replace("# more", more))
    return package


def test_are_not_asked_for_its_tables_are_made_exactly(workshop: Workshop) -> None:
    """Without a folder: link tables and models without a view too, and nobody else's tables."""
    write(workshop)
    workshop.flask("--app", "app", "portal", "upgrade")
    said = workshop.python(START, fails=True)
    assert "lack shelf, tag, shelf_tag. Run: flask --app shelves portal upgrade" in said
    assert not (workshop.folder / "shelves" / "migrations").exists()
    workshop.flask("--app", "shelves", "portal", "upgrade")
    assert workshop.python(TABLES).split()[:3] == ["shelf", "shelf_tag", "tag"]
    workshop.python(START)
    write(workshop, ROOM)
    assert "lack shelf.room, and no migration adds it" in workshop.python(START, fails=True)


def test_bring_its_tables_from_version_to_version(workshop: Workshop) -> None:
    """From tables made without migrations to the second version, by two upgrades that start at the
    same moment; ids are never given twice.
    """
    package = write(workshop)
    workshop.flask("--app", "shelves", "portal", "upgrade")
    first = workshop.python(ROWS).strip()
    said = workshop.flask("--app", "shelves", "portal", "new-migration", "first version")
    assert "shelves/migrations/versions/0001_first_version.py" in said
    write(workshop, ROOM)
    workshop.flask("--app", "shelves", "portal", "new-migration", "rooms")
    second = (package / "migrations" / "versions" / "0002_rooms.py").read_text()
    assert "add_column" in second and "create_table" not in second
    assert "Run: flask --app shelves portal upgrade" in workshop.python(START, fails=True)
    words = ("-m", "flask", "--app", "shelves", "portal", "upgrade")
    both = [workshop.start(*words) for _which in range(2)]
    ended = [process.communicate(timeout=120) for process in both]
    assert [process.returncode for process in both] == [0, 0], ended
    found = workshop.python(TABLES).split()
    assert found == ["shelf", "shelf_tag", "shelves_version", "tag", "room"]
    assert int(workshop.python(ROWS)) > int(first)
    for command in ("check", "downgrade"):
        workshop.flask("--app", "shelves", "db", command, "-d", "shelves/migrations")
    assert workshop.python(TABLES).split()[-1] == "version"


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "The migrations of shelves already make its tables as its models say."),
        ("ja_JP", "shelvesのモデルは、これまでのマイグレーションの内容から変わっていません。"),
    ],
)
def test_are_not_written_where_nothing_changed(
    folder: Workshop, language: str, sentence: str
) -> None:
    folder.language = language
    write(folder)
    words = ("--app", "shelves", "portal", "new-migration", "again")
    folder.flask(*words)
    assert sentence in folder.flask(*words, fails=True)
    assert len(list(folder.folder.glob("shelves/migrations/versions/*.py"))) == 1


def test_are_a_packages_not_the_portals(folder: Workshop) -> None:
    said = folder.flask("--app", "app", "portal", "new-migration", "mine", fails=True)
    assert "This portal has no package of yours." in said
