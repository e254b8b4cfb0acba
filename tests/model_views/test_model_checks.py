"""What no screen of a model could work with is refused at start. It …"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import DateTime, Float, ForeignKey, Integer, LargeBinary, Numeric, String, Uuid
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.extend import Account, Model, PlatformModel
from tests.model_views import made
from tests.model_views.test_checks import said_of

MODELS: dict[str, tuple[Callable[[], type[Any]], str]] = {
    "naive moment": (
        lambda: made.model(
            "Broken", annotations={"at": Mapped[datetime]}, at=mapped_column(DateTime)
        ),
        "Broken.at: moments need a zone: write mapped_column(UtcDateTime)",
    ),
    "file": (
        lambda: made.model(
            "Broken", annotations={"data": Mapped[bytes]}, data=mapped_column(LargeBinary)
        ),
        "Broken.data: files are not kept in columns: keep an address, mapped_column(Link())",
    ),
    "uuid": (
        lambda: made.model(
            "Broken", annotations={"key": Mapped[uuid.UUID]}, key=mapped_column(Uuid)
        ),
        "Broken.key: rows are numbered: write mapped_column(String(36))",
    ),
    "float": (
        lambda: made.model(
            "Broken", annotations={"size": Mapped[float]}, size=mapped_column(Float)
        ),
        "Broken.size: a float comes back otherwise than it was written: write mapped_column(Numer",
    ),
    "number without digits": (
        lambda: made.model(
            "Broken", annotations={"size": Mapped[Decimal]}, size=mapped_column(Numeric)
        ),
        "Broken.size: a number says how many digits it has: write mapped_column(Numeric(12, 2))",
    ),
    "unique over organizations": (
        lambda: made.model(
            "Broken",
            annotations={"serial": Mapped[str]},
            serial=mapped_column(String(40), unique=True),
        ),
        "Broken.serial is unique over all organizations, so that one would learn what another has:"
        ' write __table_args__ = (UniqueConstraint("organization_id", "serial"),) instead',
    ),
    "composite key": (
        lambda: made.model(
            "Broken",
            annotations={"part": Mapped[int]},
            part=mapped_column(Integer, primary_key=True),
        ),
        "Broken is not numbered by one column `id`: leave its primary key out",
    ),
    "lost version": (
        lambda: made.model("Broken", __mapper_args__={}),
        "the __mapper_args__ of Broken leave out the version, without which two people write over",
    ),
    "key to a member": (
        lambda: made.model(
            "Broken",
            annotations={"who_id": Mapped[int | None]},
            who_id=mapped_column(ForeignKey("membership.id")),
        ),
        "Broken.who_id would keep a person from being deleted: write ForeignKey('membership.id'",
    ),
    "key to an account": (
        lambda: made.model(
            "Broken",
            annotations={"who_id": Mapped[int | None]},
            who_id=mapped_column(ForeignKey("ab_user.id")),
        ),
        "Broken.who_id would keep a person from being deleted: write ForeignKey('ab_user.id'",
    ),
    "key to an organization": (
        lambda: made.model(
            "Broken",
            annotations={"of_id": Mapped[int | None]},
            of_id=mapped_column(ForeignKey("organization.id")),
        ),
        "Broken.of_id would keep an organization from being deleted: write ForeignKey('org",
    ),
    "relation to an account": (
        lambda: made.model(
            "Broken",
            annotations={"who_id": Mapped[int | None], "who": Mapped[Account | None]},
            who_id=mapped_column(ForeignKey("ab_user.id", ondelete="SET NULL")),
            who=relationship(Account),
        ),
        "Broken.who leads to Account, whose rows are neither an organization's nor everybody's: po",
    ),
    "no base": (
        lambda: made.model(
            "Broken",
            base=Model,
            annotations={"id": Mapped[int], "organization_id": Mapped[int]},
            id=mapped_column(primary_key=True),
            organization_id=mapped_column(ForeignKey("organization.id", ondelete="CASCADE")),
        ),
        "Broken has no version: derive it from OrganizationModel or PlatformModel",
    ),
    "no organization": (
        lambda: made.model("Broken", base=PlatformModel),
        "Broken has no organization_id: derive it from OrganizationModel, or write datamodel =",
    ),
}


@pytest.mark.parametrize("what", MODELS)
def test_refuses_a_model(what: str) -> None:
    make, sentence = MODELS[what]
    with made.models():
        said = said_of(made.view(make()))
    assert sentence in said and said.startswith("ThingView (")
