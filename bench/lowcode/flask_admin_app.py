"""Devices in Flask-Admin."""

from __future__ import annotations

from datetime import date

from flask import Flask
from flask_admin import Admin
from flask_admin.contrib.sqla import ModelView
from flask_admin.contrib.sqla.ajax import QueryAjaxModelLoader
from flask_babel import Babel
from flask_login import current_user
from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from .stock_people import Member, Model, db, sign_in

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


class Holders(QueryAjaxModelLoader):
    def get_query(self):
        return super().get_query().filter_by(organization_id=current_user.organization_id)

    def get_one(self, id):
        return self.get_query().filter_by(id=id).one_or_none()


class DeviceView(ModelView):
    column_list = ["name", "serial", "kind", "holder", "lent_on", "returned"]
    form_columns = column_list
    column_searchable_list = ["name", "serial"]
    column_filters = ["kind", "lent_on", "returned"]
    form_choices = {"kind": [("laptop", "Laptop"), ("phone", "Phone")]}
    form_ajax_refs = {"holder": Holders("holder", db, Member, fields=["name"], page_size=20)}
    can_view_details = can_export = True

    def is_accessible(self):
        return current_user.is_authenticated

    def get_query(self):
        return super().get_query().filter_by(organization_id=current_user.organization_id)

    def get_count_query(self):
        return super().get_count_query().filter_by(organization_id=current_user.organization_id)

    def get_one(self, id):
        return self.get_query().filter_by(id=id).one_or_none()

    def on_model_change(self, form, device, is_created):
        device.organization_id = current_user.organization_id


def register(admin: Admin) -> None:
    admin.add_view(DeviceView(Device, db, name="Devices"))


# counted to here


def create_app(database: str) -> Flask:
    app = Flask("lowcode")
    app.config.update(SECRET_KEY="bench", SQLALCHEMY_DATABASE_URI=f"sqlite:///{database}")
    db.init_app(app)
    with app.app_context():
        db.create_all()
    Babel(app)
    sign_in(app)
    register(Admin(app, name="Devices"))
    return app
