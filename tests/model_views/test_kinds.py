"""What the kind of a column says to people and to programs. It …"""

from __future__ import annotations

from datetime import date
from enum import Enum
from types import ModuleType
from typing import Any

from sqlalchemy import Enum as SqlEnum
from sqlalchemy.orm import Mapped, mapped_column

from app.model_views.columns import kinds
from app.model_views.rest import shapes
from tests.model_views import made


class Size(Enum):
    """A size, kept by a word of its own."""

    SMALL = "s"
    LARGE = "l"


def test_keeps_an_enum_by_the_words_that_the_column_keeps() -> None:
    """SQLAlchemy's values_callable: "s" stands in the row, not "SMALL"."""
    words = SqlEnum(Size, values_callable=lambda sizes: [size.value for size in sizes])
    with made.models():
        model = made.model("Shirt", annotations={"size": Mapped[Size]}, size=mapped_column(words))
        kind: Any = kinds(model)["size"]
    assert [*kind.labels] == ["s", "l"]
    assert kind.plain(Size.LARGE) == "l" and kind.read("l") is Size.LARGE
    assert kind.show(Size.SMALL) == "s" and kind.plain(None) is None


def test_keeps_an_enum_by_name_otherwise() -> None:
    with made.models():
        model = made.model(
            "Shirt", annotations={"size": Mapped[Size]}, size=mapped_column(SqlEnum(Size))
        )
        kind: Any = kinds(model)["size"]
    assert kind.plain(Size.LARGE) == "LARGE" and kind.read("LARGE") is Size.LARGE


def test_describes_days_and_moments_by_their_format(devices: ModuleType) -> None:
    """The API's description: a program that is made from it reads dates as dates."""
    day = kinds(devices.Device)["lent_on"]
    sent = shapes.asked(day, required=False, description="Lent on")
    assert sent.metadata["format"] == "date" == shapes.output_field(day).metadata["format"]
    assert sent.deserialize("2026-11-29") == date(2026, 11, 29)
