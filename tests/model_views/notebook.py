"""A package for tests: notes with columns that only code reads, and actions that only set.

Here: the model and its view. Not here: what is expected (test_unseen.py).
"""

from __future__ import annotations

from typing import Any

from flask_appbuilder import action
from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.extend import (
    Membership,
    ModelView,
    OrganizationInterface,
    OrganizationModel,
    Refusal,
    Screen,
    lazy,
)


class Note(OrganizationModel):
    """A note."""

    __tablename__ = "note"

    name: Mapped[str] = mapped_column(String(40))
    writer_id: Mapped[int | None] = mapped_column(ForeignKey("membership.id", ondelete="SET NULL"))
    writer: Mapped[Membership | None] = relationship(Membership)
    raw: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    _code: Mapped[str | None] = mapped_column(String(20))
    key: Mapped[str | None] = mapped_column(String(20), info={"secret": True})


class Reserved(Refusal):
    """A name that is taken by the portal."""

    status = 422
    text = lazy("This name is reserved.")


class NoteView(ModelView):
    """Notes: メモ."""

    datamodel = OrganizationInterface(Note)
    list_title = lazy("Notes")
    list_columns = ["name"]
    add_columns = edit_columns = ["name", "writer"]

    def pre_update(self, item: Note) -> None:
        if item.name == "root":
            raise Reserved(field="name")

    @action("finish", "Finish", "", "check")
    def finish(self, items: Any) -> Any:
        """Only set attributes, as an action of Flask-AppBuilder may."""
        if isinstance(items, Note):
            items.name, items.raw = f"{items.name}, done", {"done": True}
            return None
        return self.each(items, self.finish_one)

    def finish_one(self, item: Note) -> None:
        item.name = f"{item.name}, done"

    @action("reserve", "Reserve", "", "lock", multiple=False)
    def reserve(self, item: Note) -> None:
        item.name = "root"

    @action("take", "Take", "", "person", multiple=False)
    def take(self, item: Note) -> None:
        item.writer_id = 10**6


SCREENS = (Screen(NoteView),)
