"""Devices in SQLAdmin."""

from __future__ import annotations

from datetime import date

from fastapi import FastAPI
from sqladmin import Admin, ModelView
from sqladmin.filters import BooleanFilter, OperationColumnFilter, StaticValuesFilter
from sqlalchemy import ForeignKey, String, UniqueConstraint, create_engine
from sqlalchemy.orm import Mapped, mapped_column, relationship
from wtforms import SelectField

from .stock_people import Member, Model, SignIn, own_organization

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
    column_filters = [
        StaticValuesFilter(Device.kind, KINDS),
        OperationColumnFilter(Device.lent_on),
        BooleanFilter(Device.returned),
    ]
    form_overrides = {"kind": SelectField}
    form_args = {"kind": {"choices": KINDS}}
    form_ajax_refs = {
        "holder": {
            "fields": ("name",),
            "order_by": "name",
            "where": lambda request, _: Member.organization_id == own_organization(request),
        }
    }

    def list_query(self, request):
        return super().list_query(request).filter_by(organization_id=own_organization(request))

    def details_query(self, request):
        return super().details_query(request).filter_by(organization_id=own_organization(request))

    def form_edit_query(self, request):
        return super().form_edit_query(request).filter_by(organization_id=own_organization(request))

    async def check_can_delete(self, request, device):
        return device is not None

    async def on_model_change(self, data, device, is_created, request):
        data["organization_id"] = own_organization(request)
        with self.session_maker() as session:
            holder = session.get(Member, data["holder"]) if data["holder"] else None
        if holder and holder.organization_id != own_organization(request):
            raise ValueError("This member is not of this organization.")


def register(admin: Admin) -> None:
    admin.add_view(DeviceAdmin)


# counted to here


def create_app(database: str) -> FastAPI:
    app = FastAPI()
    engine = create_engine(f"sqlite:///{database}")
    Model.metadata.create_all(engine)
    register(Admin(app, engine, authentication_backend=SignIn(engine)))
    return app
