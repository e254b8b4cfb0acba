"""Contracts with their lines: master and detail in one form, a sum, a link, a rule of its own."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from flask import Flask
from sqlalchemy import ForeignKey, Numeric, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app import extend
from app.extend import (
    HIDDEN,
    Column,
    Link,
    ModelView,
    OrganizationInterface,
    OrganizationModel,
    Refusal,
    Screen,
    lazy,
)


class Contract(OrganizationModel):
    """A contract of the organization."""

    __tablename__ = "contract"

    number: Mapped[str] = mapped_column(String(20))
    ends_on: Mapped[date]
    paper: Mapped[str] = mapped_column(Link(), default="")
    lines: Mapped[list[ContractLine]] = relationship(
        cascade="all, delete-orphan", back_populates="contract"
    )


class ContractLine(OrganizationModel):
    """One thing that a contract is about."""

    __tablename__ = "contract_line"

    contract_id: Mapped[int] = mapped_column(ForeignKey("contract.id", ondelete="CASCADE"))
    contract: Mapped[Contract] = relationship(back_populates="lines")
    text: Mapped[str] = mapped_column(String(120))
    price: Mapped[Decimal] = mapped_column(Numeric(12, 2))


class AlreadyOver(Refusal):
    """A contract that would end before it is written."""

    status = 422
    text = lazy("This day is over already.")


class ContractLineView(ModelView):
    """The lines of a contract: 契約明細."""

    datamodel = OrganizationInterface(ContractLine)
    list_title = lazy("Lines")
    item_title = lazy("Line")
    list_columns = ["text", "price"]
    class_permission_name = "contracts"  # whoever may see and edit contracts


class ContractView(ModelView):
    """Contracts of the organization: 契約."""

    datamodel = OrganizationInterface(Contract)
    list_title = lazy("Contracts")
    item_title = lazy("Contract")
    columns = (
        Column(
            "total",
            lazy("Total"),
            value=lambda row: sum((line.price for line in row.lines), Decimal(0)),
            needs=["lines"],
        ),
    )
    list_columns = ["number", "ends_on", "total"]
    search_columns = ["number", "ends_on"]
    base_order = ("ends_on", "asc")
    column_permission_name = {"total": "manage"}
    related_views = inline_views = [ContractLineView]

    def pre_add(self, item: Contract) -> None:
        if item.ends_on < datetime.now(UTC).date():
            raise AlreadyOver(field="ends_on")


SCREENS = (Screen(ContractView, icon="file-text"), Screen(ContractLineView, section=HIDDEN))


def create_app(settings: Any = None, **options: Any) -> Flask:
    """Make the portal with the contracts in it."""
    return extend.create_app(settings, more=SCREENS, **options)
