"""Devices: what members are lent. The dozen lines of docs/extending.md, and what may be added."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Flask
from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app import extend
from app.extend import (
    Choice,
    GroupByChartView,
    Membership,
    ModelView,
    OrganizationInterface,
    OrganizationModel,
    Screen,
    aggregate_count,
    lazy,
)


class Device(OrganizationModel):
    """A device lent to a member."""

    __tablename__ = "device"
    __table_args__ = (UniqueConstraint("organization_id", "serial"),)

    name: Mapped[str] = mapped_column(String(64))
    serial: Mapped[str] = mapped_column(String(40))
    kind: Mapped[str] = mapped_column(Choice(laptop=lazy("Laptop"), phone=lazy("Phone")))
    holder_id: Mapped[int | None] = mapped_column(ForeignKey("membership.id", ondelete="SET NULL"))
    holder: Mapped[Membership | None] = relationship(Membership)
    lent_on: Mapped[date | None]
    returned: Mapped[bool] = mapped_column(default=False)


class DeviceView(ModelView):
    """Devices of the organization: 貸与機器."""

    datamodel = OrganizationInterface(Device)
    list_title = lazy("Devices")
    item_title = lazy("Device")
    list_columns = search_columns = ["name", "serial", "kind", "holder", "lent_on", "returned"]


class DeviceChartView(GroupByChartView):
    """Devices by kind, and by the month in which they were lent."""

    datamodel = OrganizationInterface(Device)
    chart_title = lazy("Devices")
    definitions = [
        {"group": "kind", "series": [(aggregate_count, "id")]},
        {"group": "lent_on", "series": [(aggregate_count, "id")]},
    ]


SCREENS = (Screen(DeviceView, icon="laptop"), Screen(DeviceChartView))


def create_app(settings: Any = None, **options: Any) -> Flask:
    """Make the portal with the devices in it."""
    return extend.create_app(settings, more=SCREENS, **options)
