"""Devices in Flask-AppBuilder as it comes.

What is asked of every file here: a device with name, serial number, kind, holder, day and a tick;
its list with these columns, search and filters; only the rows of one's own organization in the
list and in forms; a serial number once in each organization.
"""

from __future__ import annotations

from datetime import date

from flask import Flask, g
from flask_appbuilder import AppBuilder, Model, ModelView
from flask_appbuilder.fieldwidgets import Select2Widget
from flask_appbuilder.models.sqla.base import SQLA
from flask_appbuilder.models.sqla.filters import FilterEqualFunction
from flask_appbuilder.models.sqla.interface import SQLAInterface
from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship
from wtforms import SelectField


class Organization(Model):
    __tablename__ = "stock_organization"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(64))


class Member(Model):
    __tablename__ = "stock_member"
    id: Mapped[int] = mapped_column(primary_key=True)
    organization_id: Mapped[int] = mapped_column(ForeignKey("stock_organization.id"))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id"))
    name: Mapped[str] = mapped_column(String(64))

    def __repr__(self) -> str:
        return self.name


# counted from here


class Device(Model):
    __tablename__ = "stock_device"
    __table_args__ = (UniqueConstraint("organization_id", "serial"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    organization_id: Mapped[int] = mapped_column(ForeignKey("stock_organization.id"))
    name: Mapped[str] = mapped_column(String(64))
    serial: Mapped[str] = mapped_column(String(40))
    kind: Mapped[str] = mapped_column(String(40))
    holder_id: Mapped[int | None] = mapped_column(ForeignKey("stock_member.id"))
    holder: Mapped[Member | None] = relationship(Member)
    lent_on: Mapped[date | None]
    returned: Mapped[bool | None] = mapped_column(default=False)

    def __repr__(self) -> str:
        return self.name


KINDS = [("laptop", "Laptop"), ("phone", "Phone")]


def own() -> int:
    member = db.session.query(Member).filter_by(user_id=g.user.id).first()
    return member.organization_id if member else 0


class DeviceView(ModelView):
    datamodel = SQLAInterface(Device)
    list_title = "Devices"
    list_columns = ["name", "serial", "kind", "holder", "lent_on", "returned"]
    add_columns = edit_columns = show_columns = search_columns = list_columns
    base_filters = [["organization_id", FilterEqualFunction, own]]
    add_form_extra_fields = {"kind": SelectField(choices=KINDS, widget=Select2Widget())}
    edit_form_extra_fields = add_form_extra_fields
    add_form_query_rel_fields = {"holder": [["organization_id", FilterEqualFunction, own]]}
    edit_form_query_rel_fields = search_form_query_rel_fields = add_form_query_rel_fields

    def pre_add(self, item: Device) -> None:
        item.organization_id = own()


def register(builder: AppBuilder) -> None:
    builder.add_view(DeviceView, "Devices", icon="fa-laptop")


# counted to here

db = SQLA()


def create_app(database: str) -> Flask:
    app = Flask("lowcode")
    app.config.update(SECRET_KEY="bench", SQLALCHEMY_DATABASE_URI=f"sqlite:///{database}")
    with app.app_context():
        db.init_app(app)
        register(AppBuilder(app, db.session))
    return app
