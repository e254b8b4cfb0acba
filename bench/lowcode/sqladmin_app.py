"""Devices in SQLAdmin."""

from __future__ import annotations

from datetime import date

from fastapi import FastAPI, HTTPException
from sqladmin import Admin, ModelView
from sqladmin.filters import BooleanFilter, StaticValuesFilter
from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from .stock_people import Member, Model, engine, own_organization

# counted from here


class Device(Model):
    __tablename__ = "device"
    __table_args__ = (UniqueConstraint("organization_id", "serial"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"))
    name: Mapped[str] = mapped_column(String(64))
    serial: Mapped[str] = mapped_column(String(40))
    kind: Mapped[str] = mapped_column(String(40))
    holder_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    holder: Mapped[Member | None] = relationship(Member)
    lent_on: Mapped[date | None]
    returned: Mapped[bool] = mapped_column(default=False)

    def __str__(self) -> str:
        return self.name


KINDS = [("laptop", "Laptop"), ("phone", "Phone")]


class DeviceAdmin(ModelView, model=Device):
    name_plural = "Devices"
    column_list = ["name", "serial", "kind", "holder", "lent_on", "returned"]
    form_columns = column_list
    column_searchable_list = ["name", "serial"]
    column_sortable_list = ["name", "serial", "lent_on"]
    column_filters = [StaticValuesFilter(Device.kind, KINDS), BooleanFilter(Device.returned)]
    form_ajax_refs = {"holder": {"fields": ("name",), "order_by": "name"}}

    def list_query(self, request):
        return super().list_query(request).filter_by(organization_id=own_organization(request))

    def count_query(self, request):
        return super().count_query(request).filter_by(organization_id=own_organization(request))

    def details_query(self, request):
        return super().details_query(request).filter_by(organization_id=own_organization(request))

    def form_edit_query(self, request):
        return super().form_edit_query(request).filter_by(organization_id=own_organization(request))

    async def on_model_change(self, data, device, is_created, request):
        if not is_created and device.organization_id != own_organization(request):
            raise HTTPException(404)
        data["organization_id"] = own_organization(request)


app = FastAPI()
Admin(app, engine).add_view(DeviceAdmin)
