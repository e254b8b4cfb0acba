"""Devices in Flask-Admin."""

from __future__ import annotations

from datetime import date

from flask import Flask, abort
from flask_admin import Admin
from flask_admin.contrib.sqla import ModelView
from flask_login import current_user
from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from .stock_people import Member, Model, db

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


class DeviceView(ModelView):
    column_list = ["name", "serial", "kind", "holder", "lent_on", "returned"]
    form_columns = column_list
    column_searchable_list = ["name", "serial"]
    column_filters = ["kind", "lent_on", "returned"]
    form_choices = {"kind": [("laptop", "Laptop"), ("phone", "Phone")]}
    form_ajax_refs = {"holder": {"fields": ["name"], "page_size": 20}}
    can_view_details = can_export = True

    def is_accessible(self):
        return current_user.is_authenticated

    def get_query(self):
        return super().get_query().filter(Device.organization_id == current_user.organization_id)

    def get_count_query(self):
        query = super().get_count_query()
        return query.filter(Device.organization_id == current_user.organization_id)

    def get_one(self, id):
        device = super().get_one(id)
        if device and device.organization_id != current_user.organization_id:
            abort(404)
        return device

    def on_model_change(self, form, device, is_created):
        if device.holder and device.holder.organization_id != current_user.organization_id:
            abort(404)
        device.organization_id = current_user.organization_id


def create_app() -> Flask:
    app = Flask(__name__)
    db.init_app(app)
    Admin(app, name="Devices").add_view(DeviceView(Device, db.session, name="Devices"))
    return app
